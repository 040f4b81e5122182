package genai

import "encoding/hex"

// The further events of a span beside the one that has the span's own id.
const (
	suffixError    = ".error"
	suffixStart    = ".start" // session_start, where the span is an event beside opening the session
	suffixEnd      = ".end"   // session_end
	suffixAlias    = ".alias"
	suffixCall     = ".call" // llm_call, where the span is an agent as well
	suffixFeedback = ".feedback"
)

// eventOfSpan names the event that a span becomes. It depends on nothing but the span, so that a span delivered again, to this process or to another one, gives the
// same event and the server keeps one; and a child can name its parent's event without having seen the parent.
func eventOfSpan(trace TraceID, span SpanID) string {
	id := hex.AppendEncode(append(make([]byte, 0, 54), "otel_"...), trace[:])
	return string(hex.AppendEncode(append(id, '_'), span[:]))
}

// eventOfTrace names an event that belongs to a trace as a whole.
func eventOfTrace(trace TraceID, suffix string) string { return "otel_" + trace.String() + suffix }

// sessionOfTrace is the session of a trace that names none.
func sessionOfTrace(id TraceID) string { return "trace_" + id.String() }
