package otelbridge

import (
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// converter makes of the SDK's spans those that the mapper reads. Resources are mostly one and the same, and spans that follow each other have much in common.
type converter struct {
	resource *resource.Resource
	facts    []genai.Attribute
	usual    []usualValue // of the attributes by their places; those beyond are not remembered
}

// usualValues is how many attributes of a span are compared with those of the one before.
const usualValues = 32

// usualValue is a short text that was the value of an attribute. An interface of it needs memory each time it is made.
type usualValue struct {
	text  string
	boxed any
}

// maxUsual is how long such a text may be.
const maxUsual = 64

func (c *converter) span(s sdktrace.ReadOnlySpan) *genai.Span {
	sc, parent, scope, status := s.SpanContext(), s.Parent(), s.InstrumentationScope(), s.Status()
	return &genai.Span{
		TraceID: genai.TraceID(sc.TraceID()), SpanID: genai.SpanID(sc.SpanID()), ParentID: genai.SpanID(parent.SpanID()), RemoteParent: parent.IsRemote(),
		Name: s.Name(), Kind: genai.SpanKind(s.SpanKind()), Start: s.StartTime(), End: s.EndTime(),
		Status: statusOf(status.Code), Message: status.Description,
		Attributes: c.attributesOf(s.Attributes()), Events: eventsOf(s.Events()),
		Scope: genai.Scope{Name: scope.Name, Version: scope.Version}, Resource: c.resourceOf(s.Resource()),
		Dropped: s.DroppedAttributes() + s.DroppedEvents(),
	}
}

func (c *converter) resourceOf(r *resource.Resource) []genai.Attribute {
	if r != c.resource {
		c.resource, c.facts = r, attributesOf(r.Attributes())
	}
	return c.facts
}

// statusOf gives the number that OTLP has for a status; the SDK's are in another order.
func statusOf(c codes.Code) genai.StatusCode {
	switch c {
	case codes.Ok:
		return genai.StatusOK
	case codes.Error:
		return genai.StatusError
	}
	return genai.StatusUnset
}

func attributesOf(list []attribute.KeyValue) []genai.Attribute {
	return new(converter).attributesOf(list)
}

func (c *converter) attributesOf(list []attribute.KeyValue) []genai.Attribute {
	if len(list) == 0 {
		return nil
	}
	out := make([]genai.Attribute, len(list))
	for i := range list {
		out[i] = genai.Attribute{Key: string(list[i].Key), Value: c.plain(i, list[i].Value)}
	}
	return out
}

// plain is the function of the same name, which looks first whether the i-th value is that of the span before.
func (c *converter) plain(i int, v attribute.Value) any {
	if i >= len(c.usual) || v.Type() != attribute.STRING || len(v.AsString()) > maxUsual {
		return plain(v)
	}
	text := v.AsString()
	u := &c.usual[i]
	if u.boxed == nil || u.text != text {
		u.text, u.boxed = text, text
	}
	return u.boxed
}

func eventsOf(list []sdktrace.Event) []genai.SpanEvent {
	if len(list) == 0 {
		return nil
	}
	out := make([]genai.SpanEvent, len(list))
	for i := range list {
		out[i] = genai.SpanEvent{Name: list[i].Name, Time: list[i].Time, Attributes: attributesOf(list[i].Attributes)}
	}
	return out
}

// sizeOf is about how much memory the texts of a span hold.
func sizeOf(s *genai.Span) (size int) {
	size = textsOf(s.Attributes)
	for i := range s.Events {
		size += textsOf(s.Events[i].Attributes)
	}
	return size
}

func textsOf(list []genai.Attribute) (size int) {
	for _, a := range list {
		size += 64 // about what an attribute takes beside its text
		if text, ok := a.Value.(string); ok {
			size += len(text)
		}
	}
	return size
}
