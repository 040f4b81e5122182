package otlp

import (
	"errors"
	"fmt"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

var resourceSpansNames = names{"resource": 1, "scopeSpans": 2}

func (d *decoder) resourceSpans(field int, v value) error {
	if field != 1 {
		return nil
	}
	var resource []genai.Attribute
	from := len(d.spans)
	err := each(v, resourceSpansNames, func(field int, v value) error {
		switch field {
		case 1:
			return d.resource(v, &resource)
		case 2:
			return d.scopeSpans(v)
		}
		return nil
	})
	for _, s := range d.spans[from:] { // in whatever order the fields came
		s.Resource = resource
	}
	return err
}

var scopeSpansNames = names{"scope": 1, "spans": 2}

func (d *decoder) scopeSpans(v value) error {
	var scope genai.Scope
	from := len(d.spans)
	err := each(v, scopeSpansNames, func(field int, v value) error {
		switch field {
		case 1:
			return d.scope(v, &scope)
		case 2:
			return d.one(v, d.span)
		}
		return nil
	})
	for _, s := range d.spans[from:] {
		s.Scope = scope
	}
	return err
}

func (d *decoder) span(v value) error {
	s := new(genai.Span)
	err := each(v, spanNames, func(field int, v value) error {
		if err := d.spanField(s, field, v); err != nil {
			return fmt.Errorf("%s: %w", nameOf(spanNames, field), err)
		}
		return nil
	})
	switch {
	case err != nil:
		return fmt.Errorf("a span: %w", err)
	case s.TraceID.IsZero() || s.SpanID.IsZero():
		return errors.New("a span: traceId and spanId are needed")
	}
	d.spans = append(d.spans, s)
	return nil
}

var spanNames = names{
	"traceId": 1, "spanId": 2, "parentSpanId": 4, "name": 5, "kind": 6, "startTimeUnixNano": 7, "endTimeUnixNano": 8, "attributes": 9,
	"droppedAttributesCount": 10, "events": 11, "droppedEventsCount": 12, "status": 15, "flags": 16,
}

// remoteParent is the bit of a span's flags that says so.
const remoteParent = 0x200

func (d *decoder) spanField(s *genai.Span, field int, v value) (err error) {
	switch field {
	case 1:
		err = v.id(s.TraceID[:])
	case 2:
		err = v.id(s.SpanID[:])
	case 4:
		err = v.id(s.ParentID[:])
	case 5:
		s.Name, err = v.text()
	case 6:
		var kind int
		kind, err = v.choice("UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER")
		s.Kind = genai.SpanKind(kind)
	case 7:
		s.Start, err = v.moment()
	case 8:
		s.End, err = v.moment()
	case 9:
		err = d.attribute(v, &s.Attributes)
	case 10, 12:
		err = dropped(s, v)
	case 11:
		err = d.spanEvent(s, v)
	case 15:
		err = status(s, v)
	case 16:
		var flags int64
		flags, err = v.number()
		s.RemoteParent = flags&remoteParent != 0
	}
	return err
}

func dropped(s *genai.Span, v value) error {
	n, err := v.number()
	s.Dropped += int(min(max(n, 0), 1<<30))
	return err
}

var spanEventNames = names{"timeUnixNano": 1, "name": 2, "attributes": 3}

func (d *decoder) spanEvent(s *genai.Span, v value) error {
	if err := d.another(); err != nil {
		return err
	}
	var e genai.SpanEvent
	err := each(v, spanEventNames, func(field int, v value) (err error) {
		switch field {
		case 1:
			e.Time, err = v.moment()
		case 2:
			e.Name, err = v.text()
		case 3:
			err = d.attribute(v, &e.Attributes)
		}
		return err
	})
	s.Events = append(s.Events, e)
	return err
}

var statusNames = names{"message": 2, "code": 3}

func status(s *genai.Span, v value) error {
	return each(v, statusNames, func(field int, v value) (err error) {
		switch field {
		case 2:
			s.Message, err = v.text()
		case 3:
			var code int
			code, err = v.choice("UNSET", "OK", "ERROR")
			s.Status = genai.StatusCode(code)
		}
		return err
	})
}

// nameOf is what the protocol calls a field.
func nameOf(known names, field int) string {
	for name, n := range known {
		if n == field {
			return name
		}
	}
	return fmt.Sprint("field ", field)
}
