package format_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/format"
)

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second:                        "0ms",
		0:                                   "0ms",
		150 * time.Microsecond:              "0.15ms",
		9_990 * time.Microsecond:            "9.99ms",
		150*time.Millisecond + 250_000:      "150ms",
		999_600 * time.Microsecond:          "1s",
		1_240 * time.Millisecond:            "1.24s",
		12_400 * time.Millisecond:           "12.4s",
		59_980 * time.Millisecond:           "1m00s",
		187 * time.Second:                   "3m07s",
		2*time.Hour + 5*time.Minute:         "2h05m",
		76 * time.Hour:                      "3d04h",
		math.MaxInt64:                       "106751d23h",
		time.Hour - 400*time.Millisecond:    "1h00m",
		48*time.Hour - 100*time.Millisecond: "2d00h",
	} {
		if got := format.Duration(d); got != want {
			t.Errorf("Duration(%d) = %q, want %q", d, got, want)
		}
	}
}

func TestAgo(t *testing.T) {
	now := time.Date(2026, 5, 6, 12, 0, 0, 0, time.UTC)
	for d, want := range map[time.Duration]string{
		0:                   "just now",
		-2 * time.Second:    "just now",
		-3 * time.Minute:    "in 3m",
		50 * time.Second:    "50s ago",
		5 * time.Minute:     "5m ago",
		26 * time.Hour:      "1d ago",
		31 * 24 * time.Hour: "2026-04-05",
	} {
		if got := format.Ago(now.Add(-d), now); got != want {
			t.Errorf("Ago(%s before now) = %q, want %q", d, got, want)
		}
	}
	if got := format.Ago(time.Time{}, now); got != "-" {
		t.Errorf("Ago(no time) = %q", got)
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1234: "-1,234", -999: "-999"} {
		if got := format.Count(n); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
	if got := format.Plural(1, "event") + " " + format.Plural(0, "event"); got != "1 event 0 events" {
		t.Errorf("Plural = %q", got)
	}
}

func TestBytes(t *testing.T) {
	for n, want := range map[int64]string{0: "0 B", 640: "640 B", 1023: "1023 B", 1024: "1 KiB", 512 << 10: "512 KiB", 3 << 19: "1.5 MiB", 5 << 40: "5 TiB", 9 << 50: "9216 TiB"} {
		if got := format.Bytes(n); got != want {
			t.Errorf("Bytes(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestCostTellsUnknownFromNothing(t *testing.T) {
	if got := format.Cost(nil); got != "unknown" {
		t.Errorf("Cost(nil) = %q", got)
	}
	for v, want := range map[float64]string{
		0: "$0", 1e-12: "<$0.000000001", 0.000012: "$0.000012", 0.00419: "$0.0042", 0.0183400: "$0.0183", 0.5: "$0.5000",
		12.345: "$12.35", -0.25: "-$0.2500", math.Inf(1): "unknown", math.NaN(): "unknown", 1e-9: "$0.000000001",
	} {
		if got := format.Cost(&v); got != want {
			t.Errorf("Cost(%g) = %q, want %q", v, got, want)
		}
	}
}

func TestPercent(t *testing.T) {
	for v, want := range map[float64]string{0: "0%", 0.82: "82%", 0.825: "82.5%", 1: "100%", math.NaN(): "unknown"} {
		if got := format.Percent(&v); got != want {
			t.Errorf("Percent(%g) = %q, want %q", v, got, want)
		}
	}
	if got := format.Percent(nil); got != "unknown" {
		t.Errorf("Percent(nil) = %q", got)
	}
}

func TestPreview(t *testing.T) {
	for _, test := range []struct {
		in   any
		want string
	}{
		{nil, ""},
		{"as it\nis", "as it\nis"},
		{true, "true"},
		{json.Number("59.90"), "59.90"},
		{map[string]any{}, "{}"},
		{map[string]any{"text": "# Title\n\n\tand more"}, `text="# Title and more"`},
		{map[string]any{"b": "two words", "a": "one", "n": 1.5, "deep": map[string]any{"x": []any{}}, "empty": ""}, `a=one b="two words" deep={"x":[]} empty="" n=1.5`},
		{[]any{"<a>", nil}, `["<a>",null]`},
		{json.RawMessage(`{"n":1.10,"s":"x"}`), `n=1.10 s=x`},
		{json.RawMessage(`not json`), `not json`},
		{map[string]any{"$omitted": "cycle", "type": "*main.Node"}, "<omitted: cycle>"},
		{map[string]any{"$truncated": map[string]any{"bytes": json.Number("2000000"), "sha256": "ab"}}, "<truncated: 2000000 bytes>"},
		{map[string]any{"$hashed": map[string]any{"bytes": json.Number("2000000"), "sha256": "ab"}}, "<hashed: 2000000 bytes>"},
		{make(chan int), ""},
	} {
		got := format.Preview(test.in)
		if _, odd := test.in.(chan int); odd {
			if got == "" {
				t.Errorf("Preview of a channel is empty")
			}
			continue
		}
		if got != test.want {
			t.Errorf("Preview(%v) = %q, want %q", test.in, got, test.want)
		}
	}
}

func TestFullLeavesNothingOut(t *testing.T) {
	if got, want := format.Full(map[string]any{"a": []any{json.Number("1.0")}}), "{\n  \"a\": [\n    1.0\n  ]\n}"; got != want {
		t.Errorf("Full = %q, want %q", got, want)
	}
	long := make([]byte, 1<<20)
	for i := range long {
		long[i] = 'x'
	}
	if got := format.Full(string(long)); len(got) != len(long) {
		t.Errorf("Full of %d bytes has %d", len(long), len(got))
	}
	if got := format.Preview(string(long)); len(got) > 5000 {
		t.Errorf("Preview of %d bytes has %d", len(long), len(got))
	}
}

func FuzzPreview(f *testing.F) {
	f.Add([]byte(`{"a":{"$omitted":1},"$truncated":{"bytes":[]}}`))
	f.Add([]byte(`"x"`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if got := format.Preview(json.RawMessage(raw)); len(got) > 6000 {
			t.Errorf("a preview of %d bytes", len(got))
		}
		_ = format.Full(json.RawMessage(raw))
	})
}
