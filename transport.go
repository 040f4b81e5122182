package sentrial

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sentrial/sentrial-go/internal/httpx"
	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

// transport sends events: batches over the batch protocol, or one by one over the hosted one (hosted.go). One goroutine, the sender, decides what is sent and
// what an answer means; all fields but the last ones are its own. Each request has a goroutine while it is under way.
type transport struct {
	cfg      *config
	buffer   *batcher
	spans    *openSpans
	notices  *notifier
	http     *http.Client
	envelope *envelope
	clientID string
	url      string

	choice      *wireChoice
	hosted      *hostedWire
	destination *destination
	encodings   encodings
	limits      sizeLimits // what the server called too large
	pace        pace       // what it could not take in in time
	unproven    int        // replies of 500 since the last acknowledgement that led to a split
	packers     []*packer  // not in use
	stalled     time.Time  // what the buffer was told
	outcomes    chan *outcome

	requests, retries atomic.Uint64
	onHostedWire      atomic.Bool // the hosted protocol is spoken, and not only tried

	mu        sync.Mutex
	lastError error
}

// outcome is a request of a batch and, once it is over, what came of it.
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

const (
	maxReplyBytes = 1 << 20
	userAgent     = "sentrial-go/" + Version
)

func newTransport(c *config, clientID string, hc *http.Client, buffer *batcher, spans *openSpans, notices *notifier) *transport {
	t := &transport{
		cfg: c, buffer: buffer, spans: spans, notices: notices, http: hc,
		envelope: newEnvelope(clientID, c), clientID: clientID, url: c.base.JoinPath("v1", "events").String(),
		choice:      newWireChoice(c),
		destination: newDestination(buffer.slabs.slabBytes), encodings: encodings{mode: c.compression, loopback: c.loopback},
		outcomes: make(chan *outcome, maxUnderway),
	}
	t.hosted = newHostedWire(t)
	t.noteWire()
	return t
}

// run sends until ctx is done. What is not delivered by then stays in the buffer.
func (t *transport) run(ctx context.Context) {
	for ctx.Err() == nil {
		idle := t.spans.announce(time.Now())
		wait := t.begin(ctx)
		if wait > 0 {
			t.tellStall()
			t.await(ctx, min(idle, wait))
		}
	}
	for t.destination.underway > 0 {
		t.conclude(ctx, <-t.outcomes)
	}
}

// begin starts a request if there is something to send that may be sent now, or tells how long there is not.
func (t *transport) begin(ctx context.Context) (wait time.Duration) {
	now := time.Now()
	t.destination.stagger = slowAfter
	if t.choice.hosted {
		t.destination.stagger = hostedStagger
	}
	if wait = t.destination.wait(now, t.pace.limit > 0 || t.choice.undecided()); wait > 0 {
		return wait
	}
	switch {
	case t.choice.asking(), t.choice.mustAsk(now) && t.destination.underway > 0: // what is under way belongs to the wire spoken so far
		return untilWoken
	case t.choice.mustAsk(now):
		t.askHealth(ctx, now)
		return 0
	case t.choice.hosted:
		return t.hosted.begin(ctx, now)
	}
	bt, wait := t.buffer.take(now, t.destination.acked)
	if bt == nil {
		return wait
	}
	t.trim(bt)
	o := &outcome{batch: bt, number: t.destination.begin(now), began: now, encoding: t.encodings.choose(), packer: t.takePacker()}
	if bt.key == "" {
		bt.key = newID("", now)
	}
	bt.tries++
	t.buffer.inFlight(bt, true)
	go t.attempt(ctx, o)
	return 0
}

// tellStall lets Flush and Close know how long nothing will be sent, so that they need not wait for it.
func (t *transport) tellStall() {
	until := t.destination.stalledUntil()
	if until != t.stalled {
		t.stalled = until
		t.buffer.stall(until)
	}
}

// await waits until there may be something to do: an outcome, something in the buffer, or the time.
func (t *transport) await(ctx context.Context, wait time.Duration) {
	var alarm <-chan time.Time // none where there is nothing to wait for: in a synctest bubble such a timer would be run to
	if wait < untilWoken {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		alarm = timer.C
	}
	select {
	case o := <-t.outcomes:
		t.conclude(ctx, o)
	case <-t.buffer.wake:
	case <-alarm:
	case <-ctx.Done():
	}
}

// trim splits a batch that is known to be too much for one request.
func (t *transport) trim(bt *batch) {
	if bt.aside && t.destination.acked > bt.since && len(bt.records) > 1 {
		t.split(bt)
	}
	for t.limits.exceededBy(bt, time.Now()) || t.pace.exceededBy(bt) {
		if !t.buffer.halve(bt) {
			return
		}
	}
}

// takePacker finds a packer that no request uses.
func (t *transport) takePacker() *packer {
	last := len(t.packers) - 1
	if last < 0 {
		return new(packer)
	}
	p := t.packers[last]
	t.packers = t.packers[:last]
	return p
}

// maxSparePackers is how many packers are kept when no request uses them: each holds the size of a batch.
const maxSparePackers = 2

func (t *transport) freePacker(p *packer) {
	if len(t.packers) < maxSparePackers {
		t.packers = append(t.packers, p)
	}
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

// conclude acts on the outcome of a request.
func (t *transport) conclude(ctx context.Context, o *outcome) {
	t.destination.end(o.number)
	if o.health {
		t.healthKnown(ctx, o)
		return
	}
	if o.packer != nil {
		t.freePacker(o.packer)
	}
	t.buffer.inFlight(o.batch, false)
	reply := o.head()
	if reply == nil || reply.Status != http.StatusUnauthorized {
		o.batch.renewed = false
	}
	if reply != nil {
		if wait, ok := httpx.RateLimitWait(reply.Header, time.Now()); ok {
			t.destination.pause(time.Now(), wait)
		}
	}
	if o.exchange != nil {
		t.hosted.conclude(ctx, o, reply, o.err)
		return
	}
	t.concludeBatch(ctx, o, reply)
}

// head is the reply as far as it came, nil if there was none: what the body said may be lost, but not the status and the header.
func (o *outcome) head() *httpx.Response {
	var cut *httpx.CutError
	if errors.As(o.err, &cut) {
		return &httpx.Response{Status: cut.Status, Header: cut.Header}
	}
	return o.reply
}

func (t *transport) concludeBatch(ctx context.Context, o *outcome, reply *httpx.Response) {
	err := o.err
	switch {
	case err != nil && ctx.Err() != nil: // the client was closed meanwhile
		t.buffer.giveBack(o.batch)
		return
	case reply == nil && o.onStaleConnection() && !t.destination.down:
		o.batch.stale = true
		t.setLastError(t.cfg.errorWithoutKey(err))
		t.buffer.giveBack(o.batch)
		return
	case reply == nil:
		if o.sent {
			t.pace.learn(o.batch, err)
		}
		t.failed(o, err, 0)
		return
	}
	t.encodings.learn(reply)
	switch success := reply.Status >= 200 && reply.Status < 300; {
	case t.doubted(o, reply):
	case success && err != nil:
		t.failed(o, err, retryAfter(reply))
	case success:
		t.succeeded(o, reply)
	default:
		t.refused(o, reply)
	}
}

// onStaleConnection tells whether the request may have failed only because its connection had died while it was idle, as they do when a process is frozen. Then
// the batch is sent again at once, a single time; net/http does so by itself where it noticed before it wrote.
func (o *outcome) onStaleConnection() bool {
	return o.reused.Load() && !o.batch.stale && !errors.Is(o.err, context.DeadlineExceeded)
}

func retryAfter(reply *httpx.Response) time.Duration {
	wait, _ := httpx.RetryAfter(reply.Header, time.Now())
	return wait
}

func (t *transport) succeeded(o *outcome, reply *httpx.Response) {
	bt := o.batch
	fates, duplicates, err := readAcknowledgement(reply, bt.records)
	if errors.Is(err, errUnknownRejection) {
		t.buffer.halve(bt)
		t.buffer.giveBack(bt)
		return
	}
	if err != nil {
		if reply.Truncated && len(bt.records) > 1 && bt.tries > t.cfg.maxRetries {
			t.buffer.halve(bt) // what is said of fewer events is shorter
		}
		t.failed(o, err, retryAfter(reply))
		return
	}
	t.cfg.clean(fates)
	t.destination.acknowledged(o.number)
	t.choiceUnderstood()
	t.pace.relax(bt, t.buffer.slabs.slabBytes, time.Since(o.began), t.cfg.timeout)
	t.unproven = 0
	t.setLastError(firstAgain(fates))
	if t.buffer.settle(bt, fates, duplicates) {
		t.notices.warnOnce("postponed", "sentrial: the server asks for events again; they are kept", "error", firstAgain(fates))
		bt.key, bt.trial = "", trial{} // it is another batch now
		t.buffer.postpone(bt, time.Now(), retryAfter(reply))
	}
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
func (t *transport) refused(o *outcome, reply *httpx.Response) {
	bt, err := o.batch, t.cfg.apiError(reply)
	t.setLastError(err)
	t.destination.pause(time.Now(), err.RetryAfter)
	switch judge(reply.Status) {
	case verdictAgain:
		t.failed(o, err, 0)
	case verdictCrash:
		t.crashed(o, err)
	case verdictToken:
		t.unauthorized(o, err)
	case verdictBarred:
		t.failed(o, err, barredProbe)
	case verdictRekey:
		if bt.rekeyed {
			t.halveOrDrop(bt, err)
			return
		}
		bt.key, bt.rekeyed = "", true
		t.buffer.giveBack(bt)
	case verdictHalve:
		if reply.Status == http.StatusRequestEntityTooLarge {
			t.limits.learn(bt, time.Now())
		}
		t.halveOrDrop(bt, err)
	}
}

// unauthorized asks again with another token where there may be one. Without one, a person has to do something first.
func (t *transport) unauthorized(o *outcome, err *APIError) {
	if t.renews(o) {
		t.buffer.giveBack(o.batch)
		return
	}
	t.failed(o, err, barredProbe)
}

// renews tells whether a request is worth another try because there may be another token.
func (t *transport) renews(o *outcome) bool {
	if t.cfg.tokens == nil {
		return false
	}
	t.cfg.tokens.refused(o.token)
	again := !o.batch.renewed
	o.batch.renewed = true
	return again
}

// halveOrDrop finds the event that the server does not take.
func (t *transport) halveOrDrop(bt *batch, err *APIError) {
	if len(bt.records) == 1 {
		t.buffer.settle(bt, []fate{{reason: dropReasonOf(err.Status), err: err}}, 0)
		return
	}
	t.buffer.halve(bt)
	t.buffer.giveBack(bt)
}

// failed keeps the batch and waits before the destination is asked again. Trouble that is this batch's alone makes only this batch wait.
func (t *transport) failed(o *outcome, err error, atLeast time.Duration) {
	t.noteFailure(err)
	if now := time.Now(); t.destination.failed(o.number, now, atLeast) {
		t.buffer.giveBack(o.batch)
	} else {
		t.buffer.postpone(o.batch, now, atLeast)
	}
}

// noteFailure keeps the error as the last one and logs the first of its kind.
func (t *transport) noteFailure(err error) {
	err = t.cfg.errorWithoutKey(err)
	t.setLastError(err)
	t.notices.warnOnce("delivery "+causeOf(err), "sentrial: events cannot be delivered; they are kept and tried again", "error", err)
}

// causeOf groups failures, so that each kind is logged once.
func causeOf(err error) string {
	var api *APIError
	switch {
	case errors.As(err, &api) && api.Code == codeNotAcknowledged:
		return api.Code
	case errors.As(err, &api):
		return http.StatusText(api.Status)
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
