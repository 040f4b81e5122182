package store

import (
	"context"

	"github.com/sentrial/sentrial-go/types"
)

// Follower is the part of a [Store] that streams read: what was committed, in the order of the commits.
type Follower interface {
	// Position returns the position that the latest commit reached, of whatever project.
	Position(ctx context.Context) (int64, error)

	// Follow returns what a project's events are behind a position, by position. Events that were replaced or deleted meanwhile are not among them.
	Follow(ctx context.Context, project string, q FollowQuery) (FollowPage, error)
}

// FollowQuery selects what to follow.
type FollowQuery struct {
	After   int64             // a position
	Session string            // "" = all
	Types   []types.EventType // of which events the content is wanted, empty = of all; others come without Raw
	Limit   int               // events; must be positive
}

// FollowPage is what was found. An engine may look at a part only: Position tells how far, and what is behind it is for the next call.
type FollowPage struct {
	Events   []FollowedEvent
	Position int64 // there is nothing up to here that is not in this page or before it
	More     bool  // more is behind Position already
}

// FollowedEvent is an event with the session that it belongs to by now.
type FollowedEvent struct {
	Record
	SessionID string
}
