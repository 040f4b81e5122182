package timeline

import (
	"cmp"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/format"
	"github.com/sentrial/sentrial-go/types"
)

const margin = "  "

// header: whose session this is, when it ran, what it took.
func (d *drawer) header(v View) {
	s := v.Session
	title := console.Line(console.Bold, cmp.Or(head(s.Name), "(unnamed session)"))
	if s.Status != "" {
		title = title.Add(console.None, "  ").Join(StatusText(d.Console, s.Status))
	}
	d.line("", title)
	if s.ID != "" {
		d.line(margin, console.Line(console.Dim, s.ID))
	}
	d.pairs(
		[2]string{"agent", strings.TrimSpace(s.AgentName + " " + s.AgentVersion)},
		[2]string{"user", s.UserID},
		[2]string{"conversation", s.ConversationID},
		[2]string{"parent", s.ParentSessionID},
		[2]string{"project", s.ProjectID},
		[2]string{"tags", strings.Join(s.Tags, ", ")},
	)
	d.pairs([2]string{"started", d.moment(s.CreatedAt)}, [2]string{"took", d.took(s)})
	d.facts(totals(v, d.glyph))
	if in := format.Preview(s.Input); in != "" && !d.Full {
		d.pairs([2]string{"input", in})
	}
}

// pairs prints labels and values beside each other, on as many lines as they need.
func (d *drawer) pairs(list ...[2]string) {
	var pieces []console.Text
	for _, p := range list {
		if p[1] != "" {
			pieces = append(pieces, console.Line(console.Dim, p[0]+" ").Add(console.None, p[1]))
		}
	}
	d.facts(pieces)
}

func (d *drawer) facts(pieces []console.Text) {
	var line console.Text
	for _, p := range pieces {
		if !line.Empty() && len(margin)+line.Cells()+3+p.Cells() > d.width {
			d.line(margin, line)
			line = console.Text{}
		}
		if !line.Empty() {
			line = line.Add(console.Dim, "   ")
		}
		line = line.Join(p)
	}
	if !line.Empty() {
		d.line(margin, line)
	}
}

func (d *drawer) moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	s := t.In(d.Location).Format("2006-01-02 15:04:05 MST")
	if !d.Now.IsZero() {
		s += " (" + format.Ago(t, d.Now) + ")"
	}
	return s
}

// took is the length of a session that ended, or how far one without an end got.
func (d *drawer) took(s types.Session) string {
	switch {
	case s.ClosedAt != nil:
		return format.Duration(s.ClosedAt.Sub(s.CreatedAt))
	case d.axis.span > 0:
		return format.Duration(d.axis.span) + " so far"
	}
	return ""
}

// totals counts what the events say where the session's own counters do not.
func totals(v View, g glyphs) []console.Text {
	s, calls := v.Session, map[types.EventType]int{}
	for _, e := range v.Events {
		calls[e.Type]++
	}
	list := []console.Text{console.Line(console.None, format.Plural(s.Events, "event"))}
	if n := calls[types.EventLLMCall]; n > 0 {
		list = append(list, console.Line(console.None, format.Plural(n, "LLM call")))
	}
	if n := calls[types.EventToolCall]; n > 0 {
		list = append(list, console.Line(console.None, format.Plural(n, "tool call")))
	}
	if s.Errors > 0 {
		list = append(list, console.Line(console.Red, format.Plural(s.Errors, "error")))
	}
	if u := s.Usage; u != (types.Usage{}) {
		list = append(list, console.Line(console.None, sum(u, g)))
	}
	if s.Cost != nil || calls[types.EventLLMCall] > 0 {
		list = append(list, cost(v))
	}
	return list
}

func sum(u types.Usage, g glyphs) string {
	total := u.TotalTokens
	if total == 0 {
		total = u.PromptTokens + u.CompletionTokens
	}
	d := drawer{glyph: g}
	return format.Plural(total, "token") + inParentheses(d.tokens(types.Usage{
		PromptTokens: u.PromptTokens, CompletionTokens: u.CompletionTokens,
	}), counted(u.CachedTokens, "cached"))
}

// cost is the session's cost; a sum that lacks some calls is only a lower bound.
func cost(v View) console.Text {
	if v.Session.Cost == nil {
		return console.Line(console.Dim, "cost "+format.Unknown)
	}
	missing := 0
	for _, e := range v.Events {
		if e.LLMCall != nil && e.LLMCall.Cost == nil {
			missing++
		}
	}
	t := console.Line(console.Green, format.Cost(v.Session.Cost))
	if missing > 0 {
		t = t.Add(console.Dim, " and "+format.Plural(missing, "call")+" of unknown cost")
	}
	return t
}
