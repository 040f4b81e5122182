package sentrialtest_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/leaktest"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// patient is an agent that tries again after one minute, then two, then four.
func patient(ctx context.Context, client *sentrial.Client, fetch func(context.Context, string) (string, error)) error {
	return client.Run(ctx, "fetch", func(ctx context.Context) (err error) {
		for wait := time.Minute; wait <= 4*time.Minute; wait *= 2 {
			if _, err = sentrial.Tool(ctx, "fetch", "report", fetch); err == nil {
				return nil
			}
			sentrial.ReportError(ctx, err, sentrial.Recoverable("try again in "+wait.String()))
			select {
			case <-time.After(wait):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return err
	})
}

// slow fails until the last of n calls. Each takes 1.5 s.
func slow(n int) func(context.Context, string) (string, error) {
	return func(context.Context, string) (string, error) {
		time.Sleep(1500 * time.Millisecond)
		if n--; n > 0 {
			return "", errors.New("busy")
		}
		return "done", nil
	}
}

// TestTimesAreExactInABubble: minutes of back-off take no time, and every stamp and duration is what the clock of the bubble says.
func TestTimesAreExactInABubble(t *testing.T) {
	began := time.Now()
	synctest.Test(t, func(t *testing.T) {
		rec := sentrialtest.New(t)
		begin := time.Now()
		if err := patient(t.Context(), rec.Client(), slow(3)); err != nil {
			t.Fatal(err)
		}
		for i, want := range []time.Duration{0, time.Minute + 1500*time.Millisecond, 3*time.Minute + 3*time.Second} {
			call := rec.ToolCalls()[i]
			if call.Duration != 1500*time.Millisecond || !call.StartTime.Equal(begin.Add(want)) {
				t.Errorf("call %d began after %v and took %v", i, call.StartTime.Sub(begin), call.Duration)
			}
		}
		s := rec.Sessions()[0]
		if took := s.ClosedAt.Sub(s.CreatedAt); took != 3*time.Minute+4500*time.Millisecond || time.Since(begin) != took {
			t.Errorf("the session took %v", took)
		}
		rec.WantRecovered()
		rec.Golden("patient", sentrialtest.Keep("timestamp", "duration_ms"))
	})
	if took := time.Since(began); took > time.Minute {
		t.Errorf("the test took %v of real time", took)
	}
}

// TestRecorderFromOutsideTheBubble: made before it, it may be used in it.
func TestRecorderFromOutsideTheBubble(t *testing.T) {
	rec := sentrialtest.New(t)
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		if err := patient(t.Context(), rec.Client(), slow(2)); err != nil {
			t.Fatal(err)
		}
		rec.WantTools("fetch", "fetch")
		if call := rec.ToolCalls()[1]; call.Duration != 1500*time.Millisecond || !call.StartTime.Equal(begin.Add(61500*time.Millisecond)) {
			t.Errorf("the second call began after %v and took %v", call.StartTime.Sub(begin), call.Duration)
		}
	})
	rec.WantStatus(types.StatusSuccess)
}

// TestNothingIsLeftOfABubble: a goroutine that outlives it would be a panic of synctest's, or a leak.
func TestNothingIsLeftOfABubble(t *testing.T) {
	leaktest.Check(t)
	synctest.Test(t, func(t *testing.T) {
		rec := sentrialtest.New(t)
		rec.Allow(sentrialtest.OpenSpans)
		ctx, _ := rec.Client().CreateSession(t.Context(), "s")
		_, _ = sentrial.StartStep(ctx, types.Step{Name: "left open"})
		rec.FailNext(1, 503)
	})
}

// TestWaitInABubble waits in the bubble's time.
func TestWaitInABubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := sentrialtest.New(t)
		go func() { _ = patient(t.Context(), rec.Client(), slow(2)) }()
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		rec.Wait(ctx, func() bool { return len(rec.Sessions()) == 1 && rec.Sessions()[0].Status == types.StatusSuccess })
		rec.WantTools("fetch", "fetch")
	})
}
