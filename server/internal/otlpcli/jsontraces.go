package otlp

import (
	"errors"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/server/internal/jsonscan"
)

func (d *decoder) jsonTraces(body []byte) error {
	r := &jsonReader{decoder: d, scan: jsonscan.New(body)}
	return r.request("resourceSpans", "resource_spans", func(resource string) error {
		if resource != "scopeSpans" && resource != "scope_spans" {
			return r.skip()
		}
		return r.elements(resource, r.spansOfScope)
	})
}

// request reads a body: its lists named either way, with what each element holds besides its resource given to other.
func (r *jsonReader) request(camel, snake string, other func(name string) error) error {
	if r.scan.Peek() != '{' {
		return errors.New("expected a JSON object with an array named " + camel)
	}
	err := r.members("the body", func(name string) error {
		if name != camel && name != snake {
			return r.skip()
		}
		return r.elements(name, func() error { return r.resource(name, other) })
	})
	if err == nil {
		err = r.scan.End()
	}
	if err == nil {
		err = r.fault
	}
	return err
}

// resource reads the spans and records of one, and then tells them where they are from: a resource may be written behind them.
func (r *jsonReader) resource(what string, other func(name string) error) error {
	spans := len(r.spans)
	var attributes []genai.Attribute
	err := r.members(what, func(name string) error {
		if name != "resource" {
			return other(name)
		}
		return r.members(name, func(name string) error {
			if name != "attributes" {
				return r.skip()
			}
			var left int
			var err error
			attributes, err = r.attributes(name, &left)
			return err
		})
	})
	for _, s := range r.spans[spans:] {
		s.Resource = attributes
	}
	return err
}

func (r *jsonReader) spansOfScope() error {
	first := len(r.spans)
	scope, err := r.scope(r.readSpan, "spans", "spans")
	for _, s := range r.spans[first:] {
		s.Scope = scope
	}
	return err
}

// scope reads what instrumentation made the items of a list, and the items.
func (r *jsonReader) scope(item func() error, camel, snake string) (scope genai.Scope, err error) {
	err = r.members("a scope's list", func(name string) error {
		switch name {
		case "scope":
			return r.members(name, func(name string) (err error) {
				switch name {
				case "name":
					scope.Name, err = r.label("the scope's name")
				case "version":
					scope.Version, err = r.label("the scope's version")
				default:
					err = r.skip()
				}
				return err
			})
		case camel, snake:
			return r.elements(name, item)
		}
		return r.skip()
	})
	return scope, err
}

func (r *jsonReader) readSpan() error {
	outer := r.fault
	r.fault = nil
	s := &r.span
	*s = genai.Span{}
	err := r.members("a span", func(name string) error { return r.spanMember(s, name) })
	if err != nil {
		return err
	}
	r.identify(s, s.TraceID[:], s.SpanID[:], s.ParentID[:])
	if !r.refused() {
		r.keep()
	}
	r.fault = outer
	return nil
}

var (
	kindNames   = []string{"UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"}
	statusNames = []string{"UNSET", "OK", "ERROR"}
)

func (r *jsonReader) spanMember(s *genai.Span, name string) (err error) {
	var n int64
	switch name {
	case "traceId", "trace_id":
		err = r.jsonID(s.TraceID[:], "trace id")
	case "spanId", "span_id":
		err = r.jsonID(s.SpanID[:], "span id")
	case "parentSpanId", "parent_span_id":
		err = r.jsonID(s.ParentID[:], "parent span id")
	case "name":
		s.Name, err = r.label("a span's name")
	case "kind":
		var kind uint64
		kind, err = r.choice("a span's kind", "SPAN_KIND_", kindNames)
		s.Kind = kindOf(kind)
	case "startTimeUnixNano", "start_time_unix_nano":
		n, err = r.integer("a span's start")
		s.Start = moment(uint64(n))
	case "endTimeUnixNano", "end_time_unix_nano":
		n, err = r.integer("a span's end")
		s.End = moment(uint64(n))
	case "flags":
		n, err = r.integer("a span's flags")
		s.RemoteParent = remote(uint64(n))
	default:
		return r.spanContent(s, name)
	}
	return err
}

func (r *jsonReader) spanContent(s *genai.Span, name string) (err error) {
	var left int
	switch name {
	case "attributes":
		s.Attributes, err = r.attributes("a span's attributes", &left)
		dropped(s, uint64(left))
	case "droppedAttributesCount", "dropped_attributes_count", "droppedEventsCount", "dropped_events_count":
		err = r.dropped(s)
	case "events":
		err = r.elements("a span's events", func() error { return r.event(s) })
	case "status":
		err = r.members("a span's status", func(name string) error { return r.status(s, name) })
	default:
		err = r.skip()
	}
	return err
}

func (r *jsonReader) dropped(s *genai.Span) error {
	n, err := r.integer("a count of what was dropped")
	dropped(s, uint64(max(n, 0)))
	return err
}

func (r *jsonReader) status(s *genai.Span, name string) (err error) {
	switch name {
	case "code":
		var code uint64
		code, err = r.choice("a status's code", "STATUS_CODE_", statusNames)
		s.Status = statusOf(code)
	case "message":
		s.Message, err = r.text("a status's message")
	default:
		err = r.skip()
	}
	return err
}

func (r *jsonReader) event(s *genai.Span) error {
	var e genai.SpanEvent
	err := r.members("an event", func(name string) (err error) {
		var n int64
		var left int
		switch name {
		case "name":
			e.Name, err = r.label("an event's name")
		case "timeUnixNano", "time_unix_nano":
			n, err = r.integer("an event's time")
			e.Time = moment(uint64(n))
		case "attributes":
			e.Attributes, err = r.attributes("an event's attributes", &left)
			dropped(s, uint64(left))
		case "droppedAttributesCount", "dropped_attributes_count":
			err = r.dropped(s)
		default:
			err = r.skip()
		}
		return err
	})
	if e.Name != "" || len(e.Attributes) > 0 {
		s.Events = append(s.Events, e)
	}
	return err
}
