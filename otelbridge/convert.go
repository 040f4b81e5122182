package otelbridge

import (
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// converter makes of the SDK's spans those that the mapper reads. Resources are mostly one and the same.
type converter struct {
	resource *resource.Resource
	facts    []genai.Attribute
}

func (c *converter) span(s sdktrace.ReadOnlySpan) *genai.Span {
	sc, parent, scope, status := s.SpanContext(), s.Parent(), s.InstrumentationScope(), s.Status()
	return &genai.Span{
		TraceID: genai.TraceID(sc.TraceID()), SpanID: genai.SpanID(sc.SpanID()), ParentID: genai.SpanID(parent.SpanID()), RemoteParent: parent.IsRemote(),
		Name: s.Name(), Kind: genai.SpanKind(s.SpanKind()), Start: s.StartTime(), End: s.EndTime(),
		Status: statusOf(status.Code), Message: status.Description,
		Attributes: attributesOf(s.Attributes()), Events: eventsOf(s.Events()),
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
	if len(list) == 0 {
		return nil
	}
	out := make([]genai.Attribute, len(list))
	for i := range list {
		out[i] = genai.Attribute{Key: string(list[i].Key), Value: plain(list[i].Value)}
	}
	return out
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
