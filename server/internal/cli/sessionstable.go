package cli

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/format"
	"github.com/sentrial/sentrial-go/server/internal/table"
	"github.com/sentrial/sentrial-go/server/internal/timeline"
	"github.com/sentrial/sentrial-go/types"
)

// printSessions draws the table, and says on stderr when there is nothing or more.
func (a *app) printSessions(got list) error {
	c := a.stdout()
	t := table.New(
		table.Column{Title: "ID"},
		table.Column{Title: "NAME", Min: 12},
		table.Column{Title: "AGENT", Min: 8, Drop: 6},
		table.Column{Title: "STATUS"},
		table.Column{Title: "STARTED", Drop: 1},
		table.Column{Title: "DURATION", Right: true, Drop: 2},
		table.Column{Title: "EVENTS", Right: true, Drop: 5},
		table.Column{Title: "ERRORS", Right: true, Drop: 3},
		table.Column{Title: "TOKENS", Right: true, Drop: 7},
		table.Column{Title: "COST", Right: true, Drop: 4},
	)
	for _, raw := range got.data {
		var s types.Session
		if err := json.Unmarshal(raw, &s); err != nil {
			return fmt.Errorf("cannot read a session of the list: %w", err)
		}
		t.Add(a.sessionRow(c, s)...)
	}
	if len(got.data) == 0 {
		return a.note("no sessions match")
	}
	if err := t.Write(sink{a.out}, c); err != nil {
		return err
	}
	return a.noteMore(got, "session")
}

func (a *app) sessionRow(c console.Console, s types.Session) []console.Text {
	errors := console.None
	if s.Errors > 0 {
		errors = console.Red
	}
	cost := console.None
	if s.Cost == nil {
		cost = console.Dim
	}
	tokens := s.Usage.TotalTokens
	if tokens == 0 {
		tokens = s.Usage.PromptTokens + s.Usage.CompletionTokens
	}
	return []console.Text{
		console.Line(console.None, s.ID),
		console.Line(console.Bold, format.Preview(s.Name)),
		console.Line(console.None, format.Preview(s.AgentName)),
		timeline.StatusText(c, s.Status),
		console.Line(console.None, a.startedAt(c, s.CreatedAt)),
		console.Line(console.None, ended(s)),
		console.Line(console.None, format.Count(s.Events)),
		console.Line(errors, format.Count(s.Errors)),
		console.Line(console.None, known(tokens)),
		console.Line(cost, costOf(s, tokens)),
	}
}

// costOf is "" where nothing is known that could have cost something.
func costOf(s types.Session, tokens int) string {
	if s.Cost == nil && tokens == 0 {
		return ""
	}
	return format.Cost(s.Cost)
}

// startedAt is "3h ago" for a person and an exact time for a program.
func (a *app) startedAt(c console.Console, t time.Time) string {
	switch {
	case t.IsZero():
		return ""
	case c.Terminal:
		return format.Ago(t, a.now())
	}
	return t.UTC().Format(time.RFC3339)
}

// ended is how long a session took; "" while it goes on.
func ended(s types.Session) string {
	if s.ClosedAt == nil {
		return ""
	}
	return format.Duration(s.ClosedAt.Sub(s.CreatedAt))
}

// known is a count; "" when nothing was reported.
func known(n int) string {
	if n == 0 {
		return ""
	}
	return format.Count(n)
}
