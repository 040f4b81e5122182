package httptap

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/sentrial/sentrial-go/httptap/internal/wire"
)

// attempt is one request of a call and its reply.
type attempt struct {
	call     *call
	wire     *wire.Wire
	req      *http.Request // as it came
	question *question
	returned bool        // of the goroutine that sent it
	closing  atomic.Bool // the body's Close was called

	// Guarded by call.mu.
	reply reply
	over  bool
	stop  func() bool // of what watches the context
}

// ending is how an attempt came to its end.
type ending int

const (
	complete ending = iota // all of the reply was read
	failed                 // no reply, or not all of it
	left                   // the program reads no further
	unheard                // it is over for us, whatever may still come
)

// answered looks at what the request led to, and gets between the reply's body and its reader.
func (a *attempt) answered(res *http.Response, err error) {
	a.returned = true
	t := a.call.tap
	if !t.safely(func() { a.take(res, err) }) {
		t.safely(func() { a.end(unheard, nil) })
	}
}

func (a *attempt) take(res *http.Response, err error) {
	a.call.mu.Lock()
	defer a.call.mu.Unlock()
	a.call.heard = time.Now()
	switch {
	case res == nil || err != nil:
		a.fail(err)
	case res.StatusCode/100 == 3:
		a.redirect(res)
	default:
		a.listen(res)
	}
}

func (a *attempt) fail(err error) {
	if err == nil {
		err = errNoReply
	}
	if a.mayTryAgain() {
		a.wait(grace)
	}
	a.finish(failed, err)
}

var errNoReply = errors.New("httptap: neither a reply nor an error came")

// mayTryAgain is false when the program has walked away. A context that is over by its deadline may be that of one request, of http.Client or of a client of models.
func (a *attempt) mayTryAgain() bool {
	err := a.req.Context().Err()
	return err == nil || errors.Is(err, context.DeadlineExceeded)
}

// redirect expects http.Client to go on at another place, if that is one of a model.
func (a *attempt) redirect(res *http.Response) {
	a.reply.learn(res)
	to, err := a.req.URL.Parse(res.Header.Get("Location"))
	keepsBody := res.StatusCode == http.StatusTemporaryRedirect || res.StatusCode == http.StatusPermanentRedirect
	if err == nil && keepsBody && wire.Find(a.req.Method, to) != nil {
		c := a.call
		c.key.host, c.key.path, c.redirected = to.Host, to.Path, true
		a.wait(grace)
	}
	a.finish(complete, nil)
}

func (a *attempt) listen(res *http.Response) {
	a.reply.learn(res)
	if wait, ok := retryIn(res); ok {
		a.wait(wait)
	}
	if untouchable(res) {
		a.finish(complete, nil)
		return
	}
	a.reply.open(a, res)
	res.Body = observed(res.Body, a)
	a.watch()
}

// untouchable tells whether the body is nothing to read, or a connection that both sides write to.
func untouchable(res *http.Response) bool {
	_, writes := res.Body.(io.Writer)
	return res.Body == nil || res.Body == http.NoBody || writes || res.StatusCode == http.StatusSwitchingProtocols
}

func (a *attempt) wait(d time.Duration) {
	a.call.wait(d)
	if a.call.waits && a.call.tap.ownContext {
		a.watch()
	}
}

// watch hears of a program that walks away.
func (a *attempt) watch() {
	if a.stop == nil {
		a.stop = context.AfterFunc(a.req.Context(), a.contextEnded)
	}
}

func (a *attempt) unwatch() {
	if a.stop != nil {
		a.stop()
	}
}

func (a *attempt) contextEnded() {
	t := a.call.tap
	err := a.req.Context().Err()
	t.safely(func() { a.end(left, err) })
	if t.ownContext && errors.Is(err, context.Canceled) {
		a.call.hurry(a)
	}
}

func (a *attempt) end(how ending, err error) {
	a.call.mu.Lock()
	defer a.call.mu.Unlock()
	a.finish(how, err)
}

// finish notes how the attempt ended, the first time. A call that may be tried again stays open, unless there is one around it that may end any time.
func (a *attempt) finish(how ending, err error) {
	if a.over {
		return
	}
	a.over = true
	defer a.forget()
	c := a.call
	if !c.waits || !c.tap.ownContext {
		a.unwatch()
	}
	if c.current != a || c.recorded {
		return
	}
	c.outcome, c.failure = a.outcome(how, err)
	if how != unheard {
		c.heard = time.Now()
	}
	if !c.waits || c.llm.Joined() {
		c.record()
	}
}

// forget lets go of what was read, as it is known now.
func (a *attempt) forget() {
	a.reply.answer, a.reply.packed = nil, nil
	a.question.forget()
}

// leave is deferred: it ends an attempt whose request panicked or ended its goroutine.
func (a *attempt) leave() {
	if !a.returned {
		a.call.tap.safely(func() { a.end(failed, errUnreturned) })
	}
}

var errUnreturned = errors.New("httptap: the request panicked or ended its goroutine")
