package hivium

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"sync"
	"time"
)

const (
	documented = 60                // requests a minute that a key may make
	unpaced    = -1                // a limit that is none
	mostTold   = 1_000_000         // requests in a window that a server may say
	allFlying  = time.Duration(-1) // nobody knows yet how long to wait
)

// pacer keeps requests below the limit of a key in any window. A request takes a place from when it is sent until a window after its reply: the server counted it
// somewhere in between.
type pacer struct {
	turn  chan struct{} // held by who waits for a place; those behind stand in a queue
	freed chan struct{} // something has changed, for who has the turn

	mu     sync.Mutex
	own    int // what was asked for; 0 = nothing
	told   int // what the server says; 0 = nothing yet
	window time.Duration
	flying int         // requests without a reply
	past   []time.Time // of replies, the oldest first
	until  time.Time   // nothing is sent before
}

func newPacer(limit int, window time.Duration) *pacer {
	return &pacer{turn: make(chan struct{}, 1), freed: make(chan struct{}, 1), own: limit, window: window}
}

// wait returns when a request may be sent, first come, first served, or when ctx ends, or at once when ctx will have ended by then. After nil comes done.
func (p *pacer) wait(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return notSent(err)
	}
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return notSent(ctx.Err())
	}
	for {
		d, ok := p.take(time.Now())
		if ok {
			return nil
		}
		if err := p.pause(ctx, d); err != nil {
			return notSent(err)
		}
	}
}

func notSent(err error) error {
	return fmt.Errorf("hivium: not sent, the context ends before the rate limit allows a request: %w", err)
}

// take takes a place, or tells how long there is none.
func (p *pacer) take(now time.Time) (wait time.Duration, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expire(now)
	switch {
	case now.Before(p.until):
		return p.until.Sub(now), false
	case p.flying+len(p.past) < p.limit():
		p.flying++
		return 0, true
	case len(p.past) > 0:
		return p.past[0].Add(p.window).Sub(now), false
	}
	return allFlying, false
}

// limit is the lower of what was asked for and what the server says.
func (p *pacer) limit() int {
	switch {
	case p.own == unpaced:
		return math.MaxInt
	case p.own == 0 && p.told == 0:
		return documented
	case p.own == 0:
		return p.told
	case p.told == 0:
		return p.own
	}
	return min(p.own, p.told)
}

func (p *pacer) expire(now time.Time) {
	n := 0
	for n < len(p.past) && !p.past[n].Add(p.window).After(now) {
		n++
	}
	p.past = append(p.past[:0], p.past[n:]...)
}

// pause waits until something may have changed.
func (p *pacer) pause(ctx context.Context, d time.Duration) error {
	var over <-chan time.Time
	if d != allFlying {
		if end, ok := ctx.Deadline(); ok && time.Until(end) < d {
			return context.DeadlineExceeded
		}
		timer := time.NewTimer(d)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-over:
	case <-p.freed:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// done hears how a request ended: with a reply that has these headers, or with none (status 0).
func (p *pacer) done(now time.Time, status int, h http.Header) {
	p.mu.Lock()
	p.flying--
	p.expire(now) // so that learn does not take what has left the window for what the server counts
	p.add(now, 1)
	p.learn(now, status, h)
	p.mu.Unlock()
	select {
	case p.freed <- struct{}{}:
	default:
	}
}

func (p *pacer) add(now time.Time, n int) {
	if p.own == unpaced {
		return
	}
	for range n {
		p.past = append(p.past, now)
	}
}
