package sentrial

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sentrial/sentrial-go/internal/httpx"
)

// transport sends batches over the batch protocol: one goroutine, one request at a time.
type transport struct {
	cfg      *config
	buffer   *batcher
	spans    *openSpans
	notices  *notifier
	http     *http.Client
	envelope *envelope
	url      string

	compressor compressor
	json       []byte         // scratch of the body being made
	limits     sizeLimits     // what the server called too large
	backoff    *httpx.Backoff // of the destination
	notBefore  time.Time      // no request earlier than this

	requests, retries atomic.Uint64

	mu        sync.Mutex
	lastError error
}

const (
	maxReplyBytes = 1 << 20
	userAgent     = "sentrial-go/" + Version
)

func newTransport(c *config, clientID string, hc *http.Client, buffer *batcher, spans *openSpans, notices *notifier) *transport {
	return &transport{
		cfg: c, buffer: buffer, spans: spans, notices: notices, http: hc,
		envelope: newEnvelope(clientID, c), url: c.base.JoinPath("v1", "events").String(),
		compressor: compressor{mode: c.compression, loopback: c.loopback}, backoff: httpx.NewBackoff(),
	}
}

// run sends until ctx is done. What is not delivered by then stays in the buffer.
func (t *transport) run(ctx context.Context) {
	for ctx.Err() == nil {
		idle := t.spans.announce(time.Now())
		if bt := t.buffer.next(ctx, idle); bt != nil {
			t.deliver(ctx, bt)
		}
	}
}

// deliver sends one batch until it is settled, split, or has to go back to the queue.
func (t *transport) deliver(ctx context.Context, bt *batch) {
	for t.await(ctx) {
		t.trim(bt)
		reply, err := t.attempt(ctx, bt)
		if err != nil && ctx.Err() != nil {
			break
		}
		if t.conclude(bt, reply, err) {
			return
		}
	}
	t.buffer.giveBack(bt)
}

// trim splits a batch that the server is known to call too large.
func (t *transport) trim(bt *batch) {
	for t.limits.exceededBy(bt) {
		if !t.buffer.halve(bt) {
			return
		}
	}
}

// await waits until the destination may be asked. It is false when ctx is done first.
func (t *transport) await(ctx context.Context) bool {
	wait := time.Until(t.notBefore)
	if wait <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// attempt makes one request of the batch.
func (t *transport) attempt(ctx context.Context, bt *batch) (reply *httpx.Response, err error) {
	defer func() { // a RoundTripper of the program's own may do anything
		if v := recover(); v != nil {
			reply, err = nil, fmt.Errorf("sentrial: the HTTP client panicked: %v", v)
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, t.cfg.timeout)
	defer cancel()
	req, content, err := t.request(ctx, bt)
	if err != nil {
		return nil, err
	}
	defer content.release()
	t.requests.Add(1)
	if bt.tries++; bt.tries > 1 {
		t.retries.Add(1)
	}
	t.buffer.inFlight(bt, true)
	defer t.buffer.inFlight(bt, false)
	return httpx.Do(t.http, req, maxReplyBytes)
}

func (t *transport) request(ctx context.Context, bt *batch) (*http.Request, *body, error) {
	now := time.Now()
	if bt.key == "" {
		bt.key = newID("", now)
	}
	t.json = t.envelope.appendBody(t.json[:0], bt.records, now)
	content := newBody()
	encoding, err := t.compressor.compress(content, t.json)
	if err != nil {
		return nil, nil, fmt.Errorf("sentrial: compressing a batch: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.url, http.NoBody)
	if err != nil {
		return nil, nil, fmt.Errorf("sentrial: %w", err)
	}
	content.attach(req)
	t.cfg.setHeaders(req.Header)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", bt.key)
	if encoding != "" {
		req.Header.Set("Content-Encoding", encoding)
	}
	return req, content, nil
}

// setHeaders sets what every request to the API carries.
func (c *config) setHeaders(h http.Header) {
	h.Set("User-Agent", userAgent)
	h.Set("Sentrial-Version", "1")
	if key := c.apiKey.text(); key != "" {
		h.Set("Authorization", "Bearer "+key)
	}
	if c.projectID != "" {
		h.Set("X-Sentrial-Project", c.projectID)
	}
}

// conclude acts on the outcome of an attempt. It is true when the batch is out of deliver's hands.
func (t *transport) conclude(bt *batch, reply *httpx.Response, err error) bool {
	var cut *httpx.CutError
	if errors.As(err, &cut) { // what the body said is lost, but not its status and header
		reply = &httpx.Response{Status: cut.Status, Header: cut.Header}
	}
	if reply == nil {
		return t.failed(bt, err, 0)
	}
	t.compressor.learn(reply)
	if wait, ok := httpx.RateLimitWait(reply.Header, time.Now()); ok {
		t.notBefore = time.Now().Add(wait)
	}
	switch success := reply.Status >= 200 && reply.Status < 300; {
	case success && err != nil:
		return t.failed(bt, err, retryAfter(reply))
	case success:
		return t.succeeded(bt, reply)
	}
	return t.refused(bt, reply)
}

func retryAfter(reply *httpx.Response) time.Duration {
	wait, _ := httpx.RetryAfter(reply.Header, time.Now())
	return wait
}

func (t *transport) succeeded(bt *batch, reply *httpx.Response) bool {
	fates, duplicates, err := readAcknowledgement(reply, bt.records)
	if errors.Is(err, errUnknownRejection) {
		t.buffer.halve(bt)
		return false
	}
	if err != nil {
		return t.failed(bt, err, retryAfter(reply))
	}
	t.cfg.clean(fates)
	t.backoff.Reset()
	t.setLastError(firstAgain(fates))
	if t.buffer.settle(bt, fates, duplicates) {
		t.notices.warnOnce("postponed", "sentrial: the server asks for events again; they are kept", "error", firstAgain(fates))
		t.buffer.postpone(bt, time.Now(), retryAfter(reply))
	}
	return true
}

// firstAgain is what the server said of the first event that it wants to have again, nil if there is none.
func firstAgain(fates []fate) error {
	for _, f := range fates {
		if f.again {
			return f.err
		}
	}
	return nil
}

// refused handles every status that is no success.
func (t *transport) refused(bt *batch, reply *httpx.Response) bool {
	err := t.cfg.apiError(reply)
	switch v := judge(reply.Status); {
	case v == verdictAgain:
		return t.failed(bt, err, err.RetryAfter)
	case v == verdictBarred:
		return t.failed(bt, err, max(barredProbe, err.RetryAfter))
	case v == verdictRekey && !bt.rekeyed:
		bt.key, bt.rekeyed = "", true
		return false
	}
	t.setLastError(err)
	if reply.Status == http.StatusRequestEntityTooLarge {
		t.limits.learn(bt)
	}
	if len(bt.records) > 1 {
		t.buffer.halve(bt)
		return false
	}
	t.buffer.settle(bt, []fate{{reason: dropReasonOf(reply.Status), err: err}}, 0)
	return true
}

// failed waits before the destination is asked again, and lets go of the batch when its retries are used up.
func (t *transport) failed(bt *batch, err error, atLeast time.Duration) bool {
	err = t.cfg.errorWithoutKey(err)
	t.setLastError(err)
	t.notices.warnOnce("delivery "+causeOf(err), "sentrial: events cannot be delivered; they are kept and tried again", "error", err)
	if next := time.Now().Add(max(t.backoff.Next(), atLeast)); next.After(t.notBefore) {
		t.notBefore = next
	}
	if bt.tries <= t.cfg.maxRetries {
		return false
	}
	bt.tries = 1 // whatever comes next is a retry
	t.buffer.giveBack(bt)
	return true
}

// causeOf groups failures, so that each kind is logged once.
func causeOf(err error) string {
	var api *APIError
	switch {
	case errors.As(err, &api):
		return http.StatusText(api.Status)
	case errors.Is(err, errNotAcknowledged):
		return "not acknowledged"
	}
	return "network"
}

func (t *transport) setLastError(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lastError = err
}

func (t *transport) stats(s *Stats) {
	t.mu.Lock()
	s.LastError = t.lastError
	t.mu.Unlock()
	s.Requests, s.Retries = t.requests.Load(), t.retries.Load()
}
