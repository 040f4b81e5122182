package timeline

import (
	"strings"

	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/format"
	"github.com/sentrial/sentrial-go/types"
)

// decision: what was chosen and how surely, over what else, and why.
func (d *drawer) decision(e types.Event, dec types.Decision) entry {
	title := d.heading(e, chose(dec.Chosen))
	if dec.Confidence != nil {
		title = title.Add(console.None, " "+format.Percent(dec.Confidence))
	}
	return entry{
		title: title,
		facts: d.rejected(dec),
		notes: d.brief(console.Dim, dec.Reasoning),
		full:  []section{{"alternatives", strings.Join(dec.Alternatives, "\n")}, {"reasoning", dec.Reasoning}},
	}
}

func chose(option string) string {
	if option == "" {
		return "undecided"
	}
	return "chose " + head(option)
}

// rejected lists what could have been chosen and was not.
func (d *drawer) rejected(dec types.Decision) console.Text {
	var t console.Text
	before := "over "
	if dec.Chosen == "" {
		before = "between "
	}
	for _, option := range dec.Alternatives {
		if option == dec.Chosen {
			continue
		}
		t = t.Add(console.Dim, before).Add(console.None, head(option))
		before = " " + d.glyph.dot + " "
	}
	return t
}
