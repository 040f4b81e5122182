//go:build !race

package sentrial_test

import (
	"context"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// TestTrackAllocatesNothing: what agents record most costs the caller no garbage, in memory or in files. (The race detector makes some of its own.)
func TestTrackAllocatesNothing(t *testing.T) {
	checkNoAllocations(t)
	checkNoAllocations(t, sentrial.WithSpool(t.TempDir()))
}

func checkNoAllocations(t *testing.T, opts ...sentrial.Option) {
	t.Helper()
	w := newWorkload()
	release := make(chan struct{})
	defer close(release)
	client := newClient(t, stuckTransport(release), append(opts, sentrial.WithQueueBytes(8<<20))...)
	ctx, session := client.CreateSession(t.Context(), "s")
	for where, ctx := range map[string]context.Context{"": ctx, ", with an OpenTelemetry span": spanContext(ctx)} {
		for name, track := range map[string]func(context.Context, *sentrial.Session, *workload, int){"tool call": trackTool, "LLM call": trackLLM, "LLM call without a cost": trackPriced} {
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

// TestRedactorAllocatesItsCopy and no more: an event and a payload, twice as the copy must not be the original, and the maps, lists and boxed values of what is inside.
func TestRedactorAllocatesItsCopy(t *testing.T) {
	w := newWorkload()
	release := make(chan struct{})
	defer close(release)
	client := newClient(t, stuckTransport(release), sentrial.WithQueueBytes(8<<20), sentrial.WithRedactor(keepAll{}))
	ctx, session := client.CreateSession(t.Context(), "s")
	for name, c := range map[string]struct {
		track func(context.Context, *sentrial.Session, *workload, int)
		most  float64
	}{
		"tool call": {trackTool, 23}, // what it is a copy of, 3 maps, 2 lists, 4 texts and 4 numbers in them; and two texts of JSON
		"LLM call":  {trackLLM, 6},
		"messages": {func(ctx context.Context, s *sentrial.Session, w *workload, i int) {
			s.TrackLLMCall(ctx, types.LLMCall{Model: "m", Messages: []types.Message{{Role: "user", Parts: []types.Part{{Type: types.PartText, Content: w.llms[i%workloadSize].Prompt}}}}})
		}, 11},
	} {
		i := 0
		if n := testing.AllocsPerRun(2000, func() {
			c.track(ctx, session, w, i)
			i++
		}); n > c.most {
			t.Errorf("%s: %v allocations, want at most %v", name, n, c.most)
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
