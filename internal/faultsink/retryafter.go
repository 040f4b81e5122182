package faultsink

import (
	"net/http"
	"strconv"
	"time"
)

// longestWait is how much of a Retry-After counts: clients need not wait longer.
const longestWait = 5 * time.Minute

// retryAfter is what a reply asks to wait, in words of its own so that the code under test is not its own judge: digits, or a date against the reply's Date. What
// makes no sense is 0.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := h.Get("Retry-After")
	if seconds, err := strconv.ParseUint(value, 10, 64); err == nil {
		return time.Duration(min(seconds, uint64(longestWait.Seconds()))) * time.Second
	}
	until, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return min(max(until.Sub(now), 0), longestWait)
}
