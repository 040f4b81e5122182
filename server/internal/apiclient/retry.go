package apiclient

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v4"
)

// The first delay is 1 to 1.5 seconds.
const (
	firstDelay   = 1250 * time.Millisecond
	jitter       = 0.2
	longestDelay = 30 * time.Second
	longestWait  = 5 * time.Minute // that a server may ask for
	giveUpAfter  = 10 * time.Minute
)

// Retry calls fn until it succeeds, fails for good, or has failed for ten minutes on end. It waits with growing delays, never less than the
// server asked for. Before it waits it tells why and how long.
func Retry(ctx context.Context, waiting func(error, time.Duration), fn func(context.Context) error) error {
	delays := newDelays(giveUpAfter)
	for {
		err := fn(ctx)
		asked, again := Passing(err)
		if !again {
			return err
		}
		delay := delays.NextBackOff()
		if delay == backoff.Stop {
			return err
		}
		delay = max(delay, asked)
		waiting(err, delay)
		if err := Sleep(ctx, delay); err != nil {
			return err
		}
	}
}

// newDelays are growing delays, for no longer than a time, or for ever if that is 0.
func newDelays(until time.Duration) *backoff.ExponentialBackOff {
	return backoff.NewExponentialBackOff(
		backoff.WithInitialInterval(firstDelay), backoff.WithRandomizationFactor(jitter), backoff.WithMultiplier(2),
		backoff.WithMaxInterval(longestDelay), backoff.WithMaxElapsedTime(until))
}

// Sleep waits for d or the end of ctx.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Final is err as one that Retry does not try to get over.
func Final(err error) error { return backoff.Permanent(err) }

// Passing reports whether trying again may help, and how long the server wants to be left alone.
func Passing(err error) (asked time.Duration, again bool) {
	if _, final := errors.AsType[*backoff.PermanentError](err); final {
		return 0, false
	}
	if lost, ok := errors.AsType[*UnreachableError](err); ok {
		return lost.RetryAfter, true
	}
	api, ok := errors.AsType[*Error](err)
	if !ok {
		return 0, false
	}
	switch api.Status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return api.RetryAfter, true
	}
	return 0, false
}

// retryAfter is what the header Retry-After asks for, in seconds or as a date by the server's own clock. Nonsense asks for nothing.
func retryAfter(h http.Header) time.Duration {
	text := h.Get("Retry-After")
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return time.Duration(min(max(n, 0), int64(longestWait/time.Second))) * time.Second
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return min(max(at.Sub(now), 0), longestWait)
}
