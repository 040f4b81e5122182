package sentrial

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/sentrial/sentrial-go/internal/httpx"
)

// The retry policy. Whatever is not an acknowledgement leaves the events in the queue; the delays between requests belong to the destination, not to a request
// (httpx.Backoff has their arithmetic).
//
//	network error, 408, 429, 502, 503, 504, 3xx, a 2xx that acknowledges nothing: again, after backoff or Retry-After, the longer
//	500: the same, until there is reason to look for an event that the server fails at (poison.go)
//	413: the batch is halved at once, and later ones of its size before they are sent; a single event is dropped
//	400, 422: the batch is halved at once; a single event is dropped
//	409: the same events under a new key, once, then as 400
//	401: again with a new token where there is a token source, once
//	401, 403, 404 and every other status: all is kept, one request a minute asks again
type verdict int

const (
	verdictAgain  verdict = iota // the destination is in trouble
	verdictCrash                 // the same, or it fails at an event of the batch
	verdictHalve                 // the batch is too large or holds something that the server does not take
	verdictRekey                 // the idempotency key is taken
	verdictToken                 // the key or token is not accepted
	verdictBarred                // a person has to do something first
)

// barredProbe is how often a client that is not let in asks again.
const barredProbe = time.Minute

func judge(status int) verdict {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return verdictAgain
	case http.StatusInternalServerError:
		return verdictCrash
	case http.StatusRequestEntityTooLarge, http.StatusBadRequest, http.StatusUnprocessableEntity:
		return verdictHalve
	case http.StatusConflict:
		return verdictRekey
	case http.StatusUnauthorized:
		return verdictToken
	}
	if status >= 200 && status < 400 {
		return verdictAgain
	}
	return verdictBarred
}

// dropReasonOf is why a single event is lost that the server answered with this status.
func dropReasonOf(status int) DropReason {
	if status == http.StatusRequestEntityTooLarge {
		return DropTooLarge
	}
	return DropRejected
}

// apiError describes a reply that is no success.
func (c *config) apiError(r *httpx.Response) *APIError {
	body := httpx.ParseError(r)
	if r.Status >= 300 && r.Status < 400 {
		body.Message = redirected(r.Header.Get("Location"))
	}
	wait, _ := httpx.RetryAfter(r.Header, time.Now())
	return c.cleaned(&APIError{Status: r.Status, Code: body.Code, Message: body.Message, RequestID: body.RequestID, RetryAfter: wait})
}

// redirected says what to do about a redirect: whoever answers so is not to have the key or the events.
func redirected(location string) string {
	to := "elsewhere"
	if u, err := url.Parse(location); err == nil && location != "" {
		to = "to " + httpx.PublicURL(u)
	}
	return "redirects are not followed, and this one leads " + to + "; is the API URL right, or is a proxy or a captive portal answering?"
}

// maxServerText bounds in bytes what is kept of a text that a server wrote about one event.
const maxServerText = 512

// cleaned keeps what a server must not get into our errors out of e: the key, and texts without end.
func (c *config) cleaned(e *APIError) *APIError {
	for _, text := range []*string{&e.Code, &e.Message, &e.RequestID} {
		*text = clip(c.withoutKey(*text), maxServerText)
	}
	return e
}

// clean does the same with what an acknowledgement says of single events.
func (c *config) clean(fates []fate) {
	for _, f := range fates {
		var e *APIError
		if errors.As(f.err, &e) {
			*e = *c.cleaned(e)
		}
	}
}

// errorWithoutKey is err, or its text alone if that holds the key: an HTTP client of the program's own may put anything into its errors.
func (c *config) errorWithoutKey(err error) error {
	text := errorText(err)
	if clean := c.withoutKey(text); clean != text {
		return errors.New(clean)
	}
	return err
}

// codeNotAcknowledged is the APIError.Code of a success that is none.
const codeNotAcknowledged = "not_acknowledged"

// notAcknowledged says what was wrong with a 2xx: proxies and captive portals answer so.
func notAcknowledged(r *httpx.Response, problem string) error {
	const hint = "the reply does not acknowledge the events: status %d, content type %q: %s; is the API URL right, or is a proxy or a captive portal answering?"
	return &APIError{
		Status: r.Status, Code: codeNotAcknowledged, RequestID: clip(r.Header.Get("X-Request-Id"), maxServerText),
		Message: fmt.Sprintf(hint, r.Status, clip(r.Header.Get("Content-Type"), maxServerText), problem),
	}
}
