package sentrial_test

import (
	"math"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// TestRecordWithoutAStatus says what the payload says, as Track does.
func TestRecordWithoutAStatus(t *testing.T) {
	for name, c := range map[string]struct {
		event types.Event
		want  types.Status
	}{
		"tool call":         {types.Event{ToolCall: &types.ToolCall{ToolName: "x"}}, types.StatusSuccess},
		"failed tool call":  {types.Event{ToolCall: &types.ToolCall{ToolName: "x", Error: "no"}}, types.StatusError},
		"LLM call":          {types.Event{LLMCall: &types.LLMCall{Model: "x"}}, types.StatusSuccess},
		"failed LLM call":   {types.Event{LLMCall: &types.LLMCall{Model: "x", Error: "no"}}, types.StatusError},
		"step":              {types.Event{Step: &types.Step{Name: "x"}}, types.StatusSuccess},
		"failed step":       {types.Event{Step: &types.Step{Name: "x", Error: "no"}}, types.StatusError},
		"given":             {types.Event{Status: types.StatusCancelled, Step: &types.Step{Name: "x", Error: "no"}}, types.StatusCancelled},
		"of its payload":    {types.Event{Step: &types.Step{Name: "x", Status: types.StatusUnknown}}, types.StatusUnknown},
		"of a session_end":  {types.Event{Result: &types.SessionResult{Status: types.StatusCancelled}}, types.StatusCancelled},
		"decision has none": {types.Event{Decision: &types.Decision{Chosen: "x"}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			rec := sentrialtest.New(t)
			c.event.SessionID = "s"
			rec.Client().Record(t.Context(), c.event)
			if events := rec.Events(); len(events) != 1 || events[0].Status != c.want {
				t.Errorf("recorded %s, want one event of status %q", asJSON(events), c.want)
			}
		})
	}
}

// TestSeqBeyondAllCounting is kept for its own event and does not make a session count past the end.
func TestSeqBeyondAllCounting(t *testing.T) {
	for _, given := range []int64{math.MaxInt64, math.MaxInt64 - 1} {
		rec := sentrialtest.New(t)
		session := rec.Client().Session("s")
		session.TrackStep(t.Context(), types.Step{Name: "before"})
		rec.Client().Record(t.Context(), types.Event{ID: "evt_imported", SessionID: "s", Seq: given, Step: &types.Step{Name: "imported"}})
		for range 3 {
			session.TrackStep(t.Context(), types.Step{Name: "after"})
		}
		var last int64
		for _, e := range eventsOf(rec, types.EventStep) {
			switch {
			case e.Step.Name != "after":
			case e.Seq <= last || e.Seq <= 1 || e.Metadata != nil:
				t.Errorf("after a seq of %d: seq %d (metadata %v) follows %d", given, e.Seq, e.Metadata, last)
			default:
				last = e.Seq
			}
		}
		if n := len(rec.Events()); n != 5 || rec.Client().Stats().Refused[sentrial.DropInvalid] != 0 {
			t.Errorf("%d events, want 5", n)
		}
	}
}
