package consumer

import (
	"errors"
	"fmt"
	"strings"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/pricing"
	"github.com/sentrial/sentrial-go/types"
)

// PricedClient makes a client that estimates by prices of its own, laid over those that are built in.
func PricedClient(prices string) (*sentrial.Client, error) {
	mine, err := pricing.Parse(strings.NewReader(prices))
	var parse *pricing.ParseError
	if errors.As(err, &parse) {
		return nil, fmt.Errorf("line %d, %s: %w", parse.Line, parse.Model, err)
	}
	return sentrial.New(sentrial.WithAPIURL("http://127.0.0.1:1"), sentrial.WithPrices(pricing.Default().With(mine)))
}

// Bill sums what calls cost and tells which of them it could not price, and why.
func Bill(t *pricing.Table, calls []types.LLMCall) (usd float64, unknown []error) {
	var sum pricing.Cost
	for _, c := range calls {
		if cost, ok := t.Cost(c.Provider, c.Model, c.Usage); ok {
			sum += cost
			continue
		}
		x := t.Explain(c.Provider, c.Model, c.Usage)
		if errors.Is(x.Err, pricing.ErrUnknownModel) {
			unknown = append(unknown, fmt.Errorf("table %s of %s: %w", t.Version(), t.Source(), x.Err))
			continue
		}
		unknown = append(unknown, x.Err)
	}
	return sum.USD(), unknown
}

// Cheapest is the model with the lowest price of output tokens.
func Cheapest(t *pricing.Table) (best pricing.Model) {
	for _, m := range t.Models() {
		if out := m.Rate(pricing.Output); out.Known() && (best.Name == "" || out.Picodollars() < best.Output.Picodollars()) {
			best = m
		}
	}
	return best
}
