package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/sentrial/sentrial-go"
)

const mib = 1 << 20

// progress prints a line about the last sample.
func (s *soak) progress() {
	last, stats := s.samples[len(s.samples)-1], s.client.Stats()
	fmt.Fprintf(s.out, "%9d events  %6.0f s  heap %6.2f MiB  RSS %6.1f MiB  goroutines %d + %d of connections  %d requests, %d retries, %d duplicates, %d kills\n",
		last.events, time.Since(s.started).Seconds(), float64(last.heap)/mib, float64(last.resident)/mib,
		last.goroutines.sdk, last.goroutines.connections, stats.Requests, stats.Retries, stats.Duplicates, s.child.starts-1)
}

// verdict checks everything that has to hold, and prints what it found.
func (s *soak) verdict(ledgerFile string) error {
	l, err := openLedger(ledgerFile, s.plan.events)
	if err != nil {
		return err
	}
	stats := s.client.Stats()
	left := measure(s.plan.events, 0).goroutines.sdk
	err = errors.Join(l.check(), l.close(), s.counters(stats), s.heap(), s.constant(), none(left))
	fmt.Fprintf(s.out, "accepted %d, delivered %d, of these duplicates %d, requests %d, retries %d; goroutines after Close: %d; %v\n",
		stats.Accepted, stats.Delivered, stats.Duplicates, stats.Requests, stats.Retries, left, time.Since(s.started).Round(time.Second))
	if err == nil {
		fmt.Fprintln(s.out, "every event is stored exactly once")
	}
	return err
}

// counters checks the SDK's own account.
func (s *soak) counters(stats sentrial.Stats) error {
	sum := stats.Delivered + stats.Queued
	for _, n := range stats.Dropped {
		sum += n
	}
	switch {
	case stats.Accepted+stats.Recovered != sum:
		return fmt.Errorf("the counters do not add up: %+v", stats)
	case stats.Delivered != s.plan.events:
		return fmt.Errorf("%d events were delivered, want %d: %+v", stats.Delivered, s.plan.events, stats)
	case s.plan.trouble > 0 && s.plan.kills > 0 && stats.Retries == 0:
		return errors.New("no request had to be repeated: the receiver did not misbehave and this proves nothing")
	}
	return nil
}

// settled are the samples after the first fifth of the run: pools and tables have filled by then.
func (s *soak) settled() []sample { return s.samples[len(s.samples)/5:] }

func (s *soak) heap() error {
	settled := s.settled()
	if len(settled) < 3 {
		fmt.Fprintln(s.out, "heap: too few samples for a trend")
		return nil
	}
	t := heapTrend(settled)
	fmt.Fprintln(s.out, "heap:", t)
	if t.rises() {
		return fmt.Errorf("the heap grows by %v", t)
	}
	return nil
}

// constant checks that the SDK has the same few goroutines whenever it has nothing to do.
func (s *soak) constant() error {
	if first := s.samples[0].goroutines.sdk; first > mostAtRest {
		return fmt.Errorf("the SDK has %d goroutines while it has nothing to do, want %d at most", first, mostAtRest)
	}
	for _, sample := range s.samples {
		if got, want := sample.goroutines.sdk, s.samples[0].goroutines.sdk; got != want {
			return fmt.Errorf("the SDK has %d goroutines after %d events, it had %d at first", got, sample.events, want)
		}
	}
	return nil
}

func none(goroutines int) error {
	if goroutines > 0 {
		return fmt.Errorf("%d goroutines of the SDK are left after Close:\n%s", goroutines, leftOver())
	}
	return nil
}
