package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestMain keeps a developer's own settings out of the tests, and lets the test binary be the receiver of a run.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == receiveCommand {
		if err := command(context.Background(), os.Args[1:], os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	for _, setting := range os.Environ() {
		if name, _, _ := strings.Cut(setting, "="); strings.HasPrefix(name, "SENTRIAL_") || strings.HasPrefix(name, "SOAK_") {
			_ = os.Unsetenv(name)
		}
	}
	os.Exit(m.Run())
}

// shortPlan is a run that begins with a lost reply and has no hang, which would take long. Runs measure their process: they cannot run beside each other.
func shortPlan() plan {
	p := plan{events: 10000, steps: 5, kills: 1, trouble: 0.1}
	for !short(p) {
		p.seed++
	}
	return p
}

// short looks at the weather of the two receivers, whose seeds follow the run's.
func short(p plan) bool {
	first, second := newWeather(p.trouble, p.seed+1), newWeather(p.trouble, p.seed+2)
	if first.next() != lostReply {
		return false
	}
	const requests = 50 // more than there will be
	for range requests {
		if first.next() == hang || second.next() == hang {
			return false
		}
	}
	return true
}

func TestRow61SoakOfATroubledReceiver(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), shortPlan(), &out); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	if !strings.Contains(out.String(), "stored exactly once") {
		t.Errorf("the report does not say that every event is stored exactly once:\n%s", out.String())
	}
}

func TestALostEventFailsTheRun(t *testing.T) {
	p := shortPlan()
	p.forget, p.trouble, p.kills = 4000, 0, 0
	var out bytes.Buffer
	err := run(t.Context(), p, &out)
	if err == nil || !strings.Contains(err.Error(), "2 of 10000 events are lost, the first is number 3999") {
		t.Fatalf("run = %v, want the lost events\n%s", err, out.String())
	}
}

func TestACancelledRunFails(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := run(ctx, shortPlan(), new(bytes.Buffer)); err == nil {
		t.Fatal("run = nil, want an error")
	}
}
