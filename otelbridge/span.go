package otelbridge

import (
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// kind is what a span is to a session.
type kind int

const (
	kindOther kind = iota // nothing by itself: not a GenAI span, or an operation without an event
	kindLLM
	kindTool
	kindAgent
	kindOurs // made by the SDK of an event that it recorded: taken back in it would be there twice
)

// span is a finished span and its place in a session. It lives for one export.
type span struct {
	sdktrace.ReadOnlySpan

	ref    spanRef
	parent trace.SpanID // zero: none
	remote bool         // the parent is in another process
	kind   kind
	genAI  bool // it has an operation of the GenAI conventions
	attrs  attributes
	chosen string // the session that the span itself names; "" = none

	// Known when the span was placed among the others.
	below       below
	opens       bool // it opens and ends its session
	session     string
	parentEvent string
	about       about
}

func newSpan(ro sdktrace.ReadOnlySpan, sessionKeys []string) *span {
	sc, parent := ro.SpanContext(), ro.Parent()
	s := &span{
		ReadOnlySpan: ro, ref: spanRef{sc.TraceID(), sc.SpanID()}, parent: parent.SpanID(), remote: parent.IsRemote(),
		attrs: newAttributes(ro.Attributes()),
	}
	operation := s.attrs.text(keyOperation)
	s.genAI = operation != ""
	s.kind = kindOf(operation)
	if s.attrs.text(keySource) == sourceSDK {
		s.kind = kindOurs
	}
	s.chosen = sessionID(s.attrs.text(sessionKeys...))
	return s
}

func kindOf(operation string) kind {
	switch operation {
	case opChat, opTextCompletion, opGenerateContent, opEmbeddings:
		return kindLLM
	case opExecuteTool:
		return kindTool
	case opInvokeAgent:
		return kindAgent
	}
	return kindOther
}

// isEvent tells whether the span becomes an event wherever it stands.
func (s *span) isEvent() bool { return s.kind == kindLLM || s.kind == kindTool || s.kind == kindAgent }

// recorded tells whether anything is recorded of the span, so that the spans inside it may name it as their parent.
func (s *span) recorded() bool { return s.isEvent() || s.opens }

// localRoot tells whether nothing in this process is around the span.
func (s *span) localRoot() bool { return s.remote || !s.parent.IsValid() }

func (s *span) parentRef() spanRef { return spanRef{s.ref.trace, s.parent} }

func (s *span) duration() time.Duration {
	if s.EndTime().IsZero() {
		return 0
	}
	return max(0, s.EndTime().Sub(s.StartTime()))
}
