package httpx

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// MaxWait is the longest that a server can make a client wait by a header.
const MaxWait = 5 * time.Minute

// lastSecond is the end of the year 9999: beyond some later point time.Unix wraps round.
const lastSecond = 253402300799

// RetryAfter returns how long the reply's Retry-After asks to wait: seconds, or an HTTP
// date, which is taken against the reply's own Date, so that a wrong clock here does no
// harm; now stands in for an absent Date. A date that has passed is 0. What is negative or
// makes no sense is no wish: ok is false. No wait is longer than MaxWait.
func RetryAfter(h http.Header, now time.Time) (wait time.Duration, ok bool) {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, ok := wholeNumber(value); ok {
		return time.Duration(min(seconds, int64(MaxWait/time.Second))) * time.Second, true
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	return clamp(at.Sub(date(h, now))), true
}

// RateLimitWait returns how long it is until X-RateLimit-Reset (Unix seconds, taken
// against the reply's Date, or now when that is absent), if X-RateLimit-Remaining is 0.
// Otherwise, and when a header makes no sense, ok is false. No wait is longer than MaxWait.
func RateLimitWait(h http.Header, now time.Time) (wait time.Duration, ok bool) {
	if remaining, ok := wholeNumber(h.Get("X-RateLimit-Remaining")); !ok || remaining != 0 {
		return 0, false
	}
	reset, ok := wholeNumber(h.Get("X-RateLimit-Reset"))
	if !ok {
		return 0, false
	}
	return clamp(time.Unix(min(reset, lastSecond), 0).Sub(date(h, now))), true
}

// date is the server's idea of the present.
func date(h http.Header, now time.Time) time.Time {
	if at, err := http.ParseTime(h.Get("Date")); err == nil {
		return at
	}
	return now
}

// wholeNumber reads digits without a sign. A number too big for int64 is the biggest.
func wholeNumber(s string) (n int64, ok bool) {
	u, err := strconv.ParseUint(strings.TrimSpace(s), 10, 63)
	return int64(u), err == nil || errors.Is(err, strconv.ErrRange)
}

func clamp(d time.Duration) time.Duration { return min(max(d, 0), MaxWait) }
