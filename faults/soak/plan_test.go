package main

import (
	"strings"
	"testing"
)

func TestPlanTakesTheEnvironmentThenTheFlags(t *testing.T) {
	for _, c := range []struct {
		env  string
		args []string
		want uint64
	}{
		{"", nil, defaultEvents},
		{"2000", nil, 2000},
		{"2000", []string{"-events", "3000"}, 3000},
	} {
		t.Setenv("SOAK_EVENTS", c.env)
		if p, err := parsePlan(c.args); err != nil || p.events != c.want {
			t.Errorf("SOAK_EVENTS=%q %q: %d events, %v, want %d", c.env, c.args, p.events, err, c.want)
		}
	}
}

func TestPlanSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct{ env, args, want string }{
		{"many", "", "SOAK_EVENTS"},
		{"", "-events=10 -steps=20", "10 events in 20 steps"},
		{"", "-kills=51", "-kills 51"},
		{"", "-trouble=1", "-trouble 1"},
	} {
		t.Setenv("SOAK_EVENTS", c.env)
		if _, err := parsePlan(strings.Fields(c.args)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("SOAK_EVENTS=%q %s: %v, want an error with %q", c.env, c.args, err, c.want)
		}
	}
}

func TestStepsCoverEveryEventAndKillsAreSpread(t *testing.T) {
	s := &soak{plan: plan{events: 10_000_003, steps: 7, kills: 3}}
	kills := 0
	for step := range s.plan.steps {
		if s.bound(step) >= s.bound(step+1) {
			t.Errorf("step %d has the events from %d to %d, want some", step, s.bound(step), s.bound(step+1))
		}
		if s.kills(step) {
			kills++
		}
	}
	if s.bound(0) != 0 || s.bound(s.plan.steps) != s.plan.events || kills != s.plan.kills {
		t.Errorf("the steps are from %d to %d with %d kills, want 0 to %d with %d", s.bound(0), s.bound(s.plan.steps), kills, s.plan.events, s.plan.kills)
	}
}
