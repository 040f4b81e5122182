package pricing_test

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/pricing"
	"github.com/sentrial/sentrial-go/types"
)

// figure is a call with its cost, worked out by hand.
type figure struct {
	Provider, Model string
	Usage           types.Usage
	Source          string // file, number and text of the line that the prices are from
	Sum             []struct {
		Class  pricing.Class
		Tokens int
		Price  string // dollars per million tokens
		Cost   string // dollars
	}
	Total string
}

func figures(t *testing.T) (list []figure) {
	t.Helper()
	data, err := os.ReadFile("testdata/figures.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// table is the one that the prices of a figure are from. None that is built in has a price for reasoning.
func (f *figure) table(t *testing.T) *pricing.Table {
	t.Helper()
	if strings.HasPrefix(f.Source, "prices.json:") {
		return pricing.Default()
	}
	file, _, _ := strings.Cut(f.Source, ":")
	table, err := pricing.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestFigures(t *testing.T) {
	list := figures(t)
	if len(list) < 12 {
		t.Errorf("%d figures, want 12", len(list))
	}
	shown := make(map[pricing.Class]bool)
	for _, f := range list {
		t.Run(f.Model, func(t *testing.T) {
			table := f.table(t)
			cost, ok := table.Cost(f.Provider, f.Model, f.Usage)
			if !ok || cost.Decimal() != f.Total {
				t.Errorf("cost %s, %v, want %s", cost.Decimal(), ok, f.Total)
			}
			if usd, err := strconv.ParseFloat(f.Total, 64); err != nil || cost.USD() != usd {
				t.Errorf("%v USD, want the float64 nearest to %s", cost.USD(), f.Total)
			}
			x := table.Explain(f.Provider, f.Model, f.Usage)
			if x.Err != nil || x.Total != cost || len(x.Lines) != len(f.Sum) {
				t.Fatalf("explained as %s\nwant the sum %v", x, f.Sum)
			}
			for i, want := range f.Sum {
				got := x.Lines[i]
				if got.Class != want.Class || got.Tokens != want.Tokens || got.Rate.Decimal() != want.Price || got.Cost.Decimal() != want.Cost {
					t.Errorf("line %d is %q, want %+v", i, got, want)
				}
				shown[got.Class] = true
			}
		})
	}
	for _, class := range []pricing.Class{pricing.Input, pricing.CacheRead, pricing.CacheWrite, pricing.Output, pricing.Reasoning} {
		if !shown[class] {
			t.Errorf("no figure has %s tokens", class)
		}
	}
}

// TestFiguresNameTheirLines holds the source of each figure against the line that it names.
func TestFiguresNameTheirLines(t *testing.T) {
	for _, f := range figures(t) {
		place, text, _ := strings.Cut(f.Source, ": ")
		file, number, _ := strings.Cut(place, ":")
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		n, _ := strconv.Atoi(number)
		if lines := strings.Split("\n"+string(data), "\n"); n < 1 || n >= len(lines) || strings.Trim(lines[n], " ,") != text {
			t.Errorf("%s: %s is not %s", f.Model, place, text)
		}
	}
}

func TestReasoningWithAPriceOfItsOwn(t *testing.T) {
	table := parse(t, `{"models": [{"model": "thinker", "input": 1, "output": 2, "reasoning": 7.5}]}`)
	x := table.Explain("", "thinker", types.Usage{PromptTokens: 10, CompletionTokens: 30, ReasoningTokens: 20})
	want := `thinker, found by its exact name
  10 input tokens x $1.00 per million = $0.00001
  10 output tokens x $2.00 per million = $0.00002
  20 reasoning tokens x $7.50 per million = $0.00015
total $0.00018
prices of table ` + table.Version()
	if x.String() != want {
		t.Errorf("explained as\n%s\nwant\n%s", x, want)
	}
}
