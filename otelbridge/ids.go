package otelbridge

import (
	"crypto/sha256"
	"encoding/hex"

	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go/types"
)

// spanRef names a span among all traces.
type spanRef struct {
	trace trace.TraceID
	span  trace.SpanID
}

// eventID names the event that a span becomes. It says nothing about the kind of event: spans arrive after the spans inside them, often in other batches, so a
// child must be able to name its parent's event without having seen the parent. It depends on nothing but the span, so that a span delivered again, in this
// process or in another one, gives the same event and the server keeps one.
func (r spanRef) eventID() string { return "otel_" + r.trace.String() + "_" + r.span.String() }

// The further events of a span.
const (
	suffixError = ".error"
	suffixStart = ".start" // session_start, where the span is an event beside opening the session
	suffixEnd   = ".end"   // session_end
)

// traceSession is the session of a trace that names none.
func traceSession(id trace.TraceID) string { return "trace_" + id.String() }

func aliasID(id trace.TraceID) string { return "otel_" + id.String() + ".alias" }

// sessionID makes a session's id of one that a program chose. What the rules for ids do not allow (slashes, blanks, more than 128 characters) is hashed.
func sessionID(chosen string) string {
	if chosen == "" || types.ValidID(chosen) {
		return chosen
	}
	sum := sha256.Sum256([]byte(chosen))
	return "otel_" + hex.EncodeToString(sum[:16])
}
