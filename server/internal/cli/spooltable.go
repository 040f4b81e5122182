package cli

import (
	"fmt"

	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/format"
	"github.com/sentrial/sentrial-go/server/internal/table"
)

// printSpool draws the table with the sum below, and says on stderr what is elsewhere.
func (a *app) printSpool(found *spoolFound) error {
	if len(found.Data) == 0 {
		return a.noteSpool(found, "no files are in the spool")
	}
	c := a.stdout()
	t := table.New(
		table.Column{Title: "FILE", Min: 13},
		table.Column{Title: "PID", Right: true, Drop: 3},
		table.Column{Title: "STATE"},
		table.Column{Title: "CREATED", Drop: 2},
		table.Column{Title: "COMMITTED", Right: true},
		table.Column{Title: "SETTLED", Right: true, Drop: 4},
		table.Column{Title: "SENT", Right: true, Drop: 6},
		table.Column{Title: "UNFINISHED", Right: true, Drop: 5},
		table.Column{Title: "DAMAGED", Right: true},
		table.Column{Title: "SIZE", Right: true, Drop: 1},
	)
	for _, f := range found.Data {
		t.Add(a.spoolRow(c, f)...)
	}
	t.Add(spoolSum(found.Total)...)
	if err := t.Write(sink{a.out}, c); err != nil {
		return err
	}
	return a.noteSpool(found, "")
}

func (a *app) spoolRow(c console.Console, f spoolFile) []console.Text {
	pid, state := "", console.None
	if f.PID != 0 {
		pid = fmt.Sprint(f.PID)
	}
	if f.err != nil {
		state = console.Red
	}
	row := []console.Text{
		console.Line(console.None, f.File),
		console.Line(console.None, pid),
		console.Line(state, f.state()),
		console.Line(console.None, a.startedAt(c, f.Created)),
	}
	return append(row, spoolNumbers(f.spoolCounts, f.Bytes)...)
}

func spoolSum(t spoolTotal) []console.Text {
	row := []console.Text{
		console.Line(console.Bold, format.Plural(t.Files, "file")),
		console.Line(console.None, ""),
		console.Line(console.None, fmt.Sprintf("%d live", t.Live)),
		console.Line(console.None, ""),
	}
	return append(row, spoolNumbers(t.spoolCounts, t.Bytes)...)
}

func spoolNumbers(n spoolCounts, size int64) []console.Text {
	damaged := console.None
	if n.Damaged > 0 {
		damaged = console.Red
	}
	return []console.Text{
		console.Line(console.None, format.Count(n.Committed)),
		console.Line(console.None, format.Count(n.Settled)),
		console.Line(console.None, format.Count(n.Sent)),
		console.Line(console.None, format.Count(n.Unfinished)),
		console.Line(damaged, format.Count(n.Damaged)),
		console.Line(console.None, format.Bytes(size)),
	}
}

// noteSpool says text, if there is any, and what is in quarantine.
func (a *app) noteSpool(found *spoolFound, text string) error {
	if q := found.Quarantine; q.Files > 0 {
		if text != "" {
			text += "; "
		}
		text += fmt.Sprintf("quarantine has %s, %s", format.Plural(q.Files, "file"), format.Bytes(q.Bytes))
	}
	if text == "" {
		return nil
	}
	return a.note(text)
}
