package sentrialtest_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// TestFiftyParallelRecorders do not mix: each sees its own tools, and nobody else's, and fails only its own test.
func TestFiftyParallelRecorders(t *testing.T) {
	fakes := make([]*fakeT, 50)
	t.Run("all", func(t *testing.T) {
		for i := range fakes {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				fakes[i] = judged(t.Name(), func(inner testing.TB) {
					rec := sentrialtest.New(inner)
					own := ownTools(t, rec, i)
					rec.WantTools(own...)
					rec.WantCost(float64(len(own)) * 0.001)
					rec.WantStatus(types.StatusSuccess)
					rec.WantNoOrphans()
					if i%10 == 3 {
						rec.WantTools("another")
					}
				})
			})
		}
	})
	for i, f := range fakes {
		if f.Failed() != (i%10 == 3) {
			t.Errorf("test %d failed with %q", i, f.said())
		}
	}
}

// ownTools runs an agent whose tools no other one has.
func ownTools(t *testing.T, rec *recorder, i int) (names []string) {
	t.Helper()
	err := rec.Client().Run(t.Context(), fmt.Sprintf("agent %d", i), func(ctx context.Context) error {
		for n := range 20 {
			name := fmt.Sprintf("tool %d of %d", n, i)
			names = append(names, name)
			if _, err := sentrial.Tool(ctx, name, n, func(context.Context, int) (int, error) { return n, nil }, sentrial.WithCost(0.001)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return names
}

// TestOneRecorderOnManyGoroutines: every method may be called while others record.
func TestOneRecorderOnManyGoroutines(t *testing.T) {
	rec := sentrialtest.New(t)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() { ownTools(t, rec, i) })
		wg.Go(func() {
			rec.WantNoTool("delete")
			rec.WantNoErrors()
			rec.Timeline()
			rec.Allow(sentrialtest.OpenSpans)
			rec.Wait(rec.Context(t.Context()), func() bool { return len(rec.ToolCalls()) > 0 })
		})
	}
	wg.Wait()
	if n := len(rec.ToolCalls()); n != 160 {
		t.Errorf("%d tool calls, want 160", n)
	}
}
