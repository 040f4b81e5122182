package sentrial

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/sentrial/sentrial-go/internal/httpx"
)

// What replies mean on the batch wire; hostedverdict.go is its counterpart.

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
