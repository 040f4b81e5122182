package jsonenc_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

// sameFloat compares f, and what lies beside it, with encoding/json.
func sameFloat(t *testing.T, f float64) {
	t.Helper()
	for _, f := range []float64{f, -f, math.Nextafter(f, math.Inf(1)), math.Nextafter(f, math.Inf(-1))} {
		want, err := json.Marshal(f)
		if err != nil {
			continue // JSON has no form for it
		}
		if got := jsonenc.AppendFloat(nil, f); string(got) != string(want) {
			t.Fatalf("%b: got %s, want %s", f, got, want)
		}
	}
}

func TestAppendFloatOfFewDecimals(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		digits := math.Pow10(1 + r.IntN(16))
		sameFloat(t, math.Round(r.Float64()*digits)/math.Pow10(r.IntN(10)))
	}
	for _, f := range []float64{0.1, 0.000001, 0.0000005, 0.00000149, 999_999_999.999999, 1e9, 1e9 + 0.000001, 0.3, 0.1 + 0.2, 1.0000005, 123456789.123456, math.SmallestNonzeroFloat64} {
		sameFloat(t, f)
	}
}

func BenchmarkAppendFloat(b *testing.B) {
	for _, c := range []struct {
		name string
		f    float64
	}{{"price", 0.004217}, {"any", math.Pi}} {
		b.Run(c.name, func(b *testing.B) {
			buf := make([]byte, 0, 32)
			for b.Loop() {
				buf = jsonenc.AppendFloat(buf[:0], c.f)
			}
		})
	}
}
