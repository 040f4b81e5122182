package timeline

import (
	"maps"
	"slices"
	"strings"

	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/format"
	"github.com/sentrial/sentrial-go/types"
)

// result: how the session ended.
func (d *drawer) result(s types.Session) {
	if s.Summary == "" && s.Output == nil && len(s.Metrics) == 0 && !d.Full {
		return
	}
	d.print("")
	if d.Full {
		d.sections(margin, []section{{"input", s.Input}, {"summary", s.Summary}, {"output", s.Output}})
	} else {
		d.pairs([2]string{"summary", format.Preview(s.Summary)})
		d.pairs([2]string{"output", format.Preview(s.Output)})
	}
	d.pairs([2]string{"metrics", metrics(s.Metrics)})
}

func metrics(m map[string]float64) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, name+"="+format.Number(m[name]))
	}
	return strings.Join(parts, " ")
}

// sections prints whole values under their labels, wrapped on a terminal and as they are into a pipe.
func (d *drawer) sections(prefix string, list []section) {
	for _, s := range list {
		text := format.Full(s.value)
		if text == "" {
			continue
		}
		if oneLine, ok := d.short(prefix, s, text); ok {
			d.line(prefix, oneLine)
			continue
		}
		d.line(prefix, console.Line(console.Dim, s.label))
		for line := range strings.SplitSeq(console.CleanBlock(text), "\n") {
			d.wrapped(prefix+margin, line)
		}
	}
}

// short is a section on one line, if it fits there: a text without line breaks, or JSON without its indentation.
func (d *drawer) short(prefix string, s section, text string) (console.Text, bool) {
	if len(text) > 4*maxWidth {
		return console.Text{}, false
	}
	if _, isText := s.value.(string); !isText {
		text = format.Compact(s.value)
	}
	line := console.Line(console.Dim, s.label+" ").Add(console.None, text)
	return line, !strings.ContainsAny(text, "\n\t") && console.Cells(prefix)+line.Cells() <= d.width
}

func (d *drawer) wrapped(prefix, line string) {
	pieces := []string{line}
	if d.Console.Terminal {
		pieces = console.Wrap(line, max(20, d.width-console.Cells(prefix)))
	}
	for _, p := range pieces {
		d.print(strings.TrimRight(d.Console.Paint(console.Dim, prefix)+p, " "))
	}
}
