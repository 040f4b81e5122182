package store

import (
	"encoding/json"
	"time"

	"github.com/sentrial/sentrial-go/types"
)

// Batch is what one request brought: validated events of one project from one client.
type Batch struct {
	Project    string
	Client     Client
	ReceivedAt time.Time
	// ClockSkew is how far ReceivedAt lies after the client's own time of sending (negative: the client's clock is ahead).
	// 0 means unknown or not worth keeping.
	ClockSkew time.Duration
	Events    []Event
	// Idempotency is nil when the request had no key. A batch that has one may be without events.
	Idempotency *Idempotency
}

// Client names the process that sent a batch. All fields are optional; without an ID the others are not kept.
type Client struct {
	ID          string
	SDK         string
	Version     string
	Service     string
	Environment string
	Release     string
}

// Event is one event to store: the fields the store orders, filters and counts by, and the whole event as it came.
type Event struct {
	ID        string
	Type      types.EventType
	SessionID string
	ParentID  string
	Seq       int64 // counts from 1 per session and client; 0 = not given
	Timestamp time.Time
	Duration  *time.Duration // nil = unknown
	Status    types.Status   // "" = unknown
	TraceID   string
	SpanID    string
	Model     string   // llm_call: the model that answered, else the one asked for
	ToolName  string   // tool_call
	Tokens    Tokens   // llm_call; of session_update and session_end what no other event accounts for
	Cost      *NanoUSD // of those and of tool_call; nil = unknown
	Totals    bool     // Tokens and Cost are those of the session as a whole: see [Event.Settle]
	Change    *Change  // session_start, session_update and session_end: what Raw says of the session
	Into      string   // session_alias: the session that what comes under SessionID belongs to
	Raw       json.RawMessage
}

// NanoUSD is an amount of money in billionths of a US dollar: exact to add.
type NanoUSD int64

// USD returns the amount as a dollar number, the nearest there is.
func (n NanoUSD) USD() float64 { return float64(n) / 1e9 }

// Replaces reports whether e may take the place of a stored event of the same id whose status is old:
// a span reported as running may be reported once more when it ended. Every other repetition is a duplicate.
func (e *Event) Replaces(old types.Status) bool {
	return old == types.StatusRunning && e.Status != types.StatusRunning
}

// Failed reports whether the event counts among its session's errors: it is of type error, or its status is error.
// The events about the session itself never count: the status of session_end is the session's.
func (e *Event) Failed() bool {
	switch e.Type {
	case types.EventSessionStart, types.EventSessionUpdate, types.EventSessionEnd:
		return false
	case types.EventError:
		return true
	}
	return e.Status == types.StatusError
}

// Record is a stored event.
type Record struct {
	// Position grows with every commit, across sessions and projects of a store: a reader that has seen position n has missed nothing
	// below it. Positions are unique but not consecutive; a final event that replaces a running one gets a new position.
	Position   int64
	Timestamp  time.Time
	Seq        int64
	ClientID   string // "" = the batch named none
	ReceivedAt time.Time
	ClockSkew  time.Duration
	Raw        json.RawMessage // as it came, byte for byte
}
