package cli

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/format"
)

// text is the summary for people: what was stored first, as for every import.
func (s *otlpSummary) text() string {
	var b strings.Builder
	if s.Summary != nil {
		fmt.Fprintf(&b, "%s accepted, %s, %s rejected\n", format.Plural(s.Accepted, "event"), format.Plural(s.Duplicates, "duplicate"), format.Count(s.Rejected))
	} else {
		total := 0
		for _, n := range s.Types {
			total += n
		}
		fmt.Fprintf(&b, "%s would be stored\n", format.Plural(total, "event"))
	}
	counted(&b, s.Types)
	b.WriteString(s.origins())
	nothing := 0
	for _, n := range s.Nothing {
		nothing += n
	}
	if nothing > 0 {
		fmt.Fprintf(&b, "%s became no event\n", format.Plural(nothing, "span"))
		counted(&b, s.Nothing)
	}
	return b.String()
}

// origins is the line that says of what the events are.
func (s *otlpSummary) origins() string {
	line := "from " + format.Plural(s.Spans, "span") + " of " + format.Plural(s.Traces, "trace")
	if s.Logs > 0 {
		line += " and " + format.Plural(s.Logs, "log record")
	}
	line += " in " + format.Plural(s.Files, "file")
	if s.Metrics > 0 {
		line += "; " + format.Plural(s.Metrics, "message") + " of metrics passed over"
	}
	return line + "\n"
}

// counted writes the most frequent first.
func counted(b *strings.Builder, counts map[string]int) {
	names := slices.SortedFunc(maps.Keys(counts), func(x, y string) int { return cmp.Or(counts[y]-counts[x], strings.Compare(x, y)) })
	for _, name := range names {
		fmt.Fprintf(b, "%8s  %s\n", format.Count(counts[name]), cmp.Or(console.CleanLine(name), "(no reason given)"))
	}
}
