package adapter

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/attach"
	"github.com/sentrial/sentrial-go/types"
)

// LLM is a call of a model that has begun. Fill in its fields before End; they belong to the caller until then, whose goroutines must agree among themselves.
// Every method works on nil.
type LLM struct {
	types.LLMCall
	ctx        context.Context //nolint:containedctx // in which the open call is found at the end
	span       *sentrial.LLMSpan
	joined     bool
	ended      atomic.Bool
	firstToken atomic.Int64 // nanoseconds since StartTime
}

// LLM begins a call of a model. The fields of call are what is known at its beginning; StartTime is now unless it is set. What happens inside the call belongs
// into the context that is returned.
func (r *Recorder) LLM(ctx context.Context, call types.LLMCall) (context.Context, *LLM) {
	ctx, how := r.begin(ctx, types.EventLLMCall)
	if call.StartTime.IsZero() {
		call.StartTime = time.Now()
	}
	c := &LLM{LLMCall: call, ctx: ctx, joined: how == joining}
	if how != opening {
		return ctx, c
	}
	c.ctx, c.span = sentrial.StartLLM(ctx, call)
	if c.span.ID() == "" { // refused, and counted
		return muted(ctx, types.EventLLMCall), c
	}
	return c.ctx, c
}

// Recorded tells whether anything will come of the call. If not, there is no need to find out more of it.
func (c *LLM) Recorded() bool { return c != nil && (c.joined || c.span.ID() != "") }

// Joined tells whether the call is part of one that somebody else opened.
func (c *LLM) Joined() bool { return c != nil && c.joined }

// FirstToken notes that the first token of a stream has come: the time to it is recorded, unless TimeToFirstToken is set by hand. Only the first call counts. It is
// safe for concurrent use.
func (c *LLM) FirstToken() {
	if c != nil {
		c.firstToken.CompareAndSwap(0, max(1, int64(time.Since(c.StartTime))))
	}
}

// Attempt notes that the call is sent once more, after an attempt that failed. An open call that this one has joined learns of it at once.
func (c *LLM) Attempt() {
	if c == nil {
		return
	}
	c.Attempts = max(c.Attempts, 1) + 1
	if c.joined {
		attach.Enrich(c.ctx, attach.Attempts(c.Attempts))
	}
}

// End records the call, or gives the call that it has joined what its fields say. err is its error, nil for success; one that wraps context.Canceled while the
// context is cancelled means cancelled, with partial = true in the metadata if anything had come. Status, if it is set, counts more than err. If the call had ended
// before End is called, Duration should be set. The first End counts, from any goroutine.
func (c *LLM) End(err error) {
	if !c.Recorded() || c.ended.Swap(true) {
		return
	}
	call := c.LLMCall
	if call.TimeToFirstToken == 0 {
		call.TimeToFirstToken = time.Duration(c.firstToken.Load())
	}
	if c.joined {
		c.join(call, err)
		return
	}
	c.close(call, err)
}

// join gives the call to the one around it. One that is too late, or another one, is recorded by itself.
func (c *LLM) join(call types.LLMCall, err error) {
	if call.Duration == 0 {
		call.Duration = time.Since(call.StartTime)
	}
	if attach.Enrich(c.ctx, c.told(call, err)) {
		return
	}
	_, span := sentrial.StartLLM(c.ctx, call)
	span.End(err)
}

// close ends the span. What adapters inside said counts before what this one says, so that goes the way theirs did; the outcome is this one's own.
func (c *LLM) close(call types.LLMCall, err error) {
	told := c.told(call, err)
	other := attach.Displace(c.ctx, told)
	if other != nil || attach.Enrich(c.ctx, told) {
		c.span.LLMCall = types.LLMCall{
			StartTime: call.StartTime, Duration: call.Duration, Status: call.Status, Error: call.Error, Metadata: call.Metadata,
		}
	} else {
		c.span.LLMCall = call
	}
	c.besides(other)
	c.span.End(err)
}

// besides records a call that was taken for this one, as nothing told them apart before this one had its answer.
func (c *LLM) besides(other *types.LLMCall) {
	if other != nil {
		_, span := sentrial.StartLLM(c.ctx, *other)
		span.End(nil)
	}
}

// told is what others are told of the call, with how it ended.
func (c *LLM) told(call types.LLMCall, err error) *types.LLMCall {
	if call.Status = outcome(c.ctx, call.Status, err); call.Error == "" {
		call.Error = textOf(err)
	}
	return &call
}

// Told gives how the call ended for those inside it, as far as they have said so, for adapters that do not learn of the end themselves: "" if nobody has.
func (c *LLM) Told() (status types.Status, text string) {
	if c == nil || c.ctx == nil {
		return "", ""
	}
	return attach.Told(c.ctx)
}

// Live tells whether the event is still open: not ended here, nor by whoever opened it.
func (c *LLM) Live() bool {
	return c.Recorded() && !c.ended.Load() && attach.OpenCall(c.ctx) == types.EventLLMCall
}

// textOf is the text of an error of any type.
func textOf(err error) (text string) {
	if err == nil {
		return ""
	}
	defer func() {
		if recover() != nil {
			text = ""
		}
	}()
	return err.Error()
}

// outcome is the status that an error stands for, as the spans of package sentrial have it.
func outcome(ctx context.Context, set types.Status, err error) types.Status {
	switch {
	case set != "" && set != types.StatusRunning:
		return set
	case err == nil:
		return types.StatusSuccess
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		return types.StatusCancelled
	}
	return types.StatusError
}
