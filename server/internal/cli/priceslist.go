package cli

import (
	"encoding/json"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/pricing"
	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/table"
)

func (a *app) pricesListCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "ls [PATTERN]",
		Aliases: []string{"list"},
		Short:   "List models with their prices, in dollars per million tokens",
		Long: `ls lists the models of the price table: those whose name holds PATTERN, or matches it if it has one of * ? [.
With --json the list has the form of a file of prices.`,
		Example: `  sentrial prices ls
  sentrial prices ls --provider anthropic
  sentrial prices ls 'gpt-5*' --json | jq -r '.models[] | [.model, .input, .output] | @tsv'`,
		Annotations: map[string]string{unconfigured: "it asks nobody"},
		Args:        cobra.MaximumNArgs(1),
		RunE:        a.run(a.listPrices),
	}
	cmd.Flags().String("provider", "", "only this provider's")
	cmd.Flags().Bool("json", false, "print JSON")
	addPrices(cmd, "lay the prices of this file over those that are built in")
	_ = cmd.RegisterFlagCompletionFunc("provider", cobra.FixedCompletions(priceProviders(pricing.Default()), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (a *app) listPrices(cmd *cobra.Command, args []string) error {
	prices, err := a.prices(cmd)
	if err != nil {
		return err
	}
	provider, _ := cmd.Flags().GetString("provider")
	if known := priceProviders(prices); provider != "" && !slices.Contains(known, provider) {
		return usage("", "--provider %q: the table has %s", provider, strings.Join(known, ", "))
	}
	pattern := strings.Join(args, "")
	if _, err := path.Match(pattern, ""); err != nil {
		return usage("", "%q: the pattern is malformed", pattern)
	}
	models := slices.DeleteFunc(prices.Models(), func(m pricing.Model) bool {
		return provider != "" && m.Provider != provider || !matches(pattern, m.Name)
	})
	if asJSON(cmd) {
		return a.printPricesJSON(prices, models)
	}
	if len(models) == 0 {
		return a.note("the price table has no such model")
	}
	return a.printPrices(prices, models)
}

func priceProviders(t *pricing.Table) (names []string) {
	for _, m := range t.Models() {
		if m.Provider != "" && !slices.Contains(names, m.Provider) {
			names = append(names, m.Provider)
		}
	}
	return names
}

// matches tells whether a name holds the pattern, or is of its shape if it has one.
func matches(pattern, name string) bool {
	if strings.ContainsAny(pattern, "*?[") {
		ok, _ := path.Match(strings.ReplaceAll(pattern, "/", "\x00"), strings.ReplaceAll(name, "/", "\x00")) // a slash is a letter of names
		return ok
	}
	return strings.Contains(name, pattern)
}

func (a *app) printPricesJSON(t *pricing.Table, models []pricing.Model) error {
	list := make([]modelPrices, len(models))
	for i := range models {
		list[i] = pricesOf(&models[i])
	}
	doc, err := json.Marshal(struct {
		Version string        `json:"version"`
		Unit    string        `json:"unit"`
		Source  string        `json:"source"`
		Models  []modelPrices `json:"models"`
	}{t.Version(), "USD per 1,000,000 tokens", t.Source(), list})
	if err != nil {
		return err
	}
	return a.printJSON(doc)
}

func (a *app) printPrices(prices *pricing.Table, models []pricing.Model) error {
	c := a.stdout()
	t := table.New(
		table.Column{Title: "MODEL", Min: 20},
		table.Column{Title: "PROVIDER", Drop: 2},
		table.Column{Title: "INPUT", Right: true},
		table.Column{Title: "CACHED", Right: true, Drop: 3},
		table.Column{Title: "CACHE WRITE", Right: true, Drop: 4},
		table.Column{Title: "OUTPUT", Right: true},
		table.Column{Title: "ENDS", Drop: 1},
	)
	for i := range models {
		t.Add(a.priceRow(&models[i])...)
	}
	if err := t.Write(sink{a.out}, c); err != nil {
		return err
	}
	if !c.Terminal {
		return nil
	}
	return a.note("dollars per million tokens, table " + prices.Version())
}

func (a *app) priceRow(m *pricing.Model) []console.Text {
	row := []console.Text{console.Line(console.Bold, m.Name), console.Line(console.None, m.Provider)}
	for _, r := range []pricing.Rate{m.Input, m.CacheRead, m.CacheWrite, m.Output} {
		row = append(row, console.Line(console.None, r.Decimal()))
	}
	style := console.None
	if m.Deprecated != "" && m.Deprecated <= a.now().UTC().Format(time.DateOnly) {
		style = console.Red
	}
	return append(row, console.Line(style, m.Deprecated))
}
