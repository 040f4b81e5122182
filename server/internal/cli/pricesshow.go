package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/pricing"
	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/types"
)

func (a *app) pricesShowCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "show MODEL",
		Short: "Show how the price of a model is found, and what a call costs",
		Long: `show tells which name of the table a model's name is, by which rule, and what its tokens cost. Given tokens, it shows the sum class by class. They count as
events count them: --input is the whole prompt, cached or not, --output the whole answer with its reasoning.

A model without a price, and a cost that is not known, exit with 1.`,
		Example: `  sentrial prices show gpt-4o-2024-08-06
  sentrial prices show gpt-4o --input 2234 --cached 1000 --output 56
  sentrial prices show us.anthropic.claude-sonnet-4-5-20250929-v1:0 --provider aws.bedrock --json`,
		Annotations: map[string]string{unconfigured: "it asks nobody"},
		Args:        cobra.ExactArgs(1),
		RunE:        a.run(a.showPrice),
	}
	f := cmd.Flags()
	f.String("provider", "", "who is called, as events name them: openai, aws.bedrock, ... (default: nobody says)")
	f.Int("input", 0, "tokens of the prompt, cached ones too")
	f.Int("output", 0, "tokens of the answer, reasoning too")
	f.Int("cached", 0, "of the input: read from the provider's cache")
	f.Int("cache-write", 0, "of the input: written to the provider's cache")
	f.Int("reasoning", 0, "of the output: spent on reasoning")
	f.Bool("json", false, "print JSON")
	addPrices(cmd, "lay the prices of this file over those that are built in")
	cmd.ValidArgsFunction = func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return modelNames(pricing.Default()), cobra.ShellCompDirectiveNoFileComp
	}
	return cmd
}

func (a *app) showPrice(cmd *cobra.Command, args []string) error {
	prices, err := a.prices(cmd)
	if err != nil {
		return err
	}
	usage, asked := usageFlags(cmd)
	provider, _ := cmd.Flags().GetString("provider")
	x := prices.Explain(provider, args[0], usage)
	if !x.Found {
		return a.noPrice(prices, &x)
	}
	if !asked {
		x.Err = nil // nobody asked for a cost
	}
	if asJSON(cmd) {
		err = a.printJSON(priceDocument(&x, asked))
	} else {
		err = buffered(sink{a.out}, func(w io.Writer) error { return a.drawPrice(w, &x, asked) })
	}
	if err == nil && x.Err != nil {
		err = unknownCost(x.Err)
	}
	return err
}

func usageFlags(cmd *cobra.Command) (u types.Usage, given bool) {
	for name, to := range map[string]*int{
		"input": &u.PromptTokens, "output": &u.CompletionTokens, "cached": &u.CachedTokens, "cache-write": &u.CacheWriteTokens, "reasoning": &u.ReasoningTokens,
	} {
		*to, _ = cmd.Flags().GetInt(name)
		given = given || cmd.Flags().Changed(name)
	}
	return u, given
}

// noPrice is for a model that the table does not know under that name and at that provider.
func (a *app) noPrice(t *pricing.Table, x *pricing.Explanation) error {
	p := unknownCost(x.Err)
	p.hint = "See `sentrial prices ls`, or give a price to the name in a file, with --prices FILE or SENTRIAL_PRICES."
	if !errors.Is(x.Err, pricing.ErrUnknownModel) {
		p.hint = "--provider says whose price is meant; a file has others, with --prices FILE or SENTRIAL_PRICES."
	} else if near := nearModels(t, x.Model); len(near) > 0 {
		p.hint = "Names that are near: " + strings.Join(near, ", ")
	}
	return p
}

func unknownCost(err error) *problem {
	return &problem{exit: exitFailed, err: err, what: strings.TrimPrefix(err.Error(), "pricing: ")}
}

// drawPrice prints an explanation for people: what was found, then the sum or the prices themselves.
func (a *app) drawPrice(w io.Writer, x *pricing.Explanation, asked bool) error {
	c := a.stdout()
	found := x.Match.Name
	if x.Match.Provider != "" {
		found += " of " + x.Match.Provider
	}
	lines := []string{c.Paint(console.Bold, console.CleanLine(found)) + c.Paint(console.Dim, ", found "+console.CleanLine(x.Match.Rule()))}
	if asked {
		lines = append(lines, sumLines(c, x)...)
	} else {
		lines = append(lines, rateLines(&x.Match.Model)...)
	}
	if x.Match.Deprecated != "" {
		lines = append(lines, "the provider takes it away on "+x.Match.Deprecated)
	}
	lines = append(lines, c.Paint(console.Dim, "table "+console.CleanLine(x.Version+sourceOf(x))))
	_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
	return err
}

func sourceOf(x *pricing.Explanation) string {
	if x.Source == "" {
		return ""
	}
	return ": " + x.Source
}

func sumLines(c console.Console, x *pricing.Explanation) (lines []string) {
	for _, l := range x.Lines {
		lines = append(lines, "  "+l.String())
	}
	if x.Err != nil {
		return append(lines, c.Paint(console.Red, "total unknown"))
	}
	return append(lines, "total "+c.Paint(console.Green, x.Total.String()))
}

var classes = []pricing.Class{pricing.Input, pricing.CacheRead, pricing.CacheWrite, pricing.Output, pricing.Reasoning}

func rateLines(m *pricing.Model) (lines []string) {
	for _, class := range classes {
		rate := m.Rate(class)
		if !rate.Known() && class == pricing.Reasoning {
			continue // it is charged as output
		}
		price := rate.String()
		if rate.Known() {
			price += " per million tokens"
		}
		lines = append(lines, fmt.Sprintf("  %-12s %s", class, price))
	}
	return lines
}

// priceDocument is an explanation in JSON. Costs are numbers with all their digits, null where they are unknown.
func priceDocument(x *pricing.Explanation, asked bool) []byte {
	type line struct {
		Class  pricing.Class `json:"class"`
		Tokens int           `json:"tokens"`
		Price  priceOf       `json:"price"`
		Cost   *json.Number  `json:"cost"`
	}
	doc := struct {
		Asked   string       `json:"asked"`
		Rule    string       `json:"rule"`
		Prefix  string       `json:"prefix"`
		Suffix  string       `json:"suffix"`
		Prices  modelPrices  `json:"prices"`
		Sum     []line       `json:"sum,omitempty"`
		Cost    *json.Number `json:"cost"`
		Unknown string       `json:"unknown,omitempty"`
		Table   string       `json:"table"`
		Source  string       `json:"source"`
	}{
		Asked: x.Model, Rule: x.Match.Rule(), Prefix: x.Match.Prefix, Suffix: x.Match.Suffix, Prices: pricesOf(&x.Match.Model), Table: x.Version, Source: x.Source,
	}
	for _, l := range x.Lines {
		cost := numberOf(l.Cost)
		if !l.Rate.Known() {
			cost = nil
		}
		doc.Sum = append(doc.Sum, line{l.Class, l.Tokens, priceOf{l.Rate}, cost})
	}
	switch {
	case x.Err != nil:
		doc.Unknown = strings.TrimPrefix(x.Err.Error(), "pricing: ")
	case asked:
		doc.Cost = numberOf(x.Total)
	}
	text, _ := json.Marshal(doc) // of texts and numbers
	return text
}

func numberOf(c pricing.Cost) *json.Number {
	n := json.Number(c.Decimal())
	return &n
}
