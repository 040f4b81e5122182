package platform

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/sentrial/sentrial-go/internal/httpx"
)

// outcome is what an attempt ended with: a reply, an error, or both when a success is not understood.
type outcome struct {
	reply *httpx.Response
	err   error
	final bool // err is what the call returns, as it is
	held  bool // nothing was sent: err is that of Before
}

func (o *outcome) success() bool { return o.err == nil && o.reply.Status/100 == 2 }

// header is that of the reply, also of one cut short.
func (o *outcome) header() http.Header {
	var cut *httpx.CutError
	switch {
	case o.reply != nil:
		return o.reply.Header
	case errors.As(o.err, &cut):
		return cut.Header
	}
	return nil
}

// Do sends the request until there is an answer, or no use in trying again. The reply is that of the last attempt, nil if there was none; it is also there when a
// status is no success.
func (c *Client) Do(ctx context.Context, q Request) (*httpx.Response, error) {
	if ctx == nil {
		ctx = context.Background()
	}
	ctx, call := c.begin(ctx, &q)
	reply, attempts, err := c.exchange(ctx, &q)
	call.end(reply, attempts, err)
	return reply, err
}

func (c *Client) exchange(ctx context.Context, q *Request) (reply *httpx.Response, attempts int, err error) {
	if err := q.encode(); err != nil {
		return nil, 0, fmt.Errorf("%s: %w", c.cfg.Name, err)
	}
	renewed := false
	for tries := 1; ; {
		o, r := c.attempt(ctx, q)
		if o.held && err != nil {
			return reply, attempts, notAgain(err, o.err)
		}
		attempts++
		if o.success() {
			return o.reply, attempts, nil
		}
		if !renewed && c.renews(ctx, q, o, r) {
			renewed = true
			continue
		}
		reply, err = o.reply, c.failure(o, attempts)
		if !q.Retry || q.Once || ctx.Err() != nil || !c.cfg.Retry.again(o, tries) {
			return reply, attempts, err
		}
		if stop := pause(ctx, c.cfg.Retry.delay(tries, o.header())); stop != nil {
			return reply, attempts, notAgain(err, stop)
		}
		tries++
	}
}

// notAgain is the failure of the last attempt that was sent, and why there was no other.
func notAgain(failure, why error) error { return fmt.Errorf("%w (not tried again: %w)", failure, why) }

// attempt sends the request once.
func (c *Client) attempt(ctx context.Context, q *Request) (*outcome, *http.Request) {
	if c.cfg.Before != nil {
		if err := c.cfg.Before(ctx); err != nil {
			return &outcome{err: err, final: true, held: true}, nil
		}
	}
	r, err := c.prepare(ctx, q)
	if err != nil {
		return &outcome{err: err, final: true}, r
	}
	if c.cfg.Timeout > 0 { // not of what comes before: that may be requests of its own
		ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
		defer cancel()
		r = r.WithContext(ctx)
	}
	return c.roundTrip(r, q), r
}

func (c *Client) prepare(ctx context.Context, q *Request) (*http.Request, error) {
	r, err := c.request(ctx, q)
	if err != nil {
		return nil, err
	}
	if c.cfg.Authorize != nil {
		if err := c.cfg.Authorize(ctx, r); err != nil {
			return nil, err
		}
	}
	return r, q.fill(r)
}

func (c *Client) roundTrip(r *http.Request, q *Request) *outcome {
	reply, err := httpx.Do(c.http, r, c.cfg.MaxBody)
	var cut *httpx.CutError
	if errors.As(err, &cut) {
		reply = &httpx.Response{Status: cut.Status, Header: cut.Header}
	}
	if reply != nil && c.cfg.After != nil {
		c.cfg.After(reply)
	}
	switch {
	case err == nil && reply.Status/100 == 2:
		return &outcome{reply: reply, err: read(reply, q)}
	case err == nil, cut != nil && cut.Status/100 != 2 && r.Context().Err() == nil: // the status alone says that it is no success
		return &outcome{reply: reply}
	}
	return &outcome{err: err}
}

// renews tells whether a refused token was replaced, so that the request may be sent again: it was not acted upon. Who can send it only once hears of the token, too.
func (c *Client) renews(ctx context.Context, q *Request, o *outcome, r *http.Request) bool {
	refused := o.reply != nil && o.reply.Status == http.StatusUnauthorized
	return refused && c.cfg.Refused != nil && c.cfg.Refused(ctx, r) && !q.Once
}

// failure is the error that the caller gets if this was the last attempt.
func (c *Client) failure(o *outcome, attempts int) error {
	switch {
	case o.final:
		return o.err
	case o.err != nil && c.cfg.Network != nil:
		return c.cfg.Network(o.err, attempts)
	case o.err != nil:
		return fmt.Errorf("%s: %w", c.cfg.Name, o.err)
	case c.cfg.Fail != nil:
		return c.cfg.Fail(o.reply, attempts)
	}
	return fmt.Errorf("%s: status %d: %s", c.cfg.Name, o.reply.Status, httpx.ParseError(o.reply).Message)
}
