package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
)

func sample(met bool, problems ...string) *result {
	r := newResult(row{name: "x", title: "a fault", fault: liar, peers: peers{"1/2/3"}}, load{events: 10})
	r.Delivered, r.Lost, r.Requests, r.RequestsInFault, r.CloseMS, r.LongestTrackMS = 9, 1, 7, 4, 1234, 0.25
	r.Dropped["poison"], r.Met, r.Problems = 1, met, problems
	return r
}

func TestTable(t *testing.T) {
	var out, errOut bytes.Buffer
	p := newPrinter(&out, &errOut, settings{load: load{events: 10}, wire: "batch"})
	p.begin()
	p.row(sample(true))
	p.row(sample(false, "expected this", "expected that"))
	p.end()
	for _, want := range []string{
		"10 events a row, no pacing, default settings, over real sockets, batch wire\n",
		"a fault                        9/0/1           1 poison               4/7      0     0     0.2ms     1.2s  met\n",
		"NOT MET\n    expected this\n    expected that\n",
		"a fault                        9/0/1           1/2/3          -              -              -              -              -\n",
		"1 of 2 rows met\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in:\n%s", want, &out)
		}
	}
	if strings.Contains(out.String(), "\x1b") || errOut.Len() > 0 {
		t.Errorf("escape sequences without a terminal, or something on stderr: %q %q", out.String(), errOut.String())
	}
}

func TestTableOnATerminal(t *testing.T) {
	var out, errOut bytes.Buffer
	p := &printer{out: &out, err: &errOut, color: true, live: true}
	p.row(sample(true))
	p.row(sample(false, "expected this"))
	for _, want := range []string{"\x1b[32mmet\x1b[0m\n", "\x1b[31mNOT MET\x1b[0m\n\x1b[31m    expected this\x1b[0m\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in %q", want, out.String())
		}
	}
	if !strings.HasPrefix(errOut.String(), "\r\x1b[K") {
		t.Errorf("the progress line was not cleared: %q", errOut.String())
	}
}

func TestProgress(t *testing.T) {
	jobs := make([]*job, 4)
	for i, name := range []string{"a", "b", "c", "d"} {
		jobs[i] = &job{row: row{name: name}}
	}
	jobs[0].over.Store(true)
	jobs[1].done.Store(25)
	jobs[2].done.Store(100)
	if got := progressText(jobs, 100, 61*time.Second); got != "61s  1 of 4 rows  b 25%, c closing" {
		t.Errorf("got %q", got)
	}
	var out, errOut bytes.Buffer
	p := &printer{out: &out, err: &errOut, live: true, settings: settings{load: load{events: 100}}}
	p.draw(jobs, time.Second)
	p.progress(jobs)()
	if got := errOut.String(); got != "\r\x1b[K1s  1 of 4 rows  b 25%, c closing\r\x1b[K" || out.Len() > 0 {
		t.Errorf("got %q", got)
	}
}

// Delivered and lost make up all events that were recorded: a slip in copying the figures shows.
func TestPeersAddUp(t *testing.T) {
	for _, r := range rows() {
		for i, figures := range r.peers {
			if figures == "" {
				continue
			}
			var delivered, duplicated, lost int
			_, err := fmt.Sscanf(figures, "%d/%d/%d", &delivered, &duplicated, &lost)
			if sum := delivered + lost; err != nil || sum != 20_000 && (r.name != "redirect" || sum != 5000) {
				t.Errorf("%s, %s: %s (%v)", r.name, peerNames[i], figures, err)
			}
		}
	}
}
