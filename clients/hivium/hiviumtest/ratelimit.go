package hiviumtest

import (
	"net/http"
	"strconv"
	"time"
)

// meter counts a request, unless there were too many in the window that ends now. Those that are refused do not count.
func (s *Server) meter(x *exchange) *refusal {
	now := time.Now()
	for len(x.key.log) > 0 && !x.key.log[0].Add(s.window).After(now) {
		x.key.log = x.key.log[1:]
	}
	if len(x.key.log) < s.limit {
		x.key.log = append(x.key.log, now)
		s.limits(x, x.key.log)
		return nil
	}
	s.refused++
	s.limits(x, x.key.log)
	wait := s.window
	if len(x.key.log) > 0 {
		wait = x.key.log[0].Add(s.window).Sub(now)
	}
	x.header.Set("Retry-After", strconv.FormatInt(wholeSeconds(wait), 10))
	return refuse(http.StatusTooManyRequests, "rate_limited", "Too many requests: wait for Retry-After.")
}

// limits tells how many requests are left, and when there will be one more than now.
func (s *Server) limits(x *exchange, log []time.Time) {
	reset := time.Now()
	if len(log) > 0 {
		reset = log[0].Add(s.window)
	}
	x.header.Set("X-RateLimit-Limit", strconv.Itoa(s.limit))
	x.header.Set("X-RateLimit-Remaining", strconv.Itoa(s.limit-len(log)))
	x.header.Set("X-RateLimit-Reset", strconv.FormatInt(wholeSeconds(time.Duration(reset.UnixNano())), 10))
}

// wholeSeconds rounds up, so that nobody comes too early.
func wholeSeconds(d time.Duration) int64 { return int64((d + time.Second - 1) / time.Second) }
