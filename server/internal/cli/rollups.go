package cli

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server/internal/apiclient"
	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/format"
	"github.com/sentrial/sentrial-go/server/internal/table"
)

// What --by and --interval take.
var (
	rollupFacets    = []string{"model", "agent", "tool", "type"}
	rollupIntervals = []string{"hour", "day"}
)

func (a *app) rollupsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rollups",
		Short: "Sum up by hour or day and by model, agent, tool or type",
		Example: `  sentrial rollups --last 7d
  sentrial rollups --by agent --interval hour --last 24h
  sentrial rollups --by model --value gpt-4o --json | jq '[.data[].cost] | add'`,
		Args: cobra.NoArgs,
		RunE: a.run(a.rollups),
	}
	f := cmd.Flags()
	f.String("by", "model", "what to sum up by: "+strings.Join(rollupFacets, ", "))
	f.String("interval", "day", "hour or day, of UTC")
	f.String("value", "", "only this model, agent, tool or type")
	addSpan(cmd)
	addPaging(cmd, 1000, "rows")
	addSource(cmd)
	a.completeFlags(cmd)
	cmd.ValidArgsFunction = cobra.NoFileCompletions
	_ = cmd.RegisterFlagCompletionFunc("value", a.completeFacet(func(cmd *cobra.Command) string { by, _ := cmd.Flags().GetString("by"); return by }))
	_ = cmd.RegisterFlagCompletionFunc("by", cobra.FixedCompletions(rollupFacets, cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("interval", cobra.FixedCompletions(rollupIntervals, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (a *app) rollups(cmd *cobra.Command, _ []string) error {
	query, err := rollupQuery(cmd)
	if err != nil {
		return err
	}
	src, err := a.open(cmd)
	if err != nil {
		return err
	}
	defer func() { _ = src.Close() }()
	got, err := collect(cmd, query, func(q url.Values) (*apiclient.Page, error) { return src.List(cmd.Context(), "/v1/rollups", q) })
	if err != nil {
		return err
	}
	if asJSON(cmd) {
		return a.printList(got, "row")
	}
	return a.printRollups(got, query.Get("by"), query.Get("interval"))
}

func rollupQuery(cmd *cobra.Command) (url.Values, error) {
	query := url.Values{}
	for flag, allowed := range map[string][]string{"by": rollupFacets, "interval": rollupIntervals, "value": nil} {
		v, _ := cmd.Flags().GetString(flag)
		if allowed != nil && !slices.Contains(allowed, v) {
			return nil, usage("", "--%s %q: expected one of %s", flag, v, strings.Join(allowed, ", "))
		}
		if v != "" {
			query.Set(flag, v)
		}
	}
	return query, span(cmd, query)
}

// rollup is a row as the API sends it.
type rollup struct {
	Start      time.Time `json:"start"`
	Value      string    `json:"value"`
	Sessions   int       `json:"sessions"`
	Events     int       `json:"events"`
	Errors     int       `json:"errors"`
	TokensUsed int       `json:"tokens_used"`
	Cost       *float64  `json:"cost"`
	P50        *float64  `json:"p50_ms"`
	P95        *float64  `json:"p95_ms"`
}

// printRollups draws the table. A person sees a bar for what each row cost, or where nothing cost anything for its events.
func (a *app) printRollups(got list, by, interval string) error {
	rows := make([]rollup, len(got.data))
	for i, raw := range got.data {
		if err := json.Unmarshal(raw, &rows[i]); err != nil {
			return fmt.Errorf("cannot read a row: %w", err)
		}
	}
	if len(rows) == 0 {
		return a.note("nothing was recorded in that time")
	}
	c := a.stdout()
	name, weight := weightOf(rows)
	most := 0.0
	for _, r := range rows {
		most = max(most, weight(r))
	}
	columns := rollupColumns(by, interval)
	if c.Terminal {
		columns = append(columns, table.Column{Title: name, Drop: 6})
	}
	t := table.New(columns...)
	for _, r := range rows {
		cells := a.rollupRow(c, r, by, interval)
		if c.Terminal {
			cells = append(cells, barOf(c, weight(r), most))
		}
		t.Add(cells...)
	}
	if err := t.Write(sink{a.out}, c); err != nil {
		return err
	}
	return a.noteMore(got, "row")
}

// weightOf is what bars show, and its title.
func weightOf(rows []rollup) (string, func(rollup) float64) {
	if slices.ContainsFunc(rows, func(r rollup) bool { return r.Cost != nil && *r.Cost > 0 }) {
		return "COST SHARE", func(r rollup) float64 {
			if r.Cost == nil {
				return 0
			}
			return *r.Cost
		}
	}
	return "EVENT SHARE", func(r rollup) float64 { return float64(r.Events) }
}

func rollupColumns(by, interval string) []table.Column {
	columns := []table.Column{{Title: strings.ToUpper(interval)}, {Title: strings.ToUpper(by), Min: 12}}
	if by == "agent" {
		columns = append(columns, table.Column{Title: "SESSIONS", Right: true, Drop: 4})
	}
	return append(columns,
		table.Column{Title: "EVENTS", Right: true},
		table.Column{Title: "ERRORS", Right: true, Drop: 3},
		table.Column{Title: "TOKENS", Right: true, Drop: 5},
		table.Column{Title: "COST", Right: true},
		table.Column{Title: "P50", Right: true, Drop: 2},
		table.Column{Title: "P95", Right: true, Drop: 1},
	)
}

func (a *app) rollupRow(c console.Console, r rollup, by, interval string) []console.Text {
	failures, cost := console.None, console.None
	if r.Errors > 0 {
		failures = console.Red
	}
	if r.Cost == nil {
		cost = console.Dim
	}
	row := []console.Text{console.Line(console.None, startOf(c, r.Start, interval)), console.Line(console.Bold, format.Preview(r.Value))}
	if by == "agent" {
		row = append(row, console.Line(console.None, format.Count(r.Sessions)))
	}
	return append(row,
		console.Line(console.None, format.Count(r.Events)),
		console.Line(failures, format.Count(r.Errors)),
		console.Line(console.None, known(r.TokensUsed)),
		console.Line(cost, format.Cost(r.Cost)),
		console.Line(console.None, millis(r.P50)),
		console.Line(console.None, millis(r.P95)),
	)
}

// startOf is the beginning of an interval, of UTC: exact for a program, as short as it is unambiguous for a person.
func startOf(c console.Console, t time.Time, interval string) string {
	switch {
	case interval == "day":
		return t.UTC().Format(time.DateOnly)
	case c.Terminal:
		return t.UTC().Format("2006-01-02 15:04")
	}
	return t.UTC().Format(time.RFC3339)
}

func millis(ms *float64) string {
	if ms == nil {
		return ""
	}
	return format.Duration(time.Duration(*ms * float64(time.Millisecond)))
}
