package httptap

import (
	"net/http"
	"strconv"
	"time"

	"github.com/sentrial/sentrial-go/internal/httpx"
)

// grace is how long a call that failed waits to be tried again, beyond what the reply asks for. Clients wait for some seconds.
const grace = 15 * time.Second

// parting is how long it waits when its context was cancelled.
const parting = 2 * time.Second

// retryIn tells whether clients try again after such a reply, and how long at most that takes.
func retryIn(res *http.Response) (time.Duration, bool) {
	if !retryable(res) {
		return 0, false
	}
	wait, _ := httpx.RetryAfter(res.Header, time.Now())
	if ms, err := strconv.ParseFloat(res.Header.Get("Retry-After-Ms"), 64); err == nil && ms > 0 {
		wait = max(wait, time.Duration(min(ms, float64(httpx.MaxWait/time.Millisecond))*float64(time.Millisecond)))
	}
	return wait + grace, true
}

func retryable(res *http.Response) bool {
	if res.StatusCode < http.StatusBadRequest {
		return false
	}
	switch res.Header.Get("X-Should-Retry") { // the API knows best
	case "true":
		return true
	case "false":
		return false
	}
	switch res.StatusCode {
	case http.StatusRequestTimeout, http.StatusConflict, http.StatusTooManyRequests:
		return true
	}
	return res.StatusCode >= http.StatusInternalServerError
}
