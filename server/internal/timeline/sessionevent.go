package timeline

import (
	"cmp"
	"strings"

	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/format"
	"github.com/sentrial/sentrial-go/types"
)

// fields is a session_start or session_update: what is now known of the session.
func (d *drawer) fields(e types.Event, f types.SessionFields) entry {
	var t console.Text
	for _, field := range [][2]string{
		{"name", f.Name},
		{"agent", strings.TrimSpace(f.AgentName + " " + f.AgentVersion)},
		{"user", f.UserID},
		{"conversation", f.ConversationID},
		{"parent", f.ParentSessionID},
		{"tags", strings.Join(f.Tags, ",")},
		{"input", format.Preview(f.Input)},
	} {
		if field[1] != "" && !(d.Full && field[0] == "input") {
			t = t.Add(console.Dim, field[0]+"=").Add(console.None, head(field[1])+" ")
		}
	}
	name := "session started"
	if e.Type == types.EventSessionUpdate {
		name = "session updated"
	}
	return entry{title: d.heading(e, name), facts: t, full: []section{{"input", f.Input}}}
}

// ending is a session_end.
func (d *drawer) ending(e types.Event, r types.SessionResult) entry {
	return entry{
		title: d.heading(e, "session ended").Add(console.None, " ").Join(StatusText(d.Console, e.Status)),
		facts: d.fact(console.None, cmp.Or(r.Summary, format.Preview(r.Output))),
	}
}

// feedback judges an event or the session.
func (d *drawer) feedback(e types.Event, f types.Feedback) entry {
	t := d.heading(e, cmp.Or(f.Name, "feedback"))
	if f.Score != nil {
		t = t.Add(console.None, " "+format.Number(*f.Score))
	}
	if f.Label != "" {
		t = t.Add(console.None, " "+f.Label)
	}
	return entry{title: t, facts: d.fact(console.None, f.Comment), full: []section{{"comment", f.Comment}}}
}
