package pricing_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/pricing"
	"github.com/sentrial/sentrial-go/types"
)

// FuzzCost holds sums against rational numbers, and USD against the float64 nearest to them.
func FuzzCost(f *testing.F) {
	f.Add("2.5", "10", uint32(1234), uint32(56))
	f.Add("0.000001", "99999.999999", uint32(1), uint32(1<<31))
	f.Add("15.6250", "1e-6", uint32(7), uint32(7))
	f.Fuzz(func(t *testing.T, input, output string, in, out uint32) {
		if strings.ContainsAny(input+output, ",:\"{}[]") {
			return
		}
		table, err := pricing.Parse(strings.NewReader(fmt.Sprintf(`{"models": [{"model": "m", "input": %s, "output": %s}]}`, input, output)))
		if err != nil {
			return
		}
		cost, ok := table.Cost("", "m", types.Usage{PromptTokens: int(in), CompletionTokens: int(out)})
		if !ok {
			return
		}
		want := new(big.Rat).Add(product(input, in), product(output, out))
		want.Quo(want, big.NewRat(1_000_000, 1))
		got, _ := new(big.Rat).SetString(cost.Decimal())
		if usd, _ := want.Float64(); got.Cmp(want) != 0 || cost.USD() != usd {
			t.Errorf("%d x %s + %d x %s = %s (%v), want %s", in, input, out, output, cost.Decimal(), cost.USD(), want.FloatString(12))
		}
	})
}

// product takes a price that was taken; null is one that no token was charged at.
func product(price string, tokens uint32) *big.Rat {
	p, ok := new(big.Rat).SetString(strings.TrimSpace(price))
	if !ok {
		return new(big.Rat)
	}
	return p.Mul(p, big.NewRat(int64(tokens), 1))
}

func TestCostText(t *testing.T) {
	for picodollars, want := range map[pricing.Cost][2]string{
		0:                     {"0", "$0.00"},
		1:                     {"0.000000000001", "$0.000000000001"},
		3_702_000_000:         {"0.003702", "$0.003702"},
		1_500_000_000_000:     {"1.5", "$1.50"},
		1_234_567_000_000_000: {"1234.567", "$1,234.567"},
		1<<63 - 1:             {"9223372.036854775807", "$9,223,372.036854775807"},
	} {
		if picodollars.Decimal() != want[0] || picodollars.String() != want[1] {
			t.Errorf("%d is %s, %s, want %v", picodollars.Picodollars(), picodollars.Decimal(), picodollars, want)
		}
	}
	if usd := pricing.Cost(1<<63 - 1).USD(); usd != 9223372.036854775807 {
		t.Errorf("the largest cost is %v USD", usd)
	}
}
