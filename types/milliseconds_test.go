package types_test

import (
	"encoding/json"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/types"
)

func TestDurationWritten(t *testing.T) {
	tests := []struct {
		duration time.Duration
		want     string
	}{
		{150250 * time.Microsecond, "150.25"},
		{time.Microsecond, "0.001"},
		{10 * time.Microsecond, "0.01"},
		{499, "0"},
		{500, "0.001"},
		{1499, "0.001"},
		{-1500, "-0.002"},
		{999999500, "1000"},
		{30 * time.Second, "30000"},
		{100 * time.Millisecond, "100"},
		{math.MaxInt64, "9223372036854.775"},
		{math.MinInt64, "-9223372036854.775"},
	}
	for _, tt := range tests {
		want := `{"type":"step","duration_ms":` + tt.want + `}`
		if got := marshal(t, types.Event{Type: types.EventStep, Duration: tt.duration}); got != want {
			t.Errorf("%d ns: got %s, want %s", tt.duration, got, want)
		}
	}
}

func TestDurationRead(t *testing.T) {
	tests := []struct {
		text string
		want time.Duration
	}{
		{"0", 0},
		{"-0.0", 0},
		{"150.25", 150250 * time.Microsecond},
		{"1.5e3", 1500 * time.Millisecond},
		{"15E-1", 1500 * time.Microsecond},
		{"0.0004", 0},
		{"0.0005", time.Microsecond},
		{"0.00049999999999999999999999", 0},
		{"0.1234999", 123 * time.Microsecond},
		{"0.9999", time.Millisecond},
		{"-2.5", -2500 * time.Microsecond},
		{"1e-999999999999", 0},
		{"0e999999999999", 0},
		{"9223372036854.775", 9223372036854775 * time.Microsecond},
	}
	for _, tt := range tests {
		event := unmarshal[types.Event](t, `{"type":"llm_call","duration_ms":`+tt.text+`,"time_to_first_token_ms":`+tt.text+`}`)
		if event.Duration != tt.want || event.LLMCall.Duration != tt.want || event.LLMCall.TimeToFirstToken != tt.want {
			t.Errorf("%s: got %v, %+v, want %v", tt.text, event.Duration, event.LLMCall, tt.want)
		}
	}
}

func TestDurationOutOfRange(t *testing.T) {
	for _, text := range []string{"9223372036854.776", "-9223372036854.776", "1e13", "1e999999999999", "123456789012345678901234567890"} {
		var event types.Event
		err := json.Unmarshal([]byte(`{"duration_ms":`+text+`}`), &event)
		checkFieldError(t, err, "duration_ms")
		if !strings.Contains(err.Error(), "9223372036854.775") {
			t.Errorf("%s: %q does not say what is in range", text, err)
		}
	}
}

// FuzzDurationRead compares with exact rational arithmetic.
func FuzzDurationRead(f *testing.F) {
	for _, text := range []string{"0", "150.25", "1.5e3", "-0.0005", "9223372036854.775", "9223372036854.7754", "1e12", "4e-4"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !jsonNumber.MatchString(text) {
			return
		}
		var event types.Event
		err := json.Unmarshal([]byte(`{"duration_ms":`+text+`}`), &event)
		want, inRange := nearestMicrosecond(text)
		if inRange != (err == nil) || event.Duration != want {
			t.Errorf("%s: got %v, %v, want %v, in range %v", text, event.Duration, err, want, inRange)
		}
	})
}

func nearestMicrosecond(text string) (time.Duration, bool) {
	r, _ := new(big.Rat).SetString(text)
	r.Mul(r, big.NewRat(1000, 1))
	micros, ok := new(big.Int).SetString(r.FloatString(0), 10) // rounds halves away from zero
	nanos := micros.Mul(micros, big.NewInt(1000))
	if !ok || !nanos.IsInt64() {
		return 0, false
	}
	return time.Duration(nanos.Int64()), true
}

// FuzzDurationWritten: every duration reads back to the nearest microsecond.
func FuzzDurationWritten(f *testing.F) {
	for _, nanos := range []int64{0, 1, 499, 500, -500, 150250000, math.MaxInt64, math.MinInt64} {
		f.Add(nanos)
	}
	f.Fuzz(func(t *testing.T, nanos int64) {
		d := time.Duration(nanos)
		got := unmarshal[types.Event](t, marshal(t, types.Event{Type: types.EventStep, Duration: d})).Duration
		limit := time.Duration(math.MaxInt64).Truncate(time.Microsecond)
		if want := min(max(d.Round(time.Microsecond), -limit), limit); got != want {
			t.Errorf("%d ns came back as %d, want %d", d, got, want)
		}
	})
}
