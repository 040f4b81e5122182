package types

import (
	"encoding/json"
	"time"
)

// Event is one thing that happened in a session: an envelope and exactly one payload.
//
// It marshals flat, as on the wire: the envelope's fields, then the payload's, then Extra, in one JSON object. Some payloads repeat fields of
// the envelope (start time, duration, status, metadata) so that they can be filled in without one. When an event is written the
// envelope's value wins and an empty one is taken from the payload; when it is read both are filled, so a reader may use either. The two
// Metadata fields are then one map.
//
// Type may be left empty when a payload is set: Session means session_start, every other payload has one type. A type without its payload is
// the envelope alone. More than one payload, or one that is not Type's, is a [*PayloadError].
//
// The wire requires id, type and session_id; the JSON methods do not check that, nor that ids are valid (see [ValidID]). UnmarshalJSON
// replaces the whole event; on error it leaves the event as it was.
type Event struct {
	ID        string         // id: made by the sender, 1 to 128 characters of [A-Za-z0-9_.:-]
	Type      EventType      // type
	SessionID string         // session_id: the session this belongs to
	ParentID  string         // parent_id: the event this happened inside of; "" = directly in the session
	Seq       int64          // seq: counts from 1 per session and client, in the order of starts; 0 = not given
	Timestamp time.Time      // timestamp: start of the operation
	Duration  time.Duration  // duration_ms: 0 = none or not measured
	Status    Status         // status: "" = not given
	TraceID   string         // trace_id: OpenTelemetry trace, 32 hexadecimal digits
	SpanID    string         // span_id: OpenTelemetry span, 16 hexadecimal digits
	Metadata  map[string]any // metadata: whatever the caller wants to find again

	Session  *SessionFields // session_start, session_update
	Result   *SessionResult // session_end
	ToolCall *ToolCall      // tool_call
	Decision *Decision      // decision
	LLMCall  *LLMCall       // llm_call
	Error    *ErrorEvent    // error
	Step     *Step          // step
	Feedback *Feedback      // feedback

	// Extra keeps the fields that this version does not know for this type, by wire name. They are written after the payload, sorted.
	// A name that the envelope or the payload owns is ignored here.
	Extra map[string]json.RawMessage

	// Raw keeps the whole JSON object of an event whose type this version does not know; the envelope is decoded from it too. Such
	// an event is written as Raw, byte for byte, unless the envelope has a field set to something else or Extra adds one: then the object is
	// rewritten, with the envelope's fields and Extra in place of Raw's. An envelope field that is empty is taken from Raw, so to remove
	// a field remove it from Raw. Raw counts as a payload: with another one set the event is a [*PayloadError].
	Raw json.RawMessage
}
