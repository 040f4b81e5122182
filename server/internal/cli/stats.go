package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/format"
	"github.com/sentrial/sentrial-go/server/internal/table"
)

func (a *app) statsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "stats",
		Short: "Sum up what was recorded",
		Example: `  sentrial stats
  sentrial stats --last 24h
  sentrial stats --json | jq .cost`,
		Args: cobra.NoArgs,
		RunE: a.run(a.stats),
	}
	addSpan(cmd)
	addSource(cmd)
	a.completeFlags(cmd)
	cmd.ValidArgsFunction = cobra.NoFileCompletions
	return cmd
}

func (a *app) stats(cmd *cobra.Command, _ []string) error {
	query := url.Values{}
	if err := span(cmd, query); err != nil {
		return err
	}
	src, err := a.open(cmd)
	if err != nil {
		return err
	}
	defer func() { _ = src.Close() }()
	raw, err := src.Get(cmd.Context(), "/v1/stats", query)
	if err != nil {
		return err
	}
	if asJSON(cmd) {
		return a.printJSON(raw)
	}
	var s summedUp
	if err := json.Unmarshal(raw, &s); err != nil {
		return fmt.Errorf("cannot read the sums: %w", err)
	}
	return a.printStats(s)
}

// summedUp is the API's answer.
type summedUp struct {
	Sessions         map[string]int `json:"sessions"`
	Events           map[string]int `json:"events"`
	Errors           int            `json:"errors"`
	PromptTokens     int            `json:"prompt_tokens"`
	CompletionTokens int            `json:"completion_tokens"`
	TokensUsed       int            `json:"tokens_used"`
	CachedTokens     int            `json:"cached_tokens"`
	CacheWriteTokens int            `json:"cache_write_tokens"`
	ReasoningTokens  int            `json:"reasoning_tokens"`
	Cost             *float64       `json:"cost"`
	LastEventAt      time.Time      `json:"last_event_at"`
}

// printStats draws the sums: each status and each type with its share of the whole as a bar, then what is one number.
func (a *app) printStats(s summedUp) error {
	c := a.stdout()
	columns := []table.Column{{Title: "WHAT"}, {Title: "NUMBER", Right: true}}
	if c.Terminal {
		columns = append(columns, table.Column{Title: "SHARE", Drop: 1})
	}
	t := table.New(columns...)
	add := func(style console.Style, what, number string, bar console.Text) {
		t.Add([]console.Text{console.Line(style, what), console.Line(style, number), bar}[:len(columns)]...)
	}
	blank := console.Line(console.None, " ")
	parts := func(title string, counts map[string]int, order []string) {
		add(console.Bold, title, format.Count(counts["total"]), blank)
		for _, name := range order {
			if n := counts[name]; n > 0 {
				add(console.None, "  "+name, format.Count(n), barOf(c, float64(n), float64(counts["total"])))
			}
		}
	}
	parts("sessions", s.Sessions, sessionStatuses)
	parts("events", s.Events, byCount(s.Events))
	for _, row := range s.figures(a, c) {
		if row[1] != "" {
			add(console.None, row[0], row[1], blank)
		}
	}
	return t.Write(sink{a.out}, c)
}

// byCount are the names of counts but for the total, the largest first.
func byCount(counts map[string]int) []string {
	list := slices.SortedFunc(maps.Keys(counts), func(x, y string) int { return cmp.Or(cmp.Compare(counts[y], counts[x]), cmp.Compare(x, y)) })
	return slices.DeleteFunc(list, func(name string) bool { return name == "total" })
}

// figures are the sums that stand alone.
func (s *summedUp) figures(a *app, c console.Console) [][2]string {
	total := s.TokensUsed
	if total == 0 {
		total = s.PromptTokens + s.CompletionTokens
	}
	return [][2]string{
		{"errors", format.Count(s.Errors)},
		{"tokens", format.Count(total)},
		{"  in", known(s.PromptTokens)},
		{"  cached", known(s.CachedTokens)},
		{"  written to cache", known(s.CacheWriteTokens)},
		{"  out", known(s.CompletionTokens)},
		{"  reasoning", known(s.ReasoningTokens)},
		{"cost", format.Cost(s.Cost)},
		{"last event", a.startedAt(c, s.LastEventAt)},
	}
}
