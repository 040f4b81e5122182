package sentrial_test

import (
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/attach"
	"github.com/sentrial/sentrial-go/types"
)

// TestPlaceInASession: whoever records beside the helpers learns where a context is, of the client it records through.
func TestPlaceInASession(t *testing.T) {
	client, other := newClient(t, new(wire)), newClient(t, new(wire))
	in := func(c *sentrial.Client) func(attach.Place) {
		return func(want attach.Place) {
			t.Helper()
			ctx, session := c.CreateSession(t.Context(), "s", sentrial.WithSessionID("s1"))
			defer session.Close(ctx, types.SessionResult{})
			ctx, step := sentrial.StartStep(ctx, types.Step{Name: "plan"})
			defer step.End(nil)
			if want.Event = ""; want.Session != "" {
				want.Event = step.ID()
			}
			if got := attach.PlaceIn(client, ctx); got != want {
				t.Errorf("in a step: %+v, want %+v", got, want)
			}
		}
	}
	in(client)(attach.Place{Session: "s1"})
	in(other)(attach.Place{})
	if got := attach.PlaceIn(nil, t.Context()); got != (attach.Place{}) || attach.PlaceIn(client, nil) != got {
		t.Errorf("nowhere: %+v", got)
	}
}

// TestPlaceInACall: the call that may be told more of, until its end, and which content may be told.
func TestPlaceInACall(t *testing.T) {
	client := newClient(t, new(wire))
	ctx, session := client.CreateSession(t.Context(), "s")
	defer session.Close(ctx, types.SessionResult{})
	llmCtx, llm := sentrial.StartLLM(ctx, types.LLMCall{})
	toolCtx, tool := sentrial.StartTool(llmCtx, types.ToolCall{}, sentrial.WithContent(sentrial.ContentMetadata))
	if place := attach.PlaceIn(client, llmCtx); place.Call != types.EventLLMCall || place.Event != llm.ID() || place.Content != nil {
		t.Errorf("in the model's call: %+v", place)
	}
	if place := attach.PlaceIn(client, toolCtx); place.Call != types.EventToolCall || place.Event != tool.ID() || place.Content == nil {
		t.Errorf("in the tool's call: %+v", place)
	}
	tool.End(nil)
	if place := attach.PlaceIn(client, toolCtx); place.Call != "" || place.Event != tool.ID() {
		t.Errorf("after the tool's call: %+v", place)
	}
	llm.End(nil)
}

func TestClosedIsToldAtOnce(t *testing.T) {
	client := newClient(t, new(wire))
	if attach.Closed(client) || attach.Closed(nil) {
		t.Error("closed before Close")
	}
	client.Close(t.Context())
	if !attach.Closed(client) {
		t.Error("not closed after Close")
	}
}
