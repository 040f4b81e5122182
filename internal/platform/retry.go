package platform

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"

	"github.com/sentrial/sentrial-go/internal/httpx"
)

// RetryPolicy says what is tried again, of requests that allow it. Its zero value tries nothing again.
type RetryPolicy struct {
	Attempts   int             // in all; 0 and 1 = one
	Statuses   []int           // that are tried again
	Network    bool            // so is no reply, or a success cut short
	Unsent     bool            // so is a request that did not leave as a whole, see [Unsent]
	Garbled    bool            // so is a success that is not understood
	Delays     []time.Duration // before the second attempt, the third ...; the last one goes on
	Jitter     float64         // the most that is added, as a share of the delay
	RetryAfter bool            // never sooner than the reply's Retry-After, of at most five minutes
}

// again tells whether an attempt that ended so is followed by another one.
func (p *RetryPolicy) again(o *outcome, tries int) bool {
	if tries >= p.Attempts {
		return false
	}
	var garbled *ReplyError
	switch {
	case o.final:
		return false
	case errors.As(o.err, &garbled):
		return p.Garbled
	case o.err != nil:
		return p.Network || p.Unsent && Unsent(o.err)
	}
	return slices.Contains(p.Statuses, o.reply.Status)
}

// delay is the wait after that many tries. Clients that are told the same Retry-After do not come back together either.
func (p *RetryPolicy) delay(tries int, h http.Header) time.Duration {
	var d time.Duration
	if n := len(p.Delays); n > 0 {
		d = p.Delays[min(tries, n)-1]
	}
	more := time.Duration(p.Jitter * rand.Float64() * float64(d)) //nolint:gosec // that clients do not come back together needs no secret
	if wish, ok := httpx.RetryAfter(h, time.Now()); ok && p.RetryAfter {
		d = max(d, wish)
	}
	return d + more
}

// errNoTime says that the context ends before the next attempt.
var errNoTime = errors.New("the context ends before the next attempt")

// pause waits, unless ctx ends first: then it does not even begin to, if that is known.
func pause(ctx context.Context, d time.Duration) error {
	if end, ok := ctx.Deadline(); ok && time.Until(end) < d {
		return fmt.Errorf("%w: %w", errNoTime, context.DeadlineExceeded)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
