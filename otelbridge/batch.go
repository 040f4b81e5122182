package otelbridge

import (
	"bytes"
	"cmp"
	"slices"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// batch is the spans of one export, each once, in the order in which they began.
type batch struct {
	spans []*span
	byRef map[spanRef]*span
}

func newBatch(list []sdktrace.ReadOnlySpan, sessionKeys []string) *batch {
	b := &batch{byRef: make(map[spanRef]*span, len(list))}
	for _, ro := range list {
		if ro == nil || !ro.SpanContext().IsValid() {
			continue
		}
		s := newSpan(ro, sessionKeys)
		if b.byRef[s.ref] == nil {
			b.byRef[s.ref] = s
			b.spans = append(b.spans, s)
		}
	}
	slices.SortFunc(b.spans, func(x, y *span) int {
		return cmp.Or(x.StartTime().Compare(y.StartTime()), bytes.Compare(x.ref.span[:], y.ref.span[:]), bytes.Compare(x.ref.trace[:], y.ref.trace[:]))
	})
	return b
}

func (b *batch) byTrace() map[trace.TraceID][]*span {
	traces := make(map[trace.TraceID][]*span)
	for _, s := range b.spans {
		traces[s.ref.trace] = append(traces[s.ref.trace], s)
	}
	return traces
}

// parentOf gives the span around s, nil when it is not in the batch.
func (b *batch) parentOf(s *span) *span {
	if !s.parent.IsValid() {
		return nil
	}
	return b.byRef[s.parentRef()]
}

// chosenSession is the session named by the span itself or by the nearest one around it.
func (b *batch) chosenSession(s *span) string {
	for range b.spans { // as often as the longest chain is long: broken spans may form a ring
		if s.chosen != "" {
			return s.chosen
		}
		if s = b.parentOf(s); s == nil {
			return ""
		}
	}
	return ""
}

// parentEvent is the event that s happened inside. Spans in between that are known to become no event are passed over; a span that is not in the batch is taken
// for an event.
func (b *batch) parentEvent(s *span) string {
	for range b.spans {
		if !s.parent.IsValid() {
			return ""
		}
		p := b.parentOf(s)
		if p == nil || p.recorded() {
			return s.parentRef().eventID()
		}
		s = p
	}
	return ""
}
