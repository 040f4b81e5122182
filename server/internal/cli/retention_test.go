package cli_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/cli"
)

func TestPeriod(t *testing.T) {
	const day = 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"0": 0, "30m": 30 * time.Minute, "30d": 30 * day, "1d12h": 36 * time.Hour, "0d1s": time.Second, "365d": 365 * day,
	} {
		if got, ok := cli.Period(text); !ok || got != want {
			t.Errorf("%s is %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "30", "-1h", "x", "1w", "0d", "d", "1d-1h", "1.5d", "60000d", "2000000h", "1d1d"} {
		if got, ok := cli.Period(text); ok {
			t.Errorf("%q is %v", text, got)
		}
	}
}

func TestRetainRules(t *testing.T) {
	got, err := cli.Retention("30d", "billing=90d", "legal=0", "7d")
	if err != nil || got.Default != 7*24*time.Hour || len(got.Projects) != 2 || got.Projects["billing"] != 90*24*time.Hour || got.Projects["legal"] != 0 {
		t.Errorf("%+v, %v", got, err)
	}
	for _, rule := range []string{"", "x", "=30d", "p=", "p=x", "p=1=2"} {
		if got, err := cli.Retention(rule); err == nil {
			t.Errorf("%q is %+v", rule, got)
		}
	}
}

func FuzzPeriod(f *testing.F) {
	for _, text := range []string{"0", "30m", "30d", "1d12h", "65535d9999999h", "1d0.5s"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if d, ok := cli.Period(text); ok && d < 0 {
			t.Errorf("%q is %v", text, d)
		}
	})
}

func TestServeRefusesNonsense(t *testing.T) {
	db := filepath.Join(t.TempDir(), "s.db")
	for _, args := range [][]string{{"--retain", "soon"}, {"--session-idle", "0"}, {"--session-idle", "x"}} {
		got := run(t, append([]string{"serve", "--addr", "127.0.0.1:0", "--db", db}, args...)...)
		if got.code != 2 || !strings.Contains(got.errors, args[0]) {
			t.Errorf("%v: exit %d, %q", args, got.code, got.errors)
		}
	}
}
