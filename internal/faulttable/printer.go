package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
)

// printer shows the rows as they come, and a line of progress below them if somebody looks.
type printer struct {
	out, err io.Writer
	settings settings
	color    bool
	live     bool // err is a terminal: the progress line is drawn there
	results  []*result

	mu sync.Mutex // over what is written
}

func newPrinter(out, errOut io.Writer, s settings) *printer {
	return &printer{out: out, err: errOut, settings: s, color: terminal(out) && os.Getenv("NO_COLOR") == "", live: terminal(errOut)}
}

// terminal tells whether w is one that understands escape sequences.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

const line = "%-30s %-15s %-12s %13s %6s %5s %9s %8s  %s\n"

func (p *printer) begin() {
	if p.settings.json {
		return
	}
	l := p.settings.load
	pace := fmt.Sprintf("%d a second", l.rate)
	if l.rate == 0 {
		pace = "no pacing"
	}
	fmt.Fprintf(p.out, "%d events a row, %s, default settings, over real sockets, %s wire\n\n", l.events, pace, p.settings.wire)
	fmt.Fprintf(p.out, line, "", "delivered/", "", "requests", "early", "inver", "longest", "", "")
	fmt.Fprintf(p.out, line, "fault", "duplicated/lost", "dropped", "in fault/all", "retry", "sions", "Track", "Close", "verdict")
}

// row shows a result.
func (p *printer) row(r *result) {
	p.results = append(p.results, r)
	if p.settings.json {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	requests := fmt.Sprintf("%d/%d", r.RequestsInFault, r.Requests)
	if !r.row.faulty() {
		requests = fmt.Sprint(r.Requests)
	}
	fmt.Fprintf(p.out, line, r.Title, r.figures(), droppedText(r.Dropped), requests, fmt.Sprint(r.EarlyRetries), fmt.Sprint(r.Inversions),
		fmt.Sprintf("%.1fms", r.LongestTrackMS), fmt.Sprintf("%.1fs", r.CloseMS/1000), p.verdict(r))
	for _, problem := range r.Problems {
		fmt.Fprintf(p.out, "%s\n", p.paint(red, "    "+problem))
	}
}

func (p *printer) verdict(r *result) string {
	if r.Met {
		return p.paint(green, "met")
	}
	return p.paint(red, "NOT MET")
}

// end shows what can be said only of all.
func (p *printer) end() {
	if p.settings.json {
		enc := json.NewEncoder(p.out)
		enc.SetIndent("", "  ")
		_ = enc.Encode(p.results) // a broken pipe is the reader's wish
		return
	}
	if p.settings.wire == "batch" {
		p.beside()
	}
	met := 0
	for _, r := range p.results {
		if r.Met {
			met++
		}
	}
	fmt.Fprintf(p.out, "\n%d of %d rows met\n", met, len(p.results))
}

// beside shows the figures of other SDKs.
func (p *printer) beside() {
	const line = "%-30s %-15s %-14s %-14s %-14s %-14s %-14s %s\n"
	fmt.Fprintf(p.out, "\nBeside other SDKs: delivered/duplicated/lost of 20000 events, as measured once with their default settings\n\n")
	fmt.Fprintf(p.out, line, cells("fault", "sentrial", peerNames)...)
	for _, r := range p.results {
		fmt.Fprintf(p.out, line, cells(r.Title, r.figures(), r.row.peers)...)
	}
	fmt.Fprintf(p.out, "\n%s\n", strings.Join(peerNotes, "\n"))
}

func cells(title, ours string, theirs peers) []any {
	all := []any{title, ours}
	for _, figures := range theirs {
		if figures == "" {
			figures = "-"
		}
		all = append(all, figures)
	}
	return all
}

const (
	red   = "31"
	green = "32"
)

func (p *printer) paint(color, text string) string {
	if !p.color {
		return text
	}
	return "\x1b[" + color + "m" + strings.TrimRight(text, "\n") + "\x1b[0m"
}
