package otelbridge_test

import (
	"testing"

	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// However many spans begin and end while a call goes on, what its context said of it holds at its end: its session, and that its content is nobody's business.
func TestACallThatOutlivesManySpans(t *testing.T) {
	r := newTraced(t, sentrialtest.New(t), otelbridge.WithTraceBuffer(1_000_000))
	ctx, session := r.Client().CreateSession(t.Context(), "ours")
	inside, step := sentrial.StartStep(ctx, types.Step{Name: "quiet"}, sentrial.WithContent(sentrial.ContentMetadata))
	inside, root := r.tracer.Start(inside, "GET /")
	_, long := r.tracer.Start(inside, "chat m", trace.WithAttributes(asked().attrs...))
	queries(t, r)
	long.End()
	queries(t, r) // until the root ends the call is held
	root.End()
	step.End(nil)
	session.Close(ctx, types.SessionResult{})
	for _, e := range r.Events() {
		if e.SessionID != session.ID() || e.LLMCall != nil && len(e.LLMCall.Messages) > 0 {
			t.Errorf("event = %+v", e)
		}
	}
	if calls := r.LLMCalls(); len(calls) != 1 {
		t.Errorf("calls = %+v", calls)
	}
}

// queries are more spans than are remembered once they have ended.
func queries(t *testing.T, r *traced) {
	t.Helper()
	for range 2*otelbridge.SpansNoted + 10 {
		_, query := r.tracer.Start(t.Context(), "SELECT")
		query.End()
	}
}

// Spans that never end are forgotten at some time; nothing else is, and nothing fails.
func TestSpansThatNeverEnd(t *testing.T) {
	r := newTraced(t, sentrialtest.New(t))
	for range otelbridge.MaxOpen + 10 {
		r.tracer.Start(t.Context(), "SELECT")
	}
	ctx, session := r.Client().CreateSession(t.Context(), "ours")
	asked().run(ctx, r.tracer)
	session.Close(ctx, types.SessionResult{})
	if calls, sessions := r.LLMCalls(), r.Sessions(); len(calls) != 1 || len(sessions) != 1 {
		t.Errorf("calls = %v in %v", calls, sessions)
	}
}
