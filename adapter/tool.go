package adapter

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/attach"
	"github.com/sentrial/sentrial-go/types"
)

// Tool is a tool call that has begun. Fill in its fields before End; they belong to the caller until then. Every method works on nil.
type Tool struct {
	types.ToolCall
	ctx    context.Context //nolint:containedctx // in which the open call is found at the end
	span   *sentrial.ToolSpan
	joined bool
	ended  atomic.Bool
}

// Tool begins a tool call. The fields of call are what is known at its beginning; StartTime is now unless it is set. Inside an open call of another tool it is a
// call of its own. What happens inside the call belongs into the context that is returned.
func (r *Recorder) Tool(ctx context.Context, call types.ToolCall) (context.Context, *Tool) {
	ctx, how := r.begin(ctx, types.EventToolCall)
	if how == joining && !sameTool(attach.OpenTool(ctx), call.ToolName) {
		how = opening
	}
	if call.StartTime.IsZero() {
		call.StartTime = time.Now()
	}
	t := &Tool{ToolCall: call, ctx: ctx, joined: how == joining}
	if how != opening {
		return ctx, t
	}
	t.ctx, t.span = sentrial.StartTool(ctx, call)
	if t.span.ID() == "" { // refused, and counted
		return muted(ctx, types.EventToolCall), t
	}
	return t.ctx, t
}

// Recorded tells whether anything will come of the call. If not, there is no need to find out more of it.
func (t *Tool) Recorded() bool { return t != nil && (t.joined || t.span.ID() != "") }

// Joined tells whether the call is part of one that somebody else opened.
func (t *Tool) Joined() bool { return t != nil && t.joined }

// Live tells whether the event is still open: not ended here, nor by whoever opened it.
func (t *Tool) Live() bool {
	return t.Recorded() && !t.ended.Load() && attach.OpenCall(t.ctx) == types.EventToolCall
}

// ID is the id of the event that this call opened, "" if it opened none.
func (t *Tool) ID() string {
	if t == nil {
		return ""
	}
	return t.span.ID()
}

// End records the call, or gives the call that it has joined what its fields say. err is the tool's error, nil for success; one that wraps context.Canceled while
// the context is cancelled means cancelled. Status, if it is set, counts more than err. The first End counts, from any goroutine.
func (t *Tool) End(err error) {
	if !t.Recorded() || t.ended.Swap(true) {
		return
	}
	call := t.ToolCall
	if !t.joined {
		t.span.ToolCall = call
		t.span.End(err)
		return
	}
	if told := call; attach.Enrich(t.ctx, &told) {
		return
	}
	if call.Duration == 0 {
		call.Duration = time.Since(call.StartTime)
	}
	_, span := sentrial.StartTool(t.ctx, call)
	span.End(err)
}
