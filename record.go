package sentrial

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/types"
)

// A record is one event as it waits in a slab: length-prefixed, and final from the moment it is written. Strings are kept raw, values as JSON; what costs time
// (escaping, number and time formats, framing, compression) is left to the sender.
//
//	record = size uint32 | flags byte | field*          (size counts the whole record; all integers little endian)
//	field  = tag byte | kind byte | size uint32 | data
//
// The first three fields are id, type and session_id.

const (
	recordHeader = 4 + 1
	fieldHeader  = 1 + 1 + 4
)

// flagUncounted marks a copy of an open span, sent as running: it is in no counter of Stats.
const flagUncounted byte = 1

// kind says what a field's data is.
type kind byte

const (
	kindText     kind = iota // a string, to be quoted and escaped
	kindCutText              // the same, ending with the marker that it was cut
	kindJSON                 // JSON, to be copied
	kindInt                  // int64
	kindFloat                // float64, finite
	kindTime                 // int64 Unix nanoseconds
	kindDuration             // int64 nanoseconds, written as milliseconds
	kindMember               // `"name":value`, a whole member whose name is in its data
)

// tag is a field's place in tagNames.
type tag byte

const (
	tagID tag = iota
	tagType
	tagSessionID
	tagParentID
	tagSeq
	tagTimestamp
	tagDuration
	tagStatus
	tagTraceID
	tagSpanID
	tagMetadata
	tagName
	tagAgentName
	tagAgentVersion
	tagUserID
	tagConversationID
	tagParentSessionID
	tagInput
	tagTags
	tagSummary
	tagOutput
	tagMetrics
	tagToolName
	tagCallID
	tagToolInput
	tagToolOutput
	tagReasoning
	tagError
	tagAttempt
	tagCost
	tagAlternatives
	tagChosen
	tagConfidence
	tagModel
	tagRequestModel
	tagProvider
	tagOperation
	tagResponseID
	tagPrompt
	tagResponse
	tagMessages
	tagOutputMessages
	tagToolDefinitions
	tagParameters
	tagPromptName
	tagPromptVersion
	tagPromptTokens
	tagCompletionTokens
	tagTokensUsed
	tagCachedTokens
	tagCacheWriteTokens
	tagReasoningTokens
	tagFinishReason
	tagAttempts
	tagTimeToFirstToken
	tagErrorType
	tagErrorMessage
	tagStackTrace
	tagRecoverable
	tagRecoveryAction
	tagKind
	tagScore
	tagLabel
	tagComment
	tagEventID
	tagExtra // of kindMember: its data holds the name
)

// tagNames are the names on the wire.
var tagNames = [...]string{
	tagID: "id", tagType: "type", tagSessionID: "session_id", tagParentID: "parent_id", tagSeq: "seq", tagTimestamp: "timestamp",
	tagDuration: "duration_ms", tagStatus: "status", tagTraceID: "trace_id", tagSpanID: "span_id", tagMetadata: "metadata",
	tagName: "name", tagAgentName: "agent_name", tagAgentVersion: "agent_version", tagUserID: "user_id", tagConversationID: "conversation_id",
	tagParentSessionID: "parent_session_id", tagInput: "input", tagTags: "tags", tagSummary: "summary", tagOutput: "output", tagMetrics: "metrics",
	tagToolName: "tool_name", tagCallID: "call_id", tagToolInput: "tool_input", tagToolOutput: "tool_output", tagReasoning: "reasoning",
	tagError: "error", tagAttempt: "attempt", tagCost: "cost", tagAlternatives: "alternatives", tagChosen: "chosen", tagConfidence: "confidence",
	tagModel: "model", tagRequestModel: "request_model", tagProvider: "provider", tagOperation: "operation", tagResponseID: "response_id",
	tagPrompt: "prompt", tagResponse: "response", tagMessages: "messages", tagOutputMessages: "output_messages",
	tagToolDefinitions: "tool_definitions", tagParameters: "parameters", tagPromptName: "prompt_name", tagPromptVersion: "prompt_version",
	tagPromptTokens: "prompt_tokens", tagCompletionTokens: "completion_tokens", tagTokensUsed: "tokens_used", tagCachedTokens: "cached_tokens",
	tagCacheWriteTokens: "cache_write_tokens", tagReasoningTokens: "reasoning_tokens", tagFinishReason: "finish_reason", tagAttempts: "attempts",
	tagTimeToFirstToken: "time_to_first_token_ms", tagErrorType: "error_type", tagErrorMessage: "error_message", tagStackTrace: "stack_trace",
	tagRecoverable: "recoverable", tagRecoveryAction: "recovery_action", tagKind: "kind", tagScore: "score", tagLabel: "label",
	tagComment: "comment", tagEventID: "event_id", tagExtra: "",
}

// recordWriter appends one record to buf.
type recordWriter struct {
	buf   []byte
	start int
	notes []note // what must be said in metadata about fields that could not be kept
	uncut bool   // keep everything whole: this record is not sent
}

// note is a fact the SDK itself adds to an event's metadata.
type note struct {
	name  string
	value any
}

func (w *recordWriter) begin(flags byte) {
	w.start = len(w.buf)
	w.grow(recordHeader)[recordHeader-1] = flags
}

func (w *recordWriter) end() {
	binary.LittleEndian.PutUint32(w.buf[w.start:], uint32(len(w.buf)-w.start))
}

// open begins a field whose size is not known yet; seal fills it in.
func (w *recordWriter) open(name tag, k kind) (at int) {
	header(w.grow(fieldHeader), name, k, 0)
	return len(w.buf)
}

func (w *recordWriter) seal(at int) {
	binary.LittleEndian.PutUint32(w.buf[at-4:], uint32(len(w.buf)-at))
}

// grow appends n bytes to the record, for the caller to fill.
func (w *recordWriter) grow(n int) []byte {
	at := len(w.buf)
	if cap(w.buf)-at < n {
		w.enlarge(n)
	}
	w.buf = w.buf[:at+n]
	return w.buf[at:]
}

//go:noinline // seldom needed, and it would make grow too large to be inlined itself
func (w *recordWriter) enlarge(n int) { w.buf = slices.Grow(w.buf, n) }

// header writes what a field begins with.
func header(b []byte, name tag, k kind, size int) {
	binary.LittleEndian.PutUint16(b, uint16(name)|uint16(k)<<8)
	binary.LittleEndian.PutUint32(b[2:], uint32(size))
}

// text keeps a string; "" is absent. One that is beyond the size of any event is cut here, before it is copied.
func (w *recordWriter) text(name tag, s string) {
	if s == "" {
		return
	}
	if len(s) > maxEventBytes && !w.uncut {
		at := w.open(name, kindCutText)
		w.buf = appendCut(w.buf, s, maxEventBytes/2)
		w.seal(at)
		return
	}
	b := w.grow(fieldHeader + len(s))
	header(b, name, kindText, len(s))
	copy(b[fieldHeader:], s)
}

func (w *recordWriter) fixed(name tag, k kind, v uint64) {
	b := w.grow(fieldHeader + 8)
	header(b, name, k, 8)
	binary.LittleEndian.PutUint64(b[fieldHeader:], v)
}

// maxCount is the largest count that a server takes; it refuses the whole event for a larger one.
const maxCount = 1_000_000_000_000_000

// count keeps a number that is never negative; 0 is absent.
func (w *recordWriter) count(name tag, n int64) {
	switch {
	case n > 0 && n <= maxCount:
		w.fixed(name, kindInt, uint64(n))
	case n != 0:
		w.omit(name, n)
	}
}

// maxName bounds in bytes the ids of foreign tracers that a server takes.
const maxName = 256

// name keeps a short text such as a trace id.
func (w *recordWriter) name(name tag, s string) {
	if len(s) > maxName || len(s) > maxName/3 && len(string([]rune(s))) > maxName { // a byte that is no UTF-8 becomes three
		w.omit(name, strings.Clone(clip(s, maxName))) // a copy: the record must not refer to the event
		return
	}
	w.text(name, s)
}

// number keeps an optional number; nil is absent, and so is what JSON has no form for.
func (w *recordWriter) number(name tag, f *float64) {
	switch {
	case f == nil:
	case math.IsNaN(*f) || math.IsInf(*f, 0):
		w.omit(name, *f)
	default:
		w.fixed(name, kindFloat, math.Float64bits(*f))
	}
}

// maxDuration is longer than any operation of an agent. More is a mistake, such as the time since year 1, for which a server would refuse the event.
const maxDuration = 10 * 365 * 24 * time.Hour

// duration keeps a time span; 0 is absent.
func (w *recordWriter) duration(name tag, d time.Duration) {
	switch {
	case d > 0 && d <= maxDuration:
		w.fixed(name, kindDuration, uint64(d))
	case d != 0:
		w.omit(name, d.String())
	}
}

// omit leaves a field out and says so in the metadata.
func (w *recordWriter) omit(name tag, v any) {
	w.notes = append(w.notes, note{"omitted_" + tagNames[name], v})
}

// field is one field of a record, read back.
type field struct {
	tag  tag
	kind kind
	data []byte
}

// field writes a field read from another record.
func (w *recordWriter) field(f field) {
	at := w.open(f.tag, f.kind)
	w.buf = append(w.buf, f.data...)
	w.seal(at)
}

// recordOf makes a record of fields.
func recordOf(flags byte, fields []field) []byte {
	return new(recordWriter).recordOf(flags, fields)
}

func (w *recordWriter) recordOf(flags byte, fields []field) []byte {
	w.buf = w.buf[:0]
	w.begin(flags)
	for _, f := range fields {
		w.field(f)
	}
	w.end()
	return w.buf
}

func fieldsOf(record []byte) []field { return appendFields(nil, record) }

func appendFields(all []field, record []byte) []field {
	for rest := record[recordHeader:]; len(rest) > 0; {
		var f field
		f, rest = nextField(rest)
		all = append(all, f)
	}
	return all
}

// fieldOf gives the data of a record's field, nil if it has none of that tag.
func fieldOf(record []byte, t tag) []byte {
	for rest := record[recordHeader:]; len(rest) > 0; {
		var f field
		if f, rest = nextField(rest); f.tag == t {
			return f.data
		}
	}
	return nil
}

// nextRecord splits the first record off a slab's bytes.
func nextRecord(slab []byte) (record, rest []byte) {
	n := binary.LittleEndian.Uint32(slab)
	return slab[:n:n], slab[n:]
}

// nextField splits the first field off what follows a record's header.
func nextField(fields []byte) (f field, rest []byte) {
	n := fieldHeader + int(binary.LittleEndian.Uint32(fields[2:]))
	return field{tag(fields[0]), kind(fields[1]), fields[fieldHeader:n:n]}, fields[n:]
}

func uncounted(record []byte) bool { return record[4]&flagUncounted != 0 }

// identity reads the three fields that every record begins with. They alias the record.
func identity(record []byte) (id, eventType, sessionID []byte) {
	f, rest := nextField(record[recordHeader:])
	id = f.data
	f, rest = nextField(rest)
	eventType = f.data
	f, _ = nextField(rest)
	return id, eventType, f.data
}

// isOfType tells whether a record is an event of that type.
func isOfType(record []byte, want types.EventType) bool {
	_, eventType, _ := identity(record)
	return string(eventType) == string(want)
}
