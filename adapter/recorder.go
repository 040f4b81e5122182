package adapter

import (
	"context"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/attach"
	"github.com/sentrial/sentrial-go/types"
)

// Recorder begins the calls that one adapter records. It is safe for concurrent use; a nil one records nothing.
type Recorder struct {
	client   *sentrial.Client
	fallback *sentrial.Session
}

// New makes a recorder. A nil client records nothing, and counts nothing. fallback is the session of calls whose context has none; nil means that those are not
// recorded.
func New(client *sentrial.Client, fallback *sentrial.Session) *Recorder {
	return &Recorder{client: client, fallback: fallback}
}

// Session gives a context in which the helpers find the session that a call in ctx belongs to: the context's own, else the fallback. Without any it is false, and
// is counted in Stats.Unsessioned.
func (r *Recorder) Session(ctx context.Context) (context.Context, bool) {
	if ctx == nil {
		ctx = context.Background()
	}
	if r == nil || r.client == nil {
		return ctx, false
	}
	ctx = r.placed(ctx)
	switch {
	case sentrial.SessionFromContext(ctx) != nil:
		return ctx, true
	case r.fallback != nil:
		return r.fallback.Context(ctx), true
	}
	attach.Unsessioned(ctx)
	return ctx, false
}

// beginning is how a call begins.
type beginning int

const (
	unrecorded beginning = iota // no session, or nobody to record
	joining                     // an open call is around it
	opening                     // it is the outermost
)

func (r *Recorder) begin(ctx context.Context, kind types.EventType) (context.Context, beginning) {
	if r == nil || r.client == nil {
		return ctx, unrecorded
	}
	if ctx = r.placed(ctx); unheard(ctx, kind) {
		return ctx, unrecorded
	}
	ctx, ok := r.Session(ctx)
	switch {
	case !ok:
		return muted(ctx, kind), unrecorded
	case attach.OpenCall(ctx) == kind && !isApart(ctx):
		return ctx, joining
	}
	return ctx, opening
}

// muteKey finds, in a context inside a call that is not recorded, the session that it was not recorded in, so that adapters inside it do not count it again.
type muteKey types.EventType

func muted(ctx context.Context, kind types.EventType) context.Context {
	return context.WithValue(ctx, muteKey(kind), sentrial.SessionFromContext(ctx))
}

func unheard(ctx context.Context, kind types.EventType) bool {
	if ctx == nil {
		return false
	}
	session, inside := ctx.Value(muteKey(kind)).(*sentrial.Session)
	return inside && session == sentrial.SessionFromContext(ctx)
}
