package sentrialtest_test

import (
	"context"
	"strings"
	"testing"
	"time"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// TestGoldenKeepsTheOrderOfInstantTools, on a real clock: each begins as soon as the one before is over, and takes less than what durations are rounded to.
func TestGoldenKeepsTheOrderOfInstantTools(t *testing.T) {
	for range 20 {
		rec := sentrialtest.New(t)
		_ = rec.Client().Run(t.Context(), "s", func(ctx context.Context) error {
			for name := 'z'; name >= 'a'; name-- {
				if _, err := sentrial.Tool(ctx, string(name), 0, func(context.Context, int) (int, error) { return 0, nil }); err != nil {
					return err
				}
			}
			return nil
		})
		if got, want := toolOrder(sentrialtest.GoldenText(rec)), "zyxwvutsrqponmlkjihgfedcba"; got != want {
			t.Fatalf("the golden file has the order %s, want %s", got, want)
		}
	}
}

// toolOrder reads the names of tools, each of one letter, out of a golden file.
func toolOrder(golden string) string {
	var order strings.Builder
	for line := range strings.Lines(golden) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "tool "); ok {
			order.WriteString(name[:1])
		}
	}
	return order.String()
}

// TestRoundedDurationsOverlapNothing: each call begins at the nanosecond at which the one before ended, whatever its duration is rounded to.
func TestRoundedDurationsOverlapNothing(t *testing.T) {
	for took := time.Duration(0); took <= 3*time.Microsecond; took += 100 * time.Nanosecond {
		rec := sentrialtest.New(t)
		at := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
		for _, c := range []types.ToolCall{{ToolName: "c"}, {ToolName: "b", Status: types.StatusError}, {ToolName: "a"}} {
			c.StartTime, c.Duration = at, took
			rec.Client().Session("s").TrackToolCall(t.Context(), c)
			at = at.Add(took)
		}
		if got := toolOrder(sentrialtest.GoldenText(rec)); got != "cba" {
			t.Errorf("calls of %v stand in the order %s, want cba", took, got)
		}
		rec.WantRecovered()
	}
}
