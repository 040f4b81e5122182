package otelbridge_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/types"
)

// TestManyErrors: the SDK throws away what comes first when too much is noted on a span, so what is beyond a bound has spans of its own.
func TestManyErrors(t *testing.T) {
	s := newShown(t, otelbridge.WithSpanContent())
	ctx, session := s.rec.Client().CreateSession(t.Context(), "s")
	for i := range 200 {
		sentrial.ReportError(ctx, fmt.Errorf("error %d", i))
	}
	session.Close(ctx, types.SessionResult{})
	back := readBack(t, s)
	for _, e := range s.rec.Events() {
		compare(t, members(t, back[e.ID]), members(t, e))
	}
	if notes := len(s.spans()["invoke_agent s"].Events); notes == 0 || notes > 128 {
		t.Errorf("%d are noted on the session's span", notes)
	}
}

// TestSessionsOpenAtOnce: a program that never closes its sessions does not fill the memory with their spans.
func TestSessionsOpenAtOnce(t *testing.T) {
	s := newShown(t)
	const most = 10_000
	var first *sentrial.Session
	for i := range most + 1 {
		_, session := s.rec.Client().CreateSession(t.Context(), "s")
		if i == 0 {
			first = session
		}
	}
	ended := s.kept.GetSpans()
	if len(ended) != 1 || attrsOf(ended[0].Attributes)["sentrial.session.id"] != first.ID() {
		t.Fatalf("%d spans have ended, want that of the first session", len(ended))
	}
	first.Close(t.Context(), types.SessionResult{})
	if spans := s.spans(); len(spans) != 2 || spans["session_end"].Name == "" {
		t.Errorf("the end of a session without a span: %v", spans)
	}
}

func TestSpansFromManyGoroutines(t *testing.T) {
	s := newShown(t, otelbridge.WithSpanContent())
	ctx, session := s.rec.Client().CreateSession(t.Context(), "s")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				_, _ = sentrial.Tool(ctx, "x", 1, func(ctx context.Context, _ int) (int, error) {
					sentrial.ReportError(ctx, errors.New("e"))
					session.Update(ctx, sentrial.WithTags("t"))
					return 1, nil
				})
			}
		})
	}
	wg.Wait()
	session.Close(ctx, types.SessionResult{})
	if back := readBack(t, s); len(back) != len(s.rec.Events()) {
		t.Errorf("%d of %d events came back", len(back), len(s.rec.Events()))
	}
}

// TestReopenedSession: its spans are two.
func TestReopenedSession(t *testing.T) {
	s := newShown(t)
	for range 2 {
		s.rec.Client().CreateSession(t.Context(), "s", sentrial.WithSessionID("same"))
	}
	s.rec.Client().Session("same").Close(t.Context(), types.SessionResult{})
	if spans := s.kept.GetSpans(); len(spans) != 2 || spans[0].Name != "invoke_agent s" || spans[1].Name != "invoke_agent s" {
		t.Errorf("spans %v", spans)
	}
}
