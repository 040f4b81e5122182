package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/sentrial/sentrial-go/bench/peer"
)

// spec is one measurement of one peer. A process of its own makes it, so that no peer disturbs another.
type spec struct {
	Measure  string
	Peer     string
	Events   int
	Rate     int           // a second, where calls are paced
	Seconds  int           // how long they are
	Patience time.Duration // for Close, and for events that are still to come
	URL      string        // of the sink
	SinkUp   bool          // there is one
	Profile  string        // file for a processor profile
	Still    bool          // the caller leaves its maps alone after the call
}

// defaults are for a peer as it comes.
func (s spec) defaults() peer.Config { return peer.Config{URL: s.URL, Dir: "files"} } // a measurement runs in a folder of its own

// lossless is for one that must not drop anything.
func (s spec) lossless() peer.Config {
	c := s.defaults()
	c.Lossless = true
	return c
}

// result is what came of it: figures by name, and what has to be said in words.
type result struct {
	Figures map[string]float64
	Notes   []string `json:",omitempty"`
}

func newResult() *result { return &result{Figures: map[string]float64{}} }

func (r *result) set(name string, v float64) { r.Figures[name] = v }

func (r *result) note(format string, args ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
}

// measures are what can be measured, by name.
var measures = map[string]func(spec, peer.Kind) (*result, error){
	"arrives":   measureArrives,
	"enqueue":   measureEnqueue,
	"parallel":  measureParallel,
	"sustained": measureSustained,
	"latency":   measureLatency,
	"outage":    measureOutage,
}

// measureHere makes a measurement in this process and writes the result to a file: peers print to standard output what they like.
func measureHere(text, file string) error {
	var s spec
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return err
	}
	kind, ok := peer.Find(s.Peer)
	measure := measures[s.Measure]
	if !ok || measure == nil {
		return fmt.Errorf("nothing known of measurement %q of %q", s.Measure, s.Peer)
	}
	r, err := measure(s, kind)
	if err != nil {
		return err
	}
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return os.WriteFile(file, b, 0o600) //nolint:gosec // the process that started this one chose the file
}
