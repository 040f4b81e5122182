//go:build !race

package sentrial_test

import (
	"context"
	"testing"

	"github.com/sentrial/sentrial-go"
)

// TestTrackAllocatesNothing: what agents record most costs the caller no garbage. (The race detector makes some of its own.)
func TestTrackAllocatesNothing(t *testing.T) {
	w := newWorkload()
	release := make(chan struct{})
	defer close(release)
	client := newClient(t, stuckTransport(release), sentrial.WithQueueBytes(8<<20))
	ctx, session := client.CreateSession(t.Context(), "s")
	for where, ctx := range map[string]context.Context{"": ctx, ", with an OpenTelemetry span": spanContext(ctx)} {
		for name, track := range map[string]func(context.Context, *sentrial.Session, *workload, int){"tool call": trackTool, "LLM call": trackLLM} {
			i := 0
			if n := testing.AllocsPerRun(2000, func() {
				track(ctx, session, w, i)
				i++
			}); n > 0 {
				t.Errorf("%s%s: %v allocations", name, where, n)
			}
		}
	}
}

// TestBodyIsNotCopiedWhileItGrows: the room that is made beforehand is enough for usual records.
func TestBodyIsNotCopiedWhileItGrows(t *testing.T) {
	records := mixedRecords()
	body := sentrial.NewBodyMaker(sentrial.CompressionNone)
	if n := testing.AllocsPerRun(10, func() { body.JSON(nil, records) }); n > 1 {
		t.Errorf("a body took %v allocations, want 1", n)
	}
}
