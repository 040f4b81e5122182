package otlp

import "github.com/sentrial/sentrial-go/otelbridge/genai"

// Numbers of fields that requests, and what is directly in them, share between traces and logs.
const (
	requestResources = 1 // of ExportTraceServiceRequest, TracesData and their likes

	resourcesResource = 1 // of ResourceSpans and ResourceLogs
	resourcesScopes   = 2

	scopesScope = 1 // of ScopeSpans and ScopeLogs
	scopesItems = 2

	resourceAttributes = 1

	scopeName    = 1
	scopeVersion = 2
)

// origin is where spans and records are from. What it says may follow what it is about.
type origin struct {
	resource []genai.Attribute
	scope    genai.Scope
}

// protoItems gives the message of each span or record to item.
func (d *decoder) protoItems(body []byte, item func(message []byte, from *origin) error) error {
	return fields(body, func(f field) error {
		if !f.is(requestResources) {
			return nil
		}
		var from origin
		err := fields(f.bytes, func(r field) error {
			if r.is(resourcesResource) {
				return d.protoResource(r.bytes, &from)
			}
			return nil
		})
		if err != nil {
			return err
		}
		return fields(f.bytes, func(s field) error {
			if s.is(resourcesScopes) && len(s.bytes) > 0 {
				return d.protoScope(s.bytes, from, item)
			}
			return nil
		})
	})
}

func (d *decoder) protoResource(message []byte, from *origin) error {
	var left int
	list, err := d.protoAttributes(message, resourceAttributes, &left)
	from.resource = append(from.resource, list...)
	return err
}

func (d *decoder) protoScope(message []byte, from origin, item func(message []byte, from *origin) error) error {
	err := fields(message, func(f field) error {
		if !f.is(scopesScope) {
			return nil
		}
		return fields(f.bytes, func(f field) error {
			switch {
			case f.is(scopeName):
				from.scope.Name = d.names.of(f.bytes)
			case f.is(scopeVersion):
				from.scope.Version = d.names.of(f.bytes)
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	return fields(message, func(f field) error {
		if f.is(scopesItems) {
			return item(f.bytes, &from)
		}
		return nil
	})
}

func (d *decoder) protoTraces(body []byte) error { return d.protoItems(body, d.protoSpan) }

// Numbers of the fields of a span.
const (
	spanTraceID, spanSpanID, spanParentID, spanName, spanKind, spanStart, spanEnd = 1, 2, 4, 5, 6, 7, 8

	spanAttributes, spanDroppedAttributes, spanEvents, spanDroppedEvents, spanStatus, spanFlags = 9, 10, 11, 12, 15, 16

	eventTime, eventName, eventAttributes, eventDropped = 1, 2, 3, 4

	statusMessage, statusCode = 2, 3
)

func (d *decoder) protoSpan(message []byte, from *origin) error {
	span := &d.span
	*span = genai.Span{Scope: from.scope, Resource: from.resource}
	if err := d.protoIdentity(message, span); err != nil || d.refused() {
		return err
	}
	if n := count(message, spanEvents); n > 0 {
		span.Events = make([]genai.SpanEvent, 0, min(n, len(message)/minKeyed))
	}
	if err := fields(message, func(f field) error { return d.protoSpanField(span, f) }); err != nil {
		return err
	}
	var left int
	var err error
	if span.Attributes, err = d.protoAttributes(message, spanAttributes, &left); err != nil {
		return err
	}
	dropped(span, uint64(left))
	d.keep()
	return nil
}

// keep adds the span that was read to those that the body has.
func (d *decoder) keep() {
	kept := d.span
	d.spans = append(d.spans, &kept)
}

// protoIdentity reads the ids, before anything is kept of a span that may have none.
func (d *decoder) protoIdentity(message []byte, s *genai.Span) error {
	var trace, span, parent []byte
	err := fields(message, func(f field) error {
		switch {
		case f.is(spanTraceID):
			trace = f.bytes
		case f.is(spanSpanID):
			span = f.bytes
		case f.is(spanParentID):
			parent = f.bytes
		}
		return nil
	})
	d.identify(s, trace, span, parent)
	return err
}

func (d *decoder) protoSpanField(s *genai.Span, f field) error {
	switch {
	case f.is(spanName):
		s.Name = d.names.of(f.bytes)
	case f.is(spanEvents):
		return d.protoEvent(s, f.bytes)
	case f.is(spanStatus):
		return d.protoStatus(s, f.bytes)
	case f.holds(spanKind):
		s.Kind = kindOf(f.n)
	case f.holds(spanStart):
		s.Start = moment(f.n)
	case f.holds(spanEnd):
		s.End = moment(f.n)
	case f.holds(spanDroppedAttributes), f.holds(spanDroppedEvents):
		dropped(s, f.n)
	case f.holds(spanFlags):
		s.RemoteParent = remote(f.n)
	}
	return nil
}

func (d *decoder) protoEvent(s *genai.Span, message []byte) error {
	var e genai.SpanEvent
	err := fields(message, func(f field) error {
		switch {
		case f.is(eventName):
			e.Name = d.names.of(f.bytes)
		case f.holds(eventTime):
			e.Time = moment(f.n)
		case f.holds(eventDropped):
			dropped(s, f.n)
		}
		return nil
	})
	if err != nil {
		return err
	}
	var left int
	e.Attributes, err = d.protoAttributes(message, eventAttributes, &left)
	dropped(s, uint64(left))
	if e.Name != "" || len(e.Attributes) > 0 {
		s.Events = append(s.Events, e)
	}
	return err
}

func (d *decoder) protoStatus(s *genai.Span, message []byte) error {
	return fields(message, func(f field) error {
		switch {
		case f.is(statusMessage):
			s.Message = valid(f.bytes)
		case f.holds(statusCode):
			s.Status = statusOf(f.n)
		}
		return nil
	})
}
