package pricing_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/pricing"
	"github.com/sentrial/sentrial-go/types"
)

func TestAnOverrideWins(t *testing.T) {
	file := filepath.Join(t.TempDir(), "prices.json")
	text := `{"version": "shop-3", "source": "our contract", "models": [
		{"model": "gpt-4o", "input": 2, "output": 8},
		{"model": "our-own", "input": 0, "output": null}
	]}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	mine, err := pricing.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	table := pricing.Default().With(mine)
	if want := "2026-08-23+shop-3"; table.Version() != want {
		t.Errorf("version %q, want %q", table.Version(), want)
	}
	for _, provider := range []string{"", "openai", "anyone", "ollama"} {
		m, ok := table.LookUp(provider, "gpt-4o")
		if !ok || m.Input.String() != "$2.00" || m.CacheRead.Known() || m.Version() != "shop-3" || m.Source() != "our contract" {
			t.Errorf("at %q: %+v, %v", provider, m, ok)
		}
	}
	if m, ok := table.LookUp("openai", "gpt-4o-mini"); !ok || m.Version() != "2026-08-23" {
		t.Errorf("what the override leaves alone: %+v, %v", m, ok)
	}
	if m, _ := pricing.Default().LookUp("openai", "gpt-4o"); m.Version() != "2026-08-23" || m.Input.String() != "$2.50" {
		t.Errorf("the table below has changed: %+v", m)
	}
	if cost, ok := table.Cost("", "our-own", types.Usage{PromptTokens: 5}); !ok || cost != 0 {
		t.Errorf("a price of 0: %s, %v", cost, ok)
	}
	if x := table.Explain("", "our-own", small); !errors.Is(x.Err, pricing.ErrUnknownPrice) {
		t.Errorf("explained as\n%s", x)
	}
}

func TestNilTables(t *testing.T) {
	var none *pricing.Table
	if _, ok := none.Cost("openai", "gpt-4o", small); ok || none.Version() != "" || none.Source() != "" || none.Models() != nil {
		t.Error("a nil table knows something")
	}
	if none.With(pricing.Default()) != pricing.Default() || pricing.Default().With(nil) != pricing.Default() {
		t.Error("nothing laid over a table is not that table")
	}
}

// TestWhatWasLaidOverMayBeWrittenAndRead: each source is told once, and there may be many.
func TestWhatWasLaidOverMayBeWrittenAndRead(t *testing.T) {
	bare, long := parse(t, `{"version": "a", "models": []}`), parse(t, `{"version": "b", "source": "`+strings.Repeat("s", 300)+`", "models": []}`)
	for want, table := range map[string]*pricing.Table{
		"":                                   bare.With(bare),
		long.Source():                        bare.With(long),
		long.Source() + " ":                  long.With(bare),
		long.Source() + "; " + long.Source(): long.With(long),
	} {
		if want = strings.TrimSpace(want); table.Source() != want {
			t.Errorf("%s has the source %q, want %q", table.Version(), table.Source(), want)
		}
	}
}
