package otlp

import (
	"errors"
	"fmt"
	"time"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// span reads one, and keeps it if it has the ids that it needs.
func (d *decoder) span(raw []byte) error {
	var m tracepb.Span
	if err := d.unmarshal(raw, &m); err != nil {
		return fmt.Errorf("a span: %w", err)
	}
	s := &genai.Span{
		Name: m.GetName(), Kind: kindOf(m.GetKind()), Start: moment(m.GetStartTimeUnixNano()), End: moment(m.GetEndTimeUnixNano()),
		Status: statusOf(m.GetStatus().GetCode()), Message: m.GetStatus().GetMessage(), RemoteParent: remote(m.GetFlags()),
	}
	if err := identify(s, &m); err != nil {
		return err
	}
	if err := d.content(s, &m); err != nil {
		return fmt.Errorf("a span: %w", err)
	}
	d.spans = append(d.spans, s)
	return nil
}

// identify sets the ids of a span: each of its right length, and neither its own nor its trace's without a bit.
func identify(s *genai.Span, m *tracepb.Span) error {
	switch {
	case !id(s.TraceID[:], m.GetTraceId()):
		return wrongID("trace id", len(s.TraceID), m.GetTraceId())
	case s.TraceID.IsZero():
		return errors.New("a span without a trace id")
	case !id(s.SpanID[:], m.GetSpanId()):
		return wrongID("span id", len(s.SpanID), m.GetSpanId())
	case s.SpanID.IsZero():
		return errors.New("a span without a span id")
	case !id(s.ParentID[:], m.GetParentSpanId()):
		return wrongID("parent span id", len(s.ParentID), m.GetParentSpanId())
	}
	return nil
}

// id copies one that is there, and reports whether it may be one.
func id(to, from []byte) bool {
	return copy(to, from) == len(from) && (len(from) == 0 || len(from) == len(to))
}

func wrongID(what string, size int, got []byte) error {
	return fmt.Errorf("a %s: expected %d bytes, got %d", what, size, len(got))
}

// content reads a span's attributes and events.
func (d *decoder) content(s *genai.Span, m *tracepb.Span) (err error) {
	var left int
	if s.Attributes, err = d.attributes(m.GetAttributes(), &left); err != nil {
		return err
	}
	lost := uint64(m.GetDroppedAttributesCount()) + uint64(m.GetDroppedEventsCount())
	for _, e := range m.GetEvents() {
		if err := d.event(s, e, &left); err != nil {
			return err
		}
		lost += uint64(e.GetDroppedAttributesCount())
	}
	s.Dropped = int(min(lost+uint64(left), maxDropped))
	return nil
}

// maxDropped keeps sums of what was dropped from running over.
const maxDropped = 1 << 30

// event adds one, unless it says nothing.
func (d *decoder) event(s *genai.Span, m *tracepb.Span_Event, left *int) error {
	if err := d.another(); err != nil {
		return err
	}
	attributes, err := d.attributes(m.GetAttributes(), left)
	if m.GetName() != "" || len(attributes) > 0 {
		s.Events = append(s.Events, genai.SpanEvent{Name: m.GetName(), Time: moment(m.GetTimeUnixNano()), Attributes: attributes})
	}
	return err
}

// remote reports whether a span's flags say that its parent is in another process.
func remote(flags uint32) bool {
	const said = uint32(tracepb.SpanFlags_SPAN_FLAGS_CONTEXT_HAS_IS_REMOTE_MASK | tracepb.SpanFlags_SPAN_FLAGS_CONTEXT_IS_REMOTE_MASK)
	return flags&said == said
}

// moment is a time in nanoseconds since 1970; 0 says nothing, and neither does what Go cannot hold.
func moment(nanos uint64) time.Time {
	if int64(nanos) <= 0 {
		return time.Time{}
	}
	return time.Unix(0, int64(nanos)).UTC()
}

// kindOf is the kind of the same number; one that nobody knows is none.
func kindOf(kind tracepb.Span_SpanKind) genai.SpanKind {
	if _, known := tracepb.Span_SpanKind_name[int32(kind)]; !known {
		return genai.SpanKindUnspecified
	}
	return genai.SpanKind(kind)
}

func statusOf(code tracepb.Status_StatusCode) genai.StatusCode {
	if _, known := tracepb.Status_StatusCode_name[int32(code)]; !known {
		return genai.StatusUnset
	}
	return genai.StatusCode(code)
}
