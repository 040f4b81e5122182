package httpx

import (
	"time"

	"github.com/cenkalti/backoff/v4"
)

const (
	firstDelay = time.Second
	maxDelay   = 30 * time.Second

	// jitter is the most that is added to a delay, as a share of it.
	jitter = 0.5
)

// Backoff yields the delays between attempts at a destination that does not answer well.
// They are drawn evenly from d to 1.5 d, for d = 1, 2, 4, 8, 16, 30, 30, ... seconds, so
// that clients which failed together do not come back together. It never ends. It is not
// safe for concurrent use.
type Backoff struct{ policy *backoff.ExponentialBackOff }

// NewBackoff returns a Backoff whose first delay is the shortest.
func NewBackoff() *Backoff {
	// The library draws from (1-r)x to (1+r)x. With r = 1/5 and x = 1.25 d that is d to 1.5 d.
	const middle = 1 + jitter/2
	return &Backoff{backoff.NewExponentialBackOff(
		backoff.WithInitialInterval(time.Duration(middle*float64(firstDelay))),
		backoff.WithRandomizationFactor(jitter/2/middle),
		backoff.WithMultiplier(2),
		backoff.WithMaxInterval(time.Duration(middle*float64(maxDelay))),
		backoff.WithMaxElapsedTime(0),
	)}
}

// Next returns the next delay.
func (b *Backoff) Next() time.Duration { return b.policy.NextBackOff() }

// Reset starts again with the shortest delay: the destination has answered.
func (b *Backoff) Reset() { b.policy.Reset() }
