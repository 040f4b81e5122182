package sentrialtest_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// TestCompression: an agent that makes its client with its own options can be tested with them.
func TestCompression(t *testing.T) {
	for name, mode := range map[string]sentrial.Compression{
		"auto": sentrial.CompressionAuto, "none": sentrial.CompressionNone, "gzip": sentrial.CompressionGzip, "zstd": sentrial.CompressionZstd,
	} {
		t.Run(name, func(t *testing.T) {
			rec := sentrialtest.New(t, sentrial.WithCompression(mode))
			if err := agent(t.Context(), rec.Client()); err != nil {
				t.Fatal(err)
			}
			if calls := rec.ToolCalls(); len(calls) != 2 || calls[1].ToolInput != "oslo" {
				t.Errorf("tool calls = %+v", calls)
			}
			if s := rec.Client().Stats(); s.LastError != nil || s.Retries != 0 {
				t.Errorf("stats = %+v", s)
			}
		})
	}
}

// TestListSessionsFilters: the queries of the program under test choose as those to a server do.
func TestListSessionsFilters(t *testing.T) {
	rec := sentrialtest.New(t)
	for _, s := range []struct {
		name, agent, user string
		err               error
	}{{"a", "finder", "u1", nil}, {"b", "finder", "u2", context.Canceled}, {"c", "writer", "u1", nil}} {
		_ = rec.Client().Run(t.Context(), s.name, func(context.Context) error { return s.err }, sentrial.WithAgentName(s.agent), sentrial.WithUserID(s.user))
	}
	rec.Client().CreateSession(t.Context(), "d", sentrial.WithAgentName("writer"), sentrial.WithUserID("u2"))
	rec.Events()
	for want, q := range map[string]sentrial.SessionQuery{
		"a b c d": {},
		"a b":     {Agent: "finder"},
		"a c":     {User: "u1"},
		"b":       {Status: types.StatusError},
		"d":       {Status: types.StatusActive},
		"c":       {Status: types.StatusSuccess, Agent: "writer", User: "u1"},
		"":        {Status: types.StatusError, Agent: "writer"},
	} {
		var names []string
		for s, err := range rec.Client().ListSessions(t.Context(), q) {
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, s.Name)
		}
		slices.Sort(names)
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%+v chooses %q, want %q", q, got, want)
		}
	}
}
