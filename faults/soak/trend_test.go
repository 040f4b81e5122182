package main

import (
	"math/rand/v2"
	"testing"
)

// heap makes 40 samples, 250000 events apart, of a heap that grows by leak bytes an event and is never the same by noise bytes.
func heap(leak float64, noise int) (samples []sample) {
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 40 {
		events := uint64(i+1) * 250_000
		samples = append(samples, sample{events: events, heap: 3<<20 + uint64(leak*float64(events)) + uint64(random.IntN(noise+1))})
	}
	return samples
}

func TestALeakIsTakenForOneAndNoiseIsNot(t *testing.T) {
	for name, c := range map[string]struct {
		leak  float64
		noise int
		want  bool
	}{
		"constant":                   {0, 0, false},
		"noise":                      {0, 4 << 20, false},
		"a byte in 50 events":        {0.02, 0, false},
		"a byte in 10 events":        {0.1, 64 << 10, true},
		"a leak under noise":         {1, 4 << 20, true},
		"a leak smaller than noise":  {0.05, 32 << 20, false},
		"eight bytes of every event": {8, 4 << 20, true},
	} {
		if got := heapTrend(heap(c.leak, c.noise)); got.rises() != c.want {
			t.Errorf("%s: rises = %v, want %v: %v", name, got.rises(), c.want, got)
		}
	}
}

func TestTheSlopeIsMeasured(t *testing.T) {
	if got := heapTrend(heap(2, 0)); got.slope < 1.99 || got.slope > 2.01 || got.noise > 0.01 || got.span != 39*250_000 {
		t.Errorf("%+v, want a slope of 2 over 9750000 events", got)
	}
}
