package timeline

import (
	"cmp"

	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/types"
)

// failure: what went wrong and what was done about it.
func (d *drawer) failure(e types.Event, f types.ErrorEvent) entry {
	title := d.heading(e, cmp.Or(f.ErrorType, "error"))
	if !f.Recoverable {
		title = title.Add(console.Red, " not recoverable")
	}
	return entry{
		title: title,
		facts: d.fact(console.Red, f.ErrorMessage),
		notes: d.recovery(f.RecoveryAction),
		full:  []section{{"message", f.ErrorMessage}, {"recovery", f.RecoveryAction}, {"stack trace", f.StackTrace}},
	}
}

func (d *drawer) recovery(action string) []console.Text {
	if d.Full || action == "" {
		return nil
	}
	return []console.Text{console.Line(console.Green, d.glyph.recovery+" ").Add(console.None, head(action))}
}
