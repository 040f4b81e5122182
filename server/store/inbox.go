package store

import (
	"context"
	"time"
)

// Inbox is the part of a [Store] that keeps requests whose events are not made yet: what OpenTelemetry sends becomes events only when enough of a trace has come.
type Inbox interface {
	// KeepInbox commits a request and returns the id it is known by, which grows.
	KeepInbox(ctx context.Context, r InboxRequest) (id int64, err error)

	// ReadInbox returns requests with ids above after, the oldest first: not more than limit, and not more than about 16 MiB of them unless a single one is larger.
	ReadInbox(ctx context.Context, after int64, limit int) ([]InboxRequest, error)

	// SettleInbox removes requests of which nothing is left to do, and notes parts of others that are done.
	SettleInbox(ctx context.Context, done []int64, parts []InboxPart) error
}

// InboxRequest is the body of a request, as it came but unpacked.
type InboxRequest struct {
	ID         int64 // given by the store
	Project    string
	Signal     string // traces or logs
	Form       int    // how the body is written; 0 = it is damaged
	ReceivedAt time.Time
	Body       []byte
	Done       [][]byte // the parts that were noted, in the order of their bytes
}

// InboxPart is a part of a request, as whoever reads the body names it.
type InboxPart struct {
	ID   int64
	Part []byte
}
