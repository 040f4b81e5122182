package sentrialtest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
)

func TestScript(t *testing.T) {
	f := judged("TestX", func(inner testing.TB) {
		s := sentrialtest.NewScript[string, int](inner).Then(1).ThenError(errDown).Then(3)
		for i, want := range []struct {
			out int
			err error
		}{{1, nil}, {0, errDown}, {3, nil}} {
			if out, err := s.Call(t.Context(), fmt.Sprint(i)); out != want.out || !errors.Is(err, want.err) {
				t.Errorf("call %d = %v, %v; want %v", i, out, err, want)
			}
		}
		if asked := s.Asked(); !slices.Equal(asked, []string{"0", "1", "2"}) {
			t.Errorf("asked = %q", asked)
		}
	})
	f.must(t)
}

func TestScriptRunsOut(t *testing.T) {
	f := judged("TestX", func(inner testing.TB) {
		s := sentrialtest.NewScript[string, int](inner).Then(1)
		for range 2 {
			_, _ = s.Call(t.Context(), "again?")
		}
		if out, err := s.Call(t.Context(), "and again?"); out != 0 || err == nil {
			t.Errorf("the third call = %v, %v", out, err)
		}
	})
	const want = "Script: sentrialtest: the script has no reply number 2; it was asked again?\nScript: sentrialtest: the script has no reply number 3; it was asked and again?"
	if got := f.said(); got != want {
		t.Errorf("the test failed with\n%s\nwant\n%s", got, want)
	}
}

func TestScriptWithRepliesLeft(t *testing.T) {
	f := judged("TestX", func(inner testing.TB) { sentrialtest.NewScript[string, int](inner).Then(1).Then(2) })
	if got, want := f.said(), "Script: 2 of 2 replies were never asked for"; got != want {
		t.Errorf("the test failed with %q, want %q", got, want)
	}
	f = judged("TestX", func(inner testing.TB) {
		sentrialtest.NewScript[string, int](inner).Then(1)
		inner.Errorf("the reason")
	})
	if got, want := f.said(), "the reason"; got != want {
		t.Errorf("the test failed with %q, want %q", got, want)
	}
}

// TestScriptAndCancellation: an agent that gave up gets no reply, as from a real model.
func TestScriptAndCancellation(t *testing.T) {
	s := sentrialtest.NewScript[int, string](t).Then("a")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errDown)
	if out, err := s.Call(ctx, 1); out != "" || !errors.Is(err, errDown) {
		t.Errorf("Call = %q, %v", out, err)
	}
	if out, err := s.Call(t.Context(), 2); out != "a" || err != nil {
		t.Errorf("Call = %q, %v", out, err)
	}
}

// TestScriptOfATool has the shape that the helpers want, and takes calls of many goroutines.
func TestScriptOfATool(t *testing.T) {
	rec := sentrialtest.New(t)
	script := sentrialtest.NewScript[int, int](t)
	for i := range 20 {
		script.Then(i)
	}
	_ = rec.Client().Run(t.Context(), "s", func(ctx context.Context) error {
		tool := sentrial.WrapTool("next", script.Call)
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() { _, _ = tool(ctx, 7) })
		}
		wg.Wait()
		return nil
	})
	rec.WantToolCount("next", 20)
	if n := len(script.Asked()); n != 20 {
		t.Errorf("asked %d times", n)
	}
}
