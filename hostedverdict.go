package sentrial

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/sentrial/sentrial-go/internal/httpx"
	"github.com/sentrial/sentrial-go/types"
)

// What replies mean on the hosted wire. Statuses are judged as on the batch wire, with these differences: a request is one event, so nothing is halved; 404 may
// mean the session and not the route; and 502 and 504, of an event, come from a gateway that knows no more than we what became of it.

// conclude acts on the outcome of a request.
func (w *hostedWire) conclude(ctx context.Context, o *outcome, reply *httpx.Response, err error) {
	x := o.exchange
	x.lane.busy = false
	if reply != nil && reply.Status != http.StatusUnauthorized {
		w.renewed = 0
	}
	w.lastDone = time.Now().Round(0)
	if x.kind == recording {
		defer w.t.buffer.safe(o.batch)
	}
	switch {
	case ctx.Err() != nil && err != nil: // the client was closed meanwhile
		if x.kind == recording && x.mayBeRead {
			w.settle(x.lane, fate{reason: DropUncertain, err: w.t.cfg.errorWithoutKey(err)})
		}
	case reply == nil && x.kind == recording && x.mayBeRead:
		w.uncertain(o, err)
	case reply == nil:
		w.failed(o, err, 0)
	case reply.Status >= 200 && reply.Status < 300:
		w.succeeded(o, reply, err)
	default:
		w.refused(o, reply)
	}
}

// uncertain gives up an event that may be stored or not. The server may still be at it, so the next one of the session waits a little.
func (w *hostedWire) uncertain(o *outcome, err error) {
	w.settle(o.exchange.lane, fate{reason: DropUncertain, err: w.t.cfg.errorWithoutKey(err)})
	w.failed(o, err, 0)
}

// succeeded reads the reply of a 2xx. cut is why it did not come to its end.
func (w *hostedWire) succeeded(o *outcome, reply *httpx.Response, cut error) {
	x, t := o.exchange, w.t
	id, err := readCreated(reply, x.kind, cut)
	switch {
	case err == nil:
	case x.kind == recording && httpx.IsJSON(reply.Header): // it is the API that answered, and its words are lost
		w.uncertain(o, err)
		return
	default:
		if t.choice.doubts(reply, retryAfter(reply)) {
			t.noteFailure(err)
			return
		}
		w.failed(o, err, retryAfter(reply))
		return
	}
	w.failures = 0
	x.lane.session.well()
	t.destination.acknowledged(o.number)
	t.setLastError(nil)
	t.choiceUnderstood()
	w.stored(x, id)
}

// stored takes note of what the server has now.
func (w *hostedWire) stored(x *exchange, id string) {
	s, record := x.lane.session, x.lane.queue[0].records[0]
	switch x.kind {
	case creating:
		s.describe(record)
		s.remote, s.create, s.refused, s.began = id, false, fate{}, timeField(record, tagTimestamp)
		w.sessions.keepInput(s, inputOf(record))
	case createFirst:
		s.remote, s.create, s.refused = id, false, fate{}
		return
	case trying:
		return
	case ending:
		w.sessions.keepInput(s, "")
	case recording:
		s.remade = false
		if isOfType(record, types.EventSessionUpdate) {
			s.describe(record)
		}
		s.sum(record)
	}
	w.settle(x.lane, fate{})
}

// readCreated reads the acknowledgement of a request: the id of what was created. The end of a session creates nothing, so any JSON will do there, or no body.
func readCreated(reply *httpx.Response, kind exchangeKind, cut error) (id string, err error) {
	changes := kind == ending || kind == trying
	if changes && (reply.Status == http.StatusNoContent || len(reply.Body) == 0 && cut == nil) {
		return "", nil
	}
	switch {
	case !httpx.IsJSON(reply.Header):
		return "", notAcknowledged(reply, "want application/json")
	case cut != nil:
		return "", notAcknowledged(reply, cut.Error())
	case reply.Truncated && changes: // it repeats what the session holds
		return "", nil
	case reply.Truncated:
		return "", notAcknowledged(reply, "the body is too long")
	}
	var created struct {
		ID json.RawMessage `json:"id"`
	}
	if err := json.Unmarshal(reply.Body, &created); err != nil {
		return "", notAcknowledged(reply, err.Error())
	}
	if changes {
		return "", nil
	}
	if json.Unmarshal(created.ID, &id) != nil || !types.ValidID(id) || id == "." || id == ".." { // it becomes a part of URLs
		return "", notAcknowledged(reply, "it has no id of 1 to 128 characters of [A-Za-z0-9_.:-]")
	}
	return id, nil
}

// refused handles every status that is no success.
func (w *hostedWire) refused(o *outcome, reply *httpx.Response) {
	x, t, err := o.exchange, w.t, w.t.cfg.apiError(reply)
	t.setLastError(err)
	t.destination.pause(time.Now(), err.RetryAfter)
	switch judge(reply.Status) {
	case verdictAgain:
		if x.kind == recording && (reply.Status == http.StatusBadGateway || reply.Status == http.StatusGatewayTimeout) {
			w.uncertain(o, err)
			return
		}
		w.failed(o, err, 0)
	case verdictCrash:
		w.crashed(o, err)
	case verdictToken:
		w.unauthorized(o, err)
	case verdictHalve, verdictRekey:
		if !httpx.IsJSON(reply.Header) && t.choice.undecided() {
			w.failed(o, err, barredProbe) // these are not the API's words
			return
		}
		t.choiceUnderstood()
		w.rejected(o, err)
	case verdictBarred:
		w.barred(o, reply, err)
	}
}

// barred is for 404, and for what else a person has to put right. A 404 in the API's own words speaks of the session.
func (w *hostedWire) barred(o *outcome, reply *httpx.Response, err *APIError) {
	x := o.exchange
	if reply.Status == http.StatusNotFound && speaksOfSession(x.kind, reply) {
		w.unknownSession(o, err)
		return
	}
	if w.t.choice.doubts(reply, barredProbe) {
		w.t.noteFailure(err)
		return
	}
	w.failed(o, err, barredProbe)
}

func speaksOfSession(kind exchangeKind, reply *httpx.Response) bool {
	return (kind == recording || kind == ending || kind == trying) && httpx.IsJSON(reply.Header) && httpx.ParseError(reply).Code != ""
}

// unknownSession creates the session that the server does not know. One that was created already is asked for a few times more first: not every part of the server may have
// heard of it. When even a second creation does not help, the session is refused.
func (w *hostedWire) unknownSession(o *outcome, err *APIError) {
	ln := o.exchange.lane
	s, now := ln.session, time.Now()
	switch {
	case s.remote == "":
		s.create = true
	case s.missing < w.t.cfg.maxRetries:
		s.missing++
		s.hold(now, 0)
	case !s.remade:
		s.remade, s.create, s.missing = true, true, 0
	default:
		s.refused = fate{reason: DropRejected, err: err}
		w.settle(ln, s.refused)
	}
}

// rejected drops what the server does not take. A session that it refuses is tried again with less said of it.
func (w *hostedWire) rejected(o *outcome, err *APIError) {
	ln := o.exchange.lane
	s := ln.session
	switch o.exchange.kind {
	case creating, createFirst:
		if s.plain < standInNames {
			s.plain++
			return
		}
		s.refused = fate{reason: DropRejected, err: fmt.Errorf("sentrial: the server refuses the session: %w", err)}
		if !ln.begins() {
			return // begin drops the events
		}
	case ending:
		if !s.bareEnd {
			s.bareEnd = true
			return
		}
	case trying:
		return // it is understood now
	case recording:
	}
	w.settle(ln, fate{reason: dropReasonOf(err.Status), err: err})
}

// unauthorized asks again with another token where there may be one. A new one that is not accepted either is not tried by every session.
func (w *hostedWire) unauthorized(o *outcome, err *APIError) {
	if w.t.renews(o) && (w.renewed == 0 || o.number <= w.renewed) {
		w.renewed = w.t.destination.begun
		return // the lane asks again at once
	}
	w.failed(o, err, barredProbe)
}

// crashed acts on a reply of 500: as poison.go does, but that an event steps aside alone, and the beginning of a session with all that follows.
func (w *hostedWire) crashed(o *outcome, err *APIError) {
	t, bt := w.t, o.batch
	bt.crashes++
	if !bt.suspect && bt.crashes <= t.cfg.maxRetries {
		w.failed(o, err, 0)
		return
	}
	if !bt.suspect {
		bt.suspect, bt.since = true, t.destination.begun
	}
	fresh, company := t.buffer.others(bt)
	creates := o.exchange.kind != recording && o.exchange.kind != ending
	tried := bt.crashes > 2*t.cfg.maxRetries+1 // a server that fails at one in five does so at the same event a few times in a row now and then
	switch {
	case tried && creates && t.destination.acked > bt.since:
		o.exchange.lane.session.refused = fate{reason: DropPoison, err: err} // and its events with it
		w.settle(o.exchange.lane, fate{reason: DropPoison, err: err})
	case tried && !creates && t.convicted(bt, company):
		w.settle(o.exchange.lane, fate{reason: DropPoison, err: err})
	case creates:
		w.failed(o, err, 0)
	default:
		w.stepAside(o, err, fresh)
	}
}

// stepAside lets other events go first. fresh tells whether there are some that are under no suspicion.
func (w *hostedWire) stepAside(o *outcome, err *APIError, fresh bool) {
	bt := o.batch
	again := bt.aside
	bt.aside = true
	w.lanes.pop(o.exchange.lane)
	w.t.buffer.postpone(bt, time.Now(), 0)
	if again || !fresh {
		w.fail(o, err, 0)
	}
}

// failed keeps the event and waits. Trouble that is this session's alone makes only this session wait.
func (w *hostedWire) failed(o *outcome, err error, atLeast time.Duration) {
	s, now := o.exchange.lane.session, time.Now()
	s.failedAt = now
	if news := w.fail(o, err, atLeast); !news && !w.t.destination.down {
		s.hold(now, atLeast)
	}
}

// outageAfter is how many requests fail in a row before a server that has worked counts as down, as long as there are other sessions to ask with. A request is one
// event here: if the first failure stopped everything for a second, a server that fails at one in five would get one a second.
const outageAfter = 4

// isLone tells whether a failure says nothing yet of the server as a whole.
func (w *hostedWire) isLone(o *outcome, atLeast time.Duration) bool {
	d := w.t.destination
	if w.failures >= outageAfter || atLeast > 0 || d.acked == 0 || d.down || w.t.choice.undecided() {
		return false
	}
	return d.underway > 0 || w.lanes.waiting(time.Now()) > len(o.exchange.lane.queue)
}

// fail tells the destination of trouble, and whether that was news. While it is down all waits in the buffer, where the overflow policy may reach it.
func (w *hostedWire) fail(o *outcome, err error, atLeast time.Duration) (news bool) {
	w.t.noteFailure(err)
	w.failures++
	if w.isLone(o, atLeast) {
		return false
	}
	news = w.t.destination.failed(o.number, time.Now(), atLeast)
	if w.t.choice.failedTrial() || w.t.destination.down {
		w.giveBack()
	}
	return news
}

// settle says what became of the first event of a lane.
func (w *hostedWire) settle(ln *lane, f fate) {
	bt := ln.queue[0]
	w.lanes.pop(ln)
	w.t.buffer.settle(bt, []fate{f}, 0)
}

// giveBack puts what is in lanes without a request under way back into the buffer, in order; as batches, if those are wanted from now on.
func (w *hostedWire) giveBack() {
	for _, ln := range w.lanes.idle() {
		for _, bt := range slices.Backward(ln.queue) {
			w.t.buffer.giveBack(bt)
		}
		w.lanes.remove(ln)
	}
	if !w.t.choice.hosted {
		w.t.buffer.gather()
	}
}
