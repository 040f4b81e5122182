package types_test

import (
	"errors"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/types"
)

func TestCompleteFillsTheEnvelopeFromThePayload(t *testing.T) {
	start := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	call := &types.ToolCall{ToolName: "search", StartTime: start, Duration: time.Second, Status: types.StatusError, Metadata: map[string]any{"k": 1}}
	e := types.Event{ToolCall: call, Duration: time.Minute}
	if err := e.Complete(); err != nil {
		t.Fatal(err)
	}
	if e.Type != types.EventToolCall || !e.Timestamp.Equal(start) || e.Status != types.StatusError || e.Metadata["k"] != 1 {
		t.Errorf("the envelope is %+v, want the payload's type, time, status and metadata", e)
	}
	if e.Duration != time.Minute {
		t.Errorf("duration = %v, want the envelope's own: it wins", e.Duration)
	}
}

func TestCompleteRefusesAPayloadOfAnotherType(t *testing.T) {
	for name, e := range map[string]types.Event{
		"another type's": {Type: types.EventDecision, Step: &types.Step{}},
		"two":            {Decision: &types.Decision{}, Step: &types.Step{}},
	} {
		before := e
		var wrong *types.PayloadError
		if err := e.Complete(); !errors.As(err, &wrong) {
			t.Errorf("%s: got %v, want a *PayloadError", name, err)
		}
		if e.Type != before.Type {
			t.Errorf("%s: the type became %q", name, e.Type)
		}
	}
}
