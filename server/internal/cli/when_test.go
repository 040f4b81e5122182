package cli_test

import (
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/cli"
)

func TestWhen(t *testing.T) {
	for value, want := range map[string]string{
		"7d": "7d", "90m": "90m", "1h30m": "1h30m", "1d12h": "1d12h", "0.5h": "0.5h",
		"2026-01-31":                "2026-01-31T00:00:00Z",
		"2026-01-31T10:00:00+02:00": "2026-01-31T10:00:00+02:00",
	} {
		if got, err := cli.When("since", value); err != nil || got != want {
			t.Errorf("when(%q) = %q, %v; want %q", value, got, err, want)
		}
	}
	for _, value := range []string{"d", "0d", "-7d", "-5m", "7", "1.5d", "2026-02-30", "yesterday", "0s", " 7d"} {
		if got, err := cli.When("since", value); err == nil {
			t.Errorf("when(%q) = %q, want an error", value, got)
		}
	}
}

func FuzzWhen(f *testing.F) {
	f.Add("7d")
	f.Add("2026-01-31")
	f.Fuzz(func(t *testing.T, value string) {
		got, err := cli.When("since", value)
		if err == nil && got != value {
			if _, err := time.Parse(time.RFC3339, got); err != nil {
				t.Errorf("when(%q) = %q", value, got)
			}
		}
	})
}

func TestAnEventThatDoesNotFitIsStillShown(t *testing.T) {
	e := cli.DecodeEvent([]byte(`{"id":"e","type":"tool_call","parent_id":"p","timestamp":"2026-01-02T03:04:05Z","status":"error","tool_name":7}`))
	if e.ID != "e" || e.Type != "tool_call" || e.ParentID != "p" || e.Timestamp.IsZero() || e.Status != "error" || e.Raw == nil {
		t.Errorf("event = %+v", e)
	}
}

func FuzzDecodeEvent(f *testing.F) {
	f.Add([]byte(`{"id":"e","type":"tool_call","tool_name":7}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(_ *testing.T, raw []byte) { cli.DecodeEvent(raw) })
}
