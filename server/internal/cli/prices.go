package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/pricing"
)

func (a *app) pricesCommand() *cobra.Command {
	return group(&cobra.Command{
		Use:     "prices",
		Aliases: []string{"price"},
		Short:   "Show what models cost, and how a cost comes about",
		Long: `The cost of an LLM call that reports none is estimated: its tokens times the prices of a table that is built in. Its version is the day that the
prices are of. A file of your own is laid over it with --prices or SENTRIAL_PRICES. Names match exactly, or after a known prefix of a provider and a date,
-latest or a listed version are taken off. What is not known stays unknown.`,
		Example: `  sentrial prices ls claude
  sentrial prices show gpt-4o --input 1234 --output 56`,
	}, a.pricesListCommand(), a.pricesShowCommand())
}

func addPrices(cmd *cobra.Command, what string) {
	cmd.Flags().String("prices", "", what+" (SENTRIAL_PRICES)")
	_ = cmd.MarkFlagFilename("prices", "json")
}

// prices is the table that the flag, the variable or the configuration file choose. One that is off knows no model.
func (a *app) prices(cmd *cobra.Command) (*pricing.Table, error) {
	file := origin{value: a.getenv("SENTRIAL_PRICES"), from: "SENTRIAL_PRICES"}
	if cmd.Flags().Lookup("prices") != nil {
		file = a.origin(cmd, "prices", variables["prices"]...)
	}
	switch path := strings.TrimSpace(file.value); {
	case path == "":
		return pricing.Default(), nil
	case strings.EqualFold(path, "off"):
		return new(pricing.Table), nil
	default:
		mine, err := pricing.ParseFile(path)
		if err != nil {
			return nil, usage("docs/pricing.md of the repository has an example.", "cannot use the prices of %s (%s): %v", path, strings.Replace(file.from, "flag", "--prices", 1), err)
		}
		return pricing.Default().With(mine), nil
	}
}

// priceOf is a price in JSON: dollars per million tokens, null where it is unknown.
type priceOf struct{ pricing.Rate }

func (p priceOf) MarshalJSON() ([]byte, error) {
	if !p.Known() {
		return []byte("null"), nil
	}
	return []byte(p.Decimal()), nil
}

// modelPrices is a model in JSON, with the names that a file of prices has.
type modelPrices struct {
	Model      string   `json:"model"`
	Provider   string   `json:"provider,omitempty"`
	Input      priceOf  `json:"input"`
	Output     priceOf  `json:"output"`
	CacheRead  priceOf  `json:"cache_read"`
	CacheWrite priceOf  `json:"cache_write"`
	Reasoning  *priceOf `json:"reasoning,omitempty"`
	Deprecated string   `json:"deprecated,omitempty"`
}

func pricesOf(m *pricing.Model) modelPrices {
	p := modelPrices{m.Name, m.Provider, priceOf{m.Input}, priceOf{m.Output}, priceOf{m.CacheRead}, priceOf{m.CacheWrite}, nil, m.Deprecated}
	if m.Reasoning.Known() {
		p.Reasoning = &priceOf{m.Reasoning}
	}
	return p
}
