package sentrial

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/sentrial/sentrial-go/types"
)

// hostedWire sends over the hosted protocol: one resource a request, ids made by the server, nothing that would make a repetition harmless. It is a part of the
// sender, and decides on its goroutine.
//
// Events wait in lanes, one for each session, so that a session is created before its events are sent and they arrive in order. What is repeated: a request that
// was not read whole, one whose reply says that it was not acted on, and whatever does no harm (the end of a session; its creation, which leaves at worst an
// empty twin). An event whose request may have been read and whose reply was lost is not: it is dropped as uncertain.
type hostedWire struct {
	t        *transport
	sessions *hostedSessions
	lanes    *lanes
	failures int       // in a row
	renewed  uint64    // requests up to this one may have had the old token, 0 if the latest was accepted
	lastDone time.Time // when the latest request was over, by the clock on the wall: a computer may have slept since
}

// exchange is a request of the hosted wire.
type exchange struct {
	lane *lane
	kind exchangeKind

	mayBeRead   bool        // the whole body was handed over
	writeFailed atomic.Bool // and did not get out
}

type exchangeKind int

const (
	recording   exchangeKind = iota // an event
	creating                        // the session, by its session_start
	createFirst                     // the session, because the server does not know it
	ending                          // the session, by its session_end
	trying                          // nothing: does the server know this protocol, and the session?
)

// hostedStagger is how long a request has been under way when another one begins beside it: a server that is quicker gets one at a time.
const hostedStagger = time.Millisecond

func newHostedWire(t *transport) *hostedWire {
	return &hostedWire{t: t, sessions: newHostedSessions(), lanes: newLanes()}
}

// begin starts a request if there is something to send, or tells how long there is not.
func (w *hostedWire) begin(ctx context.Context, now time.Time) (wait time.Duration) {
	rest := w.fill(now)
	ln, wait := w.next(now)
	if ln == nil {
		return min(wait, rest)
	}
	if ln.session.refused.reason != "" && !ln.begins() {
		w.settle(ln, ln.session.refused)
		return 0
	}
	w.start(ctx, ln, now)
	return 0
}

func (w *hostedWire) next(now time.Time) (*lane, time.Duration) {
	if w.t.destination.down {
		return w.lanes.probe(), untilWoken
	}
	return w.lanes.next(now)
}

// fill takes events out of the buffer into lanes. It tells how long until there may be more.
func (w *hostedWire) fill(now time.Time) (wait time.Duration) {
	for !w.lanes.full(now) {
		bt, wait := w.t.buffer.take(now, w.t.destination.acked)
		if bt == nil {
			return wait
		}
		if !bt.slab.isInOrder() {
			slices.SortStableFunc(bt.records, func(a, b []byte) int { return cmp.Compare(intField(a, tagSeq), intField(b, tagSeq)) })
		}
		for _, single := range w.t.buffer.scatter(bt) {
			if uncounted(single.records[0]) { // a copy of an open span: there is no way to replace it by its end
				w.t.buffer.settle(single, nil, 0)
				continue
			}
			w.lanes.add(w.sessions, single)
		}
	}
	return untilWoken
}

func (w *hostedWire) start(ctx context.Context, ln *lane, now time.Time) {
	t, bt := w.t, ln.queue[0]
	o := &outcome{batch: bt, number: t.destination.begin(now), began: now, exchange: &exchange{lane: ln, kind: w.nextKind(ln)}}
	ln.busy = true
	if kind := o.exchange.kind; kind != createFirst && kind != trying {
		bt.tries++
		t.buffer.inFlight(bt, true)
	}
	if o.exchange.kind == recording {
		t.buffer.risk(bt)
	}
	if now.Sub(w.lastDone) > hostedIdle && t.cfg.ownTransport != nil {
		t.cfg.ownTransport.CloseIdleConnections()
	}
	go t.attempt(ctx, o)
}

// hostedIdle is how long a connection may have been idle when it is used again. A server or a middlebox may have closed an older one, and an event written to it
// would be uncertain. Node closes after 5 s.
const hostedIdle = 3 * time.Second

// nextKind is what the lane's next request is for. While it is not certain that the server speaks this protocol, no event is put at risk.
func (w *hostedWire) nextKind(ln *lane) exchangeKind {
	switch {
	case ln.begins() && ln.session.remote == "":
		return creating
	case ln.session.create:
		return createFirst
	case w.t.choice.undecided():
		return trying
	case isOfType(ln.queue[0].records[0], types.EventSessionEnd):
		return ending
	}
	return recording
}

// begins tells whether the lane's next event is the beginning of its session.
func (ln *lane) begins() bool { return isOfType(ln.queue[0].records[0], types.EventSessionStart) }

// clientHeader names the client, as the body of a batch does. Our own server believes the ids in the metadata of requests that have it.
const clientHeader = "Sentrial-Client"

// request makes the HTTP request of an exchange, on its own goroutine.
func (w *hostedWire) request(ctx context.Context, o *outcome) (*http.Request, *body, error) {
	c := w.callOf(o)
	req, err := http.NewRequestWithContext(ctx, c.method, w.t.cfg.base.JoinPath(c.path...).String(), http.NoBody)
	if err != nil {
		return nil, nil, fmt.Errorf("sentrial: %w", err)
	}
	if o.token, err = w.t.cfg.setHeaders(ctx, req.Header); err != nil {
		return nil, nil, err
	}
	req.Header.Set(clientHeader, w.t.clientID)
	req.Header.Set("Content-Type", "application/json")
	content := newBody()
	content.bytes = append(content.bytes, c.body...)
	content.attach(req)
	return req, content, nil
}

func (w *hostedWire) callOf(o *outcome) call {
	s, record := o.exchange.lane.session, o.batch.records[0]
	switch o.exchange.kind {
	case creating:
		return s.createCall(w.t.cfg, record)
	case createFirst:
		return s.createCall(w.t.cfg, nil)
	case ending:
		return s.endCall(record)
	case trying:
		return s.tryCall()
	}
	return s.eventCall(record)
}

// over notes what is known of a request whose Do has returned, on its own goroutine.
func (x *exchange) over(content *body, err error) {
	var op *net.OpError
	unwritten := errors.As(err, &op) && op.Op == "write" // a part of it, at most, got out
	x.mayBeRead = content.drained.Load() && !unwritten && !x.writeFailed.Load()
}
