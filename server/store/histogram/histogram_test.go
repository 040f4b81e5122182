package histogram_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store/histogram"
)

// samples draws n durations from one of several shapes: spread over all magnitudes, around a middle, all the same, two humps, tiny.
func samples(random *rand.Rand, n int) []time.Duration {
	shape, middle := random.IntN(5), math.Exp(random.Float64()*36)
	list := make([]time.Duration, n)
	for i := range list {
		switch shape {
		case 0:
			list[i] = time.Duration(math.Exp(random.Float64() * 43))
		case 1:
			list[i] = time.Duration(middle * math.Exp(random.NormFloat64()))
		case 2:
			list[i] = time.Duration(middle)
		case 3:
			list[i] = time.Duration(middle * float64(1+99*random.IntN(2)))
		default:
			list[i] = time.Duration(random.IntN(50))
		}
	}
	return list
}

func of(durations ...time.Duration) *histogram.Histogram {
	h := new(histogram.Histogram)
	for _, d := range durations {
		h.Add(d)
	}
	return h
}

// TestQuantilesAreWithinTheBound holds every answer to the exact one: less than 5 % away, and exact below 40 ns.
func TestQuantilesAreWithinTheBound(t *testing.T) {
	for seed := range uint64(500) {
		random := rand.New(rand.NewPCG(seed, 1))
		list := samples(random, 1+random.IntN(400))
		h := of(list...)
		slices.Sort(list)
		for _, q := range []float64{0, 0.001, 0.25, 0.5, 0.9, 0.95, 0.99, 1, random.Float64()} {
			exact := list[max(int(math.Ceil(q*float64(len(list)))), 1)-1]
			got, ok := h.Quantile(q)
			if off := math.Abs(float64(got - exact)); !ok || off > 0 && off >= float64(exact)/20 {
				t.Fatalf("seed %d: quantile %v of %d is %d (%t), exactly %d: %.2f %% off", seed, q, len(list), got, ok, exact, 100*off/float64(exact))
			}
		}
	}
}

func TestNothingHasNoQuantile(t *testing.T) {
	h := of(5 * time.Second)
	h.Remove(5 * time.Second)
	for _, h := range []*histogram.Histogram{{}, h} {
		if d, ok := h.Quantile(0.5); ok || h.Count() != 0 || len(h.Append(nil)) != 0 {
			t.Errorf("an empty one has median %v, count %d and %d bytes", d, h.Count(), len(h.Append(nil)))
		}
	}
}

func TestExtremes(t *testing.T) {
	for _, d := range []time.Duration{0, 1, 39, 40, math.MaxInt64 - 1, math.MaxInt64} {
		got, _ := of(d).Quantile(0.5)
		if off := math.Abs(float64(got - d)); off > float64(d)/20 {
			t.Errorf("%d is told as %d", d, got)
		}
	}
	if got, _ := of(-time.Second).Quantile(1); got != 0 {
		t.Errorf("a negative duration is told as %v", got)
	}
}

// TestRemoveIsTheInverse takes back a part, in another order, by Remove and by merging a difference.
func TestRemoveIsTheInverse(t *testing.T) {
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 2))
		kept, gone := samples(random, random.IntN(50)), samples(random, random.IntN(50))
		want := of(kept...).Append(nil)
		h := of(slices.Concat(gone, kept)...)
		slices.Reverse(gone)
		difference := new(histogram.Histogram)
		for _, d := range gone {
			difference.Remove(d)
		}
		merged, err := histogram.Decode(h.Append(nil))
		if err != nil {
			t.Fatal(err)
		}
		merged.Merge(difference)
		for _, d := range gone {
			h.Remove(d)
		}
		if !bytes.Equal(h.Append(nil), want) || !bytes.Equal(merged.Append(nil), want) {
			t.Fatalf("seed %d: %x and %x, want %x", seed, h.Append(nil), merged.Append(nil), want)
		}
	}
}

func TestMergeIsAsIfAddedToOne(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	for range 100 {
		one, other := samples(random, 30), samples(random, 30)
		h := of(one...)
		h.Merge(of(other...))
		if got, want := h.Append(nil), of(slices.Concat(one, other)...).Append(nil); !bytes.Equal(got, want) {
			t.Fatalf("%x, want %x", got, want)
		}
	}
}

// TestEncodingIsCompact has the durations of an hour of calls, around a second.
func TestEncodingIsCompact(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 4))
	h := new(histogram.Histogram)
	for range 1000 {
		h.Add(time.Duration(1e9 * math.Exp(random.NormFloat64()/2)))
	}
	if n := len(h.Append(nil)); n > 200 {
		t.Errorf("%d bytes for 1,000 durations", n)
	}
	if h.Count() != 1000 {
		t.Errorf("count %d", h.Count())
	}
}

// TestEncodingStays pins the bytes that files hold.
func TestEncodingStays(t *testing.T) {
	got := of(0, 1, 39, 40, 41, 42, time.Millisecond, time.Second, time.Second, time.Hour).Append(nil)
	want := []byte{1, 0, 1, 1, 1, 38, 1, 1, 2, 1, 1, 211, 1, 1, 142, 1, 2, 167, 1, 1}
	if !bytes.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(nil))
	f.Add([]byte{1})
	f.Add([]byte{2, 1, 1})
	f.Add([]byte{1, 0, 0})
	f.Add(of(0, 5, time.Millisecond, time.Hour, math.MaxInt64).Append(nil))
	f.Add([]byte{1, 5, 1, 0, 1})
	f.Add([]byte{1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := histogram.Decode(data)
		if err != nil {
			return
		}
		h.Quantile(0.95)
		again, err := histogram.Decode(h.Append(nil))
		if err != nil || !bytes.Equal(again.Append(nil), h.Append(nil)) {
			t.Errorf("%x is %x when read again (%v)", data, h.Append(nil), err)
		}
	})
}

func BenchmarkAdd(b *testing.B) {
	h := of(samples(rand.New(rand.NewPCG(5, 5)), 100)...)
	for b.Loop() {
		h.Add(time.Second)
	}
}
