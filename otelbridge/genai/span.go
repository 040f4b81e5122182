package genai

import (
	"encoding/hex"
	"time"
)

// TraceID is OpenTelemetry's. Zero is none.
type TraceID [16]byte

// SpanID is OpenTelemetry's. Zero is none.
type SpanID [8]byte

func (id TraceID) String() string { return inHex(id[:]) }
func (id SpanID) String() string  { return inHex(id[:]) }

func inHex(id []byte) string {
	var text [2 * len(TraceID{})]byte
	return string(text[:hex.Encode(text[:], id)])
}

// IsZero tells whether there is no id.
func (id TraceID) IsZero() bool { return id == TraceID{} }

// IsZero tells whether there is no id.
func (id SpanID) IsZero() bool { return id == SpanID{} }

// Span is a finished span, whatever it came by. Nothing of it is changed here.
type Span struct {
	TraceID      TraceID
	SpanID       SpanID
	ParentID     SpanID // zero: a root
	RemoteParent bool   // the parent is known to be in another process
	Name         string
	Kind         SpanKind
	Start, End   time.Time
	Status       StatusCode
	Message      string // the status's description
	Attributes   []Attribute
	Events       []SpanEvent
	Scope        Scope
	Resource     []Attribute // may be shared by many spans
	Dropped      int         // how many attributes and events the SDK left out for its limits

	// Session is the session that the context around the span named, such as baggage; "" = none. What the span itself says goes first.
	Session string

	// What a program knows of a span that runs in it, and nobody else.
	Parent string // the event around the span that was recorded by other means, in Session; "" = none
	Around string // the event that a span around it will become which has not ended, as far as can be told; "" = none
	Begun  bool   // Session was begun by other means and ends by them: the span does neither
	Silent bool   // no event is made of the span, but those inside and around it still are related by it
	Note   any    // whatever the program wants to find again in the events that are made of the span
}

// SpanKind is OpenTelemetry's, with the numbers of OTLP.
type SpanKind int

// The kinds of spans.
const (
	SpanKindUnspecified SpanKind = iota
	SpanKindInternal
	SpanKindServer
	SpanKindClient
	SpanKindProducer
	SpanKindConsumer
)

// StatusCode is OpenTelemetry's, with the numbers of OTLP.
type StatusCode int

// The codes of a span's status.
const (
	StatusUnset StatusCode = iota
	StatusOK
	StatusError
)

// Scope is the instrumentation that made a span.
type Scope struct{ Name, Version string }

// Attribute is one of a span, an event, a log record or a resource. The value is nil, string, bool, int64, float64, []byte, a slice of strings, bools, numbers or
// of any of these ([]any), or map[string]any.
type Attribute struct {
	Key   string
	Value any
}

// SpanEvent is something that happened during a span.
type SpanEvent struct {
	Name       string
	Time       time.Time
	Attributes []Attribute
}

// Log is a log record. Some instrumentations put what was said into logs only; it is joined to its span by the ids.
type Log struct {
	TraceID    TraceID
	SpanID     SpanID
	Time       time.Time
	EventName  string
	Body       any
	Attributes []Attribute
	Scope      Scope
}
