package store

import (
	"encoding/json"
	"time"

	"github.com/sentrial/sentrial-go/types"
)

// Session is a session as its events have made it so far. Empty fields are unknown.
type Session struct {
	Project         string
	ID              string
	Name            string
	AgentName       string
	AgentVersion    string
	UserID          string
	ConversationID  string
	ParentSessionID string
	Status          types.Status
	Summary         string
	Input           json.RawMessage
	Output          json.RawMessage
	Tags            []string
	Metrics         json.RawMessage // an object of numbers
	Metadata        json.RawMessage // an object
	// CreatedAt is the timestamp of session_start; until that is known, of the earliest event.
	CreatedAt time.Time
	// ClosedAt is the timestamp of session_end; zero while the session is open.
	ClosedAt time.Time
	// LastReceivedAt is when the last of its events came, by the server's clock.
	LastReceivedAt time.Time
	// Started is set once session_start has come: a further one is an update.
	Started  bool
	Counters Counters
}

// NewSession returns the session that an event of an unknown session id creates: active and unnamed.
func NewSession(project, id string) Session {
	return Session{Project: project, ID: id, Status: types.StatusActive}
}
