package store

import (
	"time"

	"github.com/sentrial/sentrial-go/types"
)

// PageBytes bounds the contents of one page: a page that reaches it ends before its limit of rows, with a Next key.
const PageBytes = 8 << 20

// SessionQuery selects sessions. Empty fields select everything.
type SessionQuery struct {
	Status       types.Status
	IdleBefore   time.Time // for Status: who is active and got nothing since then is abandoned; zero = nobody is
	Agent        string    // agent_name, exactly
	User         string    // user_id, exactly
	Conversation string    // conversation_id, exactly
	Model        string    // sessions that have an llm_call answered by this model
	Tool         string    // sessions that have a call of this tool
	// Text holds words that must all occur in the session, in the texts of whichever of its events, or is the session's id; see [Indexer].
	// Of a text that has no words, like "%", only the session of that id is meant; white space alone is no text.
	Text         string
	Since, Until time.Time // Since <= created_at < Until
	After        *SessionKey
	Limit        int // rows; must be positive
}

// SessionKey is a place in the list of sessions.
type SessionKey struct {
	CreatedAt time.Time
	ID        string
}

// SessionPage is part of a list. Next is nil at its end.
type SessionPage struct {
	Sessions []Session
	Next     *SessionKey
}

// EventQuery selects events of a session.
type EventQuery struct {
	Types []types.EventType // empty = all
	After *EventKey
	Limit int // rows; must be positive
}

// EventKey is a place in a session's list of events.
type EventKey struct {
	Timestamp time.Time
	ClientID  string
	Seq       int64
	Position  int64
}

// EventPage is part of a list. Next is nil at its end.
type EventPage struct {
	Events []Record
	Next   *EventKey
}
