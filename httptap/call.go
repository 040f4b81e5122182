package httptap

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sentrial/sentrial-go/adapter"
	"github.com/sentrial/sentrial-go/httptap/internal/wire"
	"github.com/sentrial/sentrial-go/internal/attach"
	"github.com/sentrial/sentrial-go/types"
)

// call is one call of a model: one request, or several when it is tried again.
type call struct {
	tap   *tap
	asked types.LLMCall

	// Not changed while it is among the held calls.
	key        callKey
	tries      int             // requests that came here
	done       <-chan struct{} // of the last one's context
	sender     uint64          // the goroutine of the last one, known when it failed
	redirected bool            // by the last reply

	// mu is held while the event is recorded, so that whoever closes a body finds it recorded. The program's hooks run under it, see enter.
	mu        sync.Mutex
	recording atomic.Bool

	llm      *adapter.LLM
	inside   context.Context //nolint:containedctx // that of llm, which the next attempt comes to
	attempts int             // how often it was sent, as far as is known
	told     int             // of those, what the call around knows already
	current  *attempt
	waits    bool // it is among the held calls
	timer    *time.Timer
	outcome  types.LLMCall
	failure  error
	heard    time.Time // when the last word of the current attempt came
	recorded bool
}

// attempt makes the next request of the call, which is req.
func (c *call) attempt(w *wire.Wire, req *http.Request, q *question) *attempt {
	a := &attempt{call: c, wire: w, req: req, question: q}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.current, c.done, c.redirected = a, req.Context().Done(), false
	c.tries++
	return a
}

// wait keeps the call open until it is tried again, but not for ever.
func (c *call) wait(d time.Duration) {
	c.sender = adapter.Goroutine()
	if held.put(c) {
		c.waits, c.timer = true, time.AfterFunc(d, c.giveUp)
	}
}

// hurry is for a call that waits after the attempt, whose context was cancelled since: the program has walked away, or the client that made that context for one
// attempt is about to send the next.
func (c *call) hurry(a *attempt) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waits && c.current == a {
		c.timer.Reset(parting)
	}
}

// giveUp records that a call which waited has failed.
func (c *call) giveUp() {
	if held.remove(c) {
		c.tap.safely(c.fail)
	}
}

func (c *call) fail() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.current.finish(unheard, nil)
	c.current.unwatch()
	c.timer.Stop()
	c.record()
	c.waits = false
	c.forget()
}

// again goes on with a call that waited, in the context of its next request.
func (c *call) again(ctx context.Context) context.Context {
	if !c.resume() {
		return attach.Graft(ctx, c.inside)
	}
	ctx, llm := c.tap.recorder.LLM(ctx, c.asked) // without the lock: it may be an event of its own by now, and hooks run at its beginning
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inside, c.llm = ctx, llm
	return ctx
}

// resume ends the wait. It is true for a call that is part of one around it, which knows of the attempt that failed already.
func (c *call) resume() (joined bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.current.finish(unheard, nil)
	c.current.unwatch()
	c.timer.Stop()
	if joined = c.llm.Joined(); joined {
		c.record()
		c.told, c.recorded = c.attempts, false
	}
	c.waits = false
	c.attempts++
	return joined
}

// record ends the call. One around it adds up the attempts that failed and those of the success.
func (c *call) record() {
	if c.recorded {
		return
	}
	c.recorded = true
	out := c.outcome
	out.StartTime, out.Attempts = c.llm.StartTime, c.attempts
	if c.llm.Joined() && c.failure == nil && out.Status == "" {
		out.Attempts -= c.told
	}
	if c.waits {
		out.Duration = max(1, c.heard.Sub(out.StartTime))
	}
	c.llm.LLMCall = out
	c.recording.Store(true)
	defer c.recording.Store(false)
	c.llm.End(c.failure)
	c.forget()
}

// forget lets go of what was said in a call that is recorded and will not be tried again: the program may keep its reply for long.
func (c *call) forget() {
	if c.recorded && !c.waits {
		c.asked, c.outcome, c.llm, c.inside = types.LLMCall{}, types.LLMCall{}, nil, nil
	}
}
