package jsonenc_test

import (
	"encoding/json"
	"math"
	"strconv"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

func TestAppendMilliseconds(t *testing.T) {
	for _, c := range []struct {
		d    time.Duration
		want string
	}{
		{0, "0"},
		{150250 * time.Microsecond, "150.25"},
		{time.Millisecond, "1"},
		{time.Microsecond, "0.001"},
		{10 * time.Microsecond, "0.01"},
		{100 * time.Microsecond, "0.1"},
		{1010 * time.Microsecond, "1.01"},
		{499 * time.Nanosecond, "0"},
		{500 * time.Nanosecond, "0.001"},
		{999_499 * time.Nanosecond, "0.999"},
		{999_500 * time.Nanosecond, "1"},
		{-500 * time.Nanosecond, "-0.001"},
		{-499 * time.Nanosecond, "0"},
		{-1500 * time.Microsecond, "-1.5"},
		{time.Hour, "3600000"},
		{math.MaxInt64, "9223372036854.776"},
		{math.MinInt64, "-9223372036854.776"},
	} {
		if got := string(jsonenc.AppendMilliseconds(nil, c.d)); got != c.want {
			t.Errorf("%d ns: got %s, want %s", int64(c.d), got, c.want)
		}
	}
}

func TestAppendTime(t *testing.T) {
	for _, c := range []struct {
		t    time.Time
		want string
	}{
		{time.Date(2026, 11, 22, 0, 16, 56, 123456789, time.UTC), `"2026-11-22T00:16:56.123456789Z"`},
		{time.Date(2026, 11, 22, 2, 16, 56, 0, time.FixedZone("", 2*3600)), `"2026-11-22T00:16:56Z"`},
		{time.Time{}, `"0001-01-01T00:00:00Z"`},
		{time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC), `{"$omitted":"error: year outside of 0 to 9999","type":"time.Time"}`},
		{time.Date(9999, 12, 31, 23, 0, 0, 0, time.FixedZone("", -7200)), `{"$omitted":"error: year outside of 0 to 9999","type":"time.Time"}`},
		{time.Date(2026, 1, 1, 0, 0, 0, 0, time.FixedZone("far", 90000)), `"2025-12-30T23:00:00Z"`},
	} {
		if got := string(jsonenc.AppendTime(nil, c.t)); got != c.want {
			t.Errorf("%v: got %s, want %s", c.t, got, c.want)
		}
	}
}

func FuzzAppendFloat(f *testing.F) {
	for _, v := range []float64{0, -1, 0.1, 1e-6, 9.999e-7, 1e21, 1 << 53, -(1 << 53), math.MaxFloat64} {
		f.Add(math.Float64bits(v))
	}
	f.Fuzz(func(t *testing.T, bits uint64) {
		v := math.Float64frombits(bits)
		got := string(jsonenc.AppendFloat(nil, v))
		if math.IsNaN(v) || math.IsInf(v, 0) {
			decoded(t, []byte(got))
			return
		}
		want, err := json.Marshal(v)
		if err != nil || got != string(want) {
			t.Errorf("%x: got %s, want %s (%v)", bits, got, want, err)
		}
		if got := string(jsonenc.Append(nil, float32(v))); !math.IsInf(float64(float32(v)), 0) {
			if want, _ := json.Marshal(float32(v)); got != string(want) {
				t.Errorf("float32 %x: got %s, want %s", bits, got, want)
			}
		}
	})
}

// FuzzAppendDecimal has the numbers that people write, and their neighbours.
func FuzzAppendDecimal(f *testing.F) {
	f.Add(int64(1234), uint8(4))
	f.Add(int64(-999999995), uint8(9))
	f.Add(int64(999_999_999_999_999), uint8(8))
	f.Add(int64(1), uint8(6))
	f.Add(int64(1), uint8(7))
	f.Add(int64(12_340_000_5), uint8(8))
	f.Fuzz(func(t *testing.T, n int64, decimals uint8) {
		v := float64(n) / math.Pow10(int(decimals%20))
		for _, v := range []float64{v, math.Nextafter(v, math.Inf(1)), math.Nextafter(v, math.Inf(-1))} {
			want, err := json.Marshal(v)
			if got := string(jsonenc.AppendFloat(nil, v)); err != nil || got != string(want) {
				t.Errorf("%b: got %s, want %s (%v)", v, got, want, err)
			}
		}
	})
}

// TestAppendDecimals has every number of up to three decimals below 100, and some of eight.
func TestAppendDecimals(t *testing.T) {
	check := func(v float64) {
		if got, want := string(jsonenc.AppendFloat(nil, v)), strconv.FormatFloat(v, 'f', -1, 64); got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	}
	for n := range 100_000 {
		check(float64(n) / 1e3)
		check(-float64(n) / 1e3)
		check(float64(n*997) / 1e8)
	}
}

func FuzzAppendMilliseconds(f *testing.F) {
	f.Add(int64(150_250_000))
	f.Add(int64(math.MinInt64))
	f.Fuzz(func(t *testing.T, n int64) {
		got := string(jsonenc.AppendMilliseconds(nil, time.Duration(n)))
		ms, err := strconv.ParseFloat(got, 64)
		if !json.Valid([]byte(got)) || err != nil || math.Abs(ms-float64(n)/1e6) > 0.0005001+math.Abs(ms)*1e-15 {
			t.Errorf("%d ns became %s", n, got)
		}
	})
}
