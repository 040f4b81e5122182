package consumer_test

import (
	"errors"
	"testing"

	"example.com/consumer"
	"github.com/sentrial/sentrial-go/pricing"
	"github.com/sentrial/sentrial-go/types"
)

func TestPrices(t *testing.T) {
	usage := types.Usage{PromptTokens: 1_000_000, CompletionTokens: 100_000}
	usd, unknown := consumer.Bill(pricing.Default(), []types.LLMCall{
		{Model: "gpt-4o", Provider: "openai", Usage: usage}, {Model: "gpt-4o"}, {Model: "made-up", Usage: usage},
	})
	if usd != 3.5 || len(unknown) != 2 || !errors.Is(unknown[0], pricing.ErrNoUsage) || !errors.Is(unknown[1], pricing.ErrUnknownModel) {
		t.Errorf("%v USD, unknown: %v", usd, unknown)
	}
	if m := consumer.Cheapest(pricing.Default()); !m.Output.Known() || m.Output.Picodollars() != 0 {
		t.Errorf("the cheapest is %+v", m)
	}
	if _, err := consumer.PricedClient(`{"models": [{"model": "m"}]}`); err == nil {
		t.Error("a model without prices was taken")
	}
	client, err := consumer.PricedClient(`{"models": [{"model": "m", "input": 1, "output": 2}]}`)
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Close(t.Context()); err != nil {
		t.Error(err)
	}
}
