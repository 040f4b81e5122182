package sentrialtest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
)

// Script plays the part of a model, or of a tool: a function that gives prepared replies in their order, whatever it is asked. The test fails when it is
// asked more often than there are replies, and when it ends with replies left. It is safe for concurrent use.
//
//	model := sentrialtest.NewScript[[]types.Message, reply](t).
//		Then(reply{Tool: "weather", Args: "Oslo"}).
//		ThenError(errOverloaded).
//		Then(reply{Text: "It rains in Oslo."})
//	answer, err := ask(ctx, model.Call, "What is the weather in Oslo?")
type Script[In, Out any] struct {
	t testing.TB

	mu      sync.Mutex
	replies []scripted[Out]
	asked   []In
}

type scripted[Out any] struct {
	out Out
	err error
}

// NewScript gives a script without replies.
func NewScript[In, Out any](t testing.TB) *Script[In, Out] {
	t.Helper()
	s := &Script[In, Out]{t: t}
	t.Cleanup(s.end)
	return s
}

// Then adds a reply.
func (s *Script[In, Out]) Then(out Out) *Script[In, Out] {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.replies = append(s.replies, scripted[Out]{out: out})
	return s
}

// ThenError adds a failure.
func (s *Script[In, Out]) ThenError(err error) *Script[In, Out] {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.replies = append(s.replies, scripted[Out]{err: err})
	return s
}

// Call gives the next reply. It has the shape of the functions that sentrial.Tool and sentrial.WrapTool take. Without a reply left, or with a ctx that is
// done, it is an error; the latter uses up no reply.
func (s *Script[In, Out]) Call(ctx context.Context, in In) (Out, error) {
	s.t.Helper()
	if err := ctx.Err(); err != nil {
		var none Out
		return none, context.Cause(ctx)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, in)
	n := len(s.asked)
	if n > len(s.replies) {
		err := fmt.Errorf("sentrialtest: the script has no reply number %d", n)
		s.t.Errorf("Script: %v; it was asked %+v", err, in)
		var none Out
		return none, err
	}
	return s.replies[n-1].out, s.replies[n-1].err
}

// Asked gives what Call was asked so far, in order. What it points to may have changed since.
func (s *Script[In, Out]) Asked() []In {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// end fails a test that did not get through the script. If it failed already, the reason is known.
func (s *Script[In, Out]) end() {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if left := len(s.replies) - len(s.asked); left > 0 && !s.t.Failed() {
		s.t.Errorf("Script: %d of %d replies were never asked for", left, len(s.replies))
	}
}
