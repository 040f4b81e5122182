package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/bench/peer"
)

// TestMain makes the test binary the sink or a measurement when it is started as one.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && (os.Args[1] == sinkCommand || os.Args[1] == measureCommand) {
		if err := command(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// startTestSink is a sink in another process, which ends with the test.
func startTestSink(t *testing.T, flags ...string) string {
	t.Helper()
	sink, err := startSink(t.Context(), flags...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sink.stop)
	return sink.url
}

// TestEverySDKDeliversEverythingToAnotherProcess. The caller leaves the maps alone: SDKs that take no snapshot would race with it.
func TestEverySDKDeliversEverythingToAnotherProcess(t *testing.T) {
	for _, k := range peer.All() {
		if k.Name == peer.Nothing {
			continue
		}
		t.Run(k.Name, func(t *testing.T) {
			t.Parallel()
			s := spec{Measure: "arrives", Peer: k.Name, Events: 100, Patience: 20 * time.Second, URL: startTestSink(t, "-records"), Still: !k.Snapshot}
			r, err := measureApart(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			for figure, want := range map[string]float64{"delivered": 100, "lost": 0, "repeated": 0, "changed": 0} {
				if got := r.Figures[figure]; got != want {
					t.Errorf("%s = %v, want %v", figure, got, want)
				}
			}
			if k.Ours {
				checkFields(t, k, r)
			}
			if len(r.Notes) > 0 {
				t.Errorf("notes: %q", r.Notes)
			}
		})
	}
}

// checkFields looks at what only our own records tell.
func checkFields(t *testing.T, k peer.Kind, r *result) {
	t.Helper()
	traces := 0.0
	if k.Name == "sentrial-span" {
		traces = 1
	}
	for figure, want := range map[string]float64{"same id": 0, "wrong fields": 0, "seq gaps": 0, "parents": 1, "traces": traces} {
		if got, ok := r.Figures[figure]; !ok || got != want {
			t.Errorf("%s = %v, want %v", figure, got, want)
		}
	}
}

// TestEachMeasurementGivesItsFigures makes all of them once, with few events: every column has to find its figure.
func TestEachMeasurementGivesItsFigures(t *testing.T) {
	s := settings{rounds: 1, events: 2048, seconds: 1, patience: 3 * time.Second}
	ours, _ := peer.Find("sentrial")
	r := runner{settings: s, progress: new(strings.Builder)}
	for _, table := range tables() {
		if table.local != nil { // needs the go command and the network's modules
			continue
		}
		t.Run(table.name, func(t *testing.T) {
			res, err := r.measure(t.Context(), table, ours, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range table.columns {
				if _, ok := res.Figures[c.figure]; !ok {
					t.Errorf("no figure %q in %v", c.figure, res.Figures)
				}
			}
		})
	}
}

func TestALostEventIsSeen(t *testing.T) {
	url := startTestSink(t)
	ours, _ := peer.Find("sentrial")
	p, err := ours.New(peer.Config{URL: url, Lossless: true})
	if err != nil {
		t.Fatal(err)
	}
	c, r := newCaller(true, false), newResult()
	for range 100 {
		c.mixed(p)
	}
	c.recorded.LLMs[3]++  // recorded and never delivered
	c.recorded.Tools[4]-- // delivered and never recorded
	if err := closePeer(p, 10*time.Second); err != nil {
		t.Fatal(err)
	}
	stats, err := settle(url, 100, 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	delivery(r, c, stats)
	if r.Figures["lost"] != 1 || r.Figures["repeated"] != 1 {
		t.Fatalf("got %v, want one lost and one repeated", r.Figures)
	}
}

func TestAMeasurementThatFailsIsReported(t *testing.T) {
	_, err := measureApart(t.Context(), spec{Measure: "arrives", Peer: "nobody"})
	if err == nil || !strings.Contains(err.Error(), `"nobody"`) {
		t.Fatalf("got %v, want the name of the peer", err)
	}
}
