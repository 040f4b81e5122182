package timeline

import (
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/format"
	"github.com/sentrial/sentrial-go/types"
)

// axis is the span of time that the bars share.
type axis struct {
	start time.Time
	span  time.Duration
}

// newAxis reaches from the session's begin or its first event, whichever is earlier, to whatever ends last.
func newAxis(v View) axis {
	start, end := v.Session.CreatedAt, v.Session.CreatedAt
	grow := func(from, to time.Time) {
		if !from.IsZero() && (start.IsZero() || from.Before(start)) {
			start = from
		}
		if to.After(end) {
			end = to
		}
	}
	for _, e := range v.Events {
		if !e.Timestamp.IsZero() {
			grow(e.Timestamp, e.Timestamp.Add(max(0, e.Duration)))
		}
	}
	if v.Session.ClosedAt != nil {
		grow(*v.Session.ClosedAt, *v.Session.ClosedAt)
	}
	return axis{start, max(0, end.Sub(start))}
}

// place is where e lies on the axis, as fractions of it. An event still running reaches to the end.
func (a axis) place(e types.Event) (from, to float64) {
	if a.span <= 0 || e.Timestamp.IsZero() {
		return 0, 0
	}
	from = float64(e.Timestamp.Sub(a.start)) / float64(a.span)
	to = from + float64(max(0, e.Duration))/float64(a.span)
	if e.Status == types.StatusRunning {
		to = 1
	}
	return min(max(from, 0), 1), min(max(to, 0), 1)
}

// ruler is the axis written out: 0 at the left, the whole span at the right and, where there is room, its middle.
func (a axis) ruler(g glyphs, cells int) console.Text {
	left, middle, right := "0", format.Duration(a.span/2), format.Duration(a.span)
	before := cells/2 - len(left) - len(middle)/2
	after := cells - len(left) - before - len(middle) - len(right)
	if a.span <= 0 || before < 3 || after < 3 {
		fill := max(0, cells-len(left)-len(right))
		return console.Line(console.Dim, left+strings.Repeat(g.rule, fill)+right)
	}
	return console.Line(console.Dim, left+strings.Repeat(g.rule, before)+middle+strings.Repeat(g.rule, after)+right)
}
