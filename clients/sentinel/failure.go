package sentinel

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/internal/httpx"
	"github.com/sentrial/sentrial-go/internal/platform"
)

// fail makes the error of a reply that is no success.
func (c *core) fail(r *httpx.Response, attempts int) error {
	failed := APIError{Status: r.Status, Detail: c.detail(r), RequestID: c.foreign(r.Header.Get("X-Request-Id")), Attempts: attempts}
	switch r.Status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return &AuthError{failed}
	case http.StatusTooManyRequests:
		return &RateLimitError{failed, retryAfter(r.Header, attempts)}
	}
	return &failed
}

// retryAfter is what the reply asks for, else the delay that the table has after so many attempts.
func retryAfter(h http.Header, attempts int) time.Duration {
	if wish, ok := httpx.RetryAfter(h, time.Now()); ok {
		return wish
	}
	return delays[min(max(attempts, 1), len(delays))-1]
}

// detail is what a reply says of itself, else the text of its status.
func (c *core) detail(r *httpx.Response) string {
	return cmp.Or(c.foreign(detailIn(r.Body)), http.StatusText(r.Status), "status "+strconv.Itoa(r.Status))
}

// foreign makes a text of the platform's fit for an error.
func (c *core) foreign(text string) string { return httpx.OneLine(c.tokens.scrub(text)) }

// detailIn reads {"detail": "..."}, and the list that frameworks make of what is wrong with a request: {"detail": [{"loc": ["body", "file"], "msg": "..."}]}. The
// value that was wrong, which such lists have too, is left out.
func detailIn(body []byte) string {
	var reply struct{ Detail json.RawMessage }
	var text string
	var list []struct {
		Loc []any
		Msg string
	}
	switch {
	case json.Unmarshal(body, &reply) != nil:
		return ""
	case json.Unmarshal(reply.Detail, &text) == nil:
		return text
	case json.Unmarshal(reply.Detail, &list) != nil:
		return ""
	}
	var parts []string
	for _, item := range list {
		parts = append(parts, strings.TrimPrefix(path(item.Loc)+": "+item.Msg, ": "))
	}
	return strings.Join(parts, "; ")
}

func path(loc []any) string {
	var names []string
	for _, step := range loc {
		switch step := step.(type) {
		case string:
			names = append(names, step)
		case float64:
			names = append(names, strconv.Itoa(int(step)))
		}
	}
	return strings.Join(names, ".")
}

// noReply makes the error of no reply, or of one that is not understood. doubtful says that the request, had it arrived, would have done something.
func noReply(err error, attempts int, doubtful bool) error {
	var garbled *platform.ReplyError
	var content *contentError
	switch {
	case errors.As(err, &content):
		return content
	case errors.As(err, &garbled):
		return &ReplyError{Status: garbled.Status, Why: garbled.Why, Attempts: attempts, Uncertain: doubtful}
	}
	return &NetworkError{Attempts: attempts, Uncertain: doubtful && !platform.Unsent(err), Err: err}
}
