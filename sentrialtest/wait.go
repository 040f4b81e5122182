package sentrialtest

import (
	"context"
	"time"
)

// patience is how long Wait waits when its context has no deadline.
const patience = 10 * time.Second

// Wait waits until the condition holds, which it looks at once and again whenever events arrive: for agents that work on after the test called them, or in
// another process. When ctx is done first, or after 10 s if it has no deadline, the test fails and Wait is false.
//
//	srv.Wait(ctx, func() bool { return len(srv.ToolCalls()) == 2 })
func (r *Recorder) Wait(ctx context.Context, until func() bool) bool {
	r.t.Helper()
	if _, limited := ctx.Deadline(); !limited {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, patience)
		defer cancel()
	}
	for {
		arrived := r.inbox.nextArrival()
		if until() {
			return true
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			r.t.Errorf("Wait: what was waited for did not happen: %v%s", context.Cause(ctx), r.inbox.whatHappened(grow(r.inbox.all())))
			return false
		}
	}
}

func (b *inbox) nextArrival() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.arrived
}

// FailNext makes the server's next replies to events fail with the HTTP status, for tests of an agent that goes on, or ends, while its events cannot be
// delivered. It is one from 400 to 599. The client sends the events again, so reading waits until the server answers again; in a bubble that takes no time. Where it does not, reading
// fails the test after 10 s unless FailedDelivery is allowed. Several calls add up.
func (r *Recorder) FailNext(replies, status int) {
	r.t.Helper()
	if status < 400 || status > 599 {
		r.t.Errorf("FailNext: %d is no status of a failure: want 400 to 599", status)
		return
	}
	r.inbox.mu.Lock()
	defer r.inbox.mu.Unlock()
	for range replies {
		r.inbox.failing = append(r.inbox.failing, status)
	}
}
