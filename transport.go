package sentrial

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sentrial/sentrial-go/internal/httpx"
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
	wide        bool       // and this
	outcomes    chan *outcome

	requests, retries atomic.Uint64
	onHostedWire      atomic.Bool // the hosted protocol is spoken, and not only tried

	mu        sync.Mutex
	lastError error
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
		t.share()
		t.buffer.prepare()
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

// share lets the buffer know whether the order of records matters.
func (t *transport) share() {
	if wide := t.choice.confirmed && !t.choice.hosted; wide != t.wide {
		t.wide = wide
		t.buffer.share(wide)
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

func (t *transport) stats(s *Stats) {
	t.mu.Lock()
	s.LastError = t.lastError
	t.mu.Unlock()
	s.Requests, s.Retries = t.requests.Load(), t.retries.Load()
}
