package sink

import (
	"bytes"

	"github.com/sentrial/sentrial-go/bench/work"
)

// findings are the events of one body.
type findings struct {
	counts          work.Counts
	changedIn       uint64
	changedOut      uint64
	events, answers uint64
}

func (f *findings) addTo(s *Stats) {
	s.Events += f.events
	s.Changed += max(f.changedIn, f.changedOut) // an event that was changed shows it on one side or on both
	for i := range work.Size {
		s.Counts.Tools[i] += f.counts.Tools[i]
		s.Counts.LLMs[i] += f.counts.LLMs[i]
	}
}

// scan counts the events in a body of any format, as long as texts stand in it as they are or as JSON writes them.
func scan(e *work.Expected, open []byte) *findings {
	f := new(findings)
	eachMarker(open, work.In, func(at int, k work.Kind, i int) {
		f.events++
		*f.counts.Of(k, i)++
		if !matches(open, at, e.Of(work.In, k, i)) {
			f.changedIn++
		}
	})
	eachMarker(open, work.Out, func(at int, k work.Kind, i int) {
		f.answers++
		if !matches(open, at, e.Of(work.Out, k, i)) {
			f.changedOut++
		}
	})
	f.changedOut += f.events - min(f.events, f.answers) // an event without its other half
	return f
}

// eachMarker finds the markers of a side.
func eachMarker(open []byte, s work.Side, found func(at int, k work.Kind, i int)) {
	side := []byte(s)
	for at := 0; ; {
		next := bytes.Index(open[at:], side)
		if next < 0 {
			return
		}
		at += next
		if k, i, ok := parseMarker(open[at:]); ok {
			found(at, k, i)
		}
		at += len(side)
	}
}

// parseMarker reads what follows a side: the kind, four digits and a dot.
func parseMarker(b []byte) (k work.Kind, i int, ok bool) {
	if len(b) < work.MarkerSize || b[work.MarkerSize-1] != '.' {
		return 0, 0, false
	}
	k = work.Kind(b[len(work.In)])
	for _, digit := range b[len(work.In)+1 : work.MarkerSize-1] {
		if digit < '0' || digit > '9' {
			return 0, 0, false
		}
		i = i*10 + int(digit-'0')
	}
	return k, i, i < work.Size && (k == work.ToolKind || k == work.LLMKind)
}

// matches tells whether the text around the marker is one of the forms.
func matches(open []byte, at int, forms work.Forms) bool {
	for _, f := range forms {
		begin := at - f.Offset
		if end := begin + len(f.Text); begin >= 0 && end <= len(open) && string(open[begin:end]) == f.Text {
			return true
		}
	}
	return false
}
