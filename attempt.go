package sentrial

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"github.com/sentrial/sentrial-go/internal/httpx"
	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

// outcome is one request (of a batch, of an event on the hosted wire, of /healthz) and, once it is over, what came of it.
type outcome struct {
	batch    *batch
	number   uint64 // of the destination's requests
	began    time.Time
	encoding Compression
	packer   *packer
	token    string      // of the token source
	sent     bool        // as far as the HTTP client
	reused   atomic.Bool // the connection had served another request

	exchange *exchange // of the hosted wire; nil for a batch
	health   bool      // GET /healthz, without a batch

	reply *httpx.Response
	err   error
}

// attempt makes one request, on a goroutine of its own.
func (t *transport) attempt(ctx context.Context, o *outcome) {
	defer func() { t.outcomes <- o }()
	defer func() { // a RoundTripper of the program's own may do anything
		if v := recover(); v != nil {
			o.reply, o.err = nil, fmt.Errorf("sentrial: the HTTP client panicked: %s", jsonenc.PanicText(v))
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, t.cfg.timeout)
	defer cancel()
	if o.health {
		o.reply, o.err = t.getHealth(ctx)
		return
	}
	req, content, err := t.requestOf(httptrace.WithClientTrace(ctx, o.trace()), o)
	if err != nil {
		o.err = err
		return
	}
	defer content.release()
	if o.exchange != nil {
		defer func() { o.exchange.over(content, o.err) }()
	}
	o.sent = true
	t.requests.Add(1)
	if o.batch.tries > 1 {
		t.retries.Add(1)
	}
	o.reply, o.err = httpx.Do(t.http, req, maxReplyBytes)
}

// trace notes what happens to the request's connection.
func (o *outcome) trace() *httptrace.ClientTrace {
	trace := &httptrace.ClientTrace{GotConn: func(c httptrace.GotConnInfo) { o.reused.Store(c.Reused) }}
	if x := o.exchange; x != nil {
		trace.WroteRequest = func(w httptrace.WroteRequestInfo) { x.writeFailed.Store(w.Err != nil) }
	}
	return trace
}

func (t *transport) requestOf(ctx context.Context, o *outcome) (*http.Request, *body, error) {
	if o.exchange != nil {
		return t.hosted.request(ctx, o)
	}
	return t.request(ctx, o)
}

// request makes the request of a batch.
func (t *transport) request(ctx context.Context, o *outcome) (*http.Request, *body, error) {
	content := newBody()
	encoding, err := o.packer.pack(content, t.envelope, o.batch.records, o.encoding)
	if err != nil {
		return nil, nil, fmt.Errorf("sentrial: compressing a batch: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.url, http.NoBody)
	if err != nil {
		return nil, nil, fmt.Errorf("sentrial: %w", err)
	}
	if o.token, err = t.cfg.setHeaders(ctx, req.Header); err != nil {
		return nil, nil, err
	}
	content.attach(req)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", o.batch.key)
	if encoding != "" {
		req.Header.Set("Content-Encoding", encoding)
	}
	return req, content, nil
}

// setHeaders sets what every request to the API carries, and gives the token if it came from a source.
func (c *config) setHeaders(ctx context.Context, h http.Header) (token string, err error) {
	h.Set("User-Agent", userAgent)
	h.Set("Sentrial-Version", "1")
	if c.projectID != "" {
		h.Set("X-Sentrial-Project", c.projectID)
	}
	if c.tokens != nil {
		if token, err = c.tokens.next(ctx); err != nil {
			return "", err
		}
		h.Set("Authorization", "Bearer "+token)
	} else if key := c.apiKey.text(); key != "" {
		h.Set("Authorization", "Bearer "+key)
	}
	return token, nil
}

// head is the reply as far as it came, nil if there was none: what the body said may be lost, but not the status and the header.
func (o *outcome) head() *httpx.Response {
	var cut *httpx.CutError
	if errors.As(o.err, &cut) {
		return &httpx.Response{Status: cut.Status, Header: cut.Header}
	}
	return o.reply
}

// onStaleConnection tells whether the request may have failed only because its connection had died while it was idle, as they do when a process is frozen. Then
// the batch is sent again at once, a single time; net/http does so by itself where it noticed before it wrote.
func (o *outcome) onStaleConnection() bool {
	return o.reused.Load() && !o.batch.stale && !errors.Is(o.err, context.DeadlineExceeded)
}
