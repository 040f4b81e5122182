package httptap

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/adapter"
	"github.com/sentrial/sentrial-go/httptap/internal/wire"
	"github.com/sentrial/sentrial-go/internal/attach"
	"github.com/sentrial/sentrial-go/internal/jsonenc"
	"github.com/sentrial/sentrial-go/types"
)

// tap is what stands beside the requests of one Middleware or Transport.
type tap struct {
	*config
	client     *sentrial.Client
	recorder   *adapter.Recorder
	own        []string // host:port of the client's own traffic
	inert      bool     // the client records nothing
	ownContext bool     // a request's context is the program's, or derived by the client of models
}

func newTap(client *sentrial.Client, opts []Option) *tap {
	t := &tap{config: newConfig(opts), client: client, own: attach.Hosts(client)}
	t.inert = len(t.own) == 0
	t.recorder = adapter.New(client, t.session)
	return t
}

// roundTrip passes the request on and looks at what comes back.
func (t *tap) roundTrip(req *http.Request, next func(*http.Request) (*http.Response, error)) (*http.Response, error) {
	w := t.wireOf(req)
	if w == nil {
		return next(req)
	}
	a, sent := t.begin(w, req)
	if a != nil {
		defer a.leave()
	}
	res, err := next(sent)
	if res != nil && res.Request == sent {
		res.Request = req
	}
	if a != nil {
		a.answered(res, err)
	}
	return res, err
}

// wireOf is nil for what is not to be recorded.
func (t *tap) wireOf(req *http.Request) (w *wire.Wire) {
	if t.inert || req == nil || req.URL == nil {
		return nil
	}
	t.safely(func() { w = wire.Find(req.Method, req.URL) })
	if w == nil || t.isOwn(req.URL) || !t.wanted(req) {
		return nil
	}
	return w
}

// isOwn tells whether the request goes to where the client sends events to. Recording those would make more of them, and so on for ever.
func (t *tap) isOwn(u *url.URL) bool {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return slices.Contains(t.own, strings.ToLower(net.JoinHostPort(u.Hostname(), port)))
}

func (t *tap) wanted(req *http.Request) (wanted bool) {
	if t.filter == nil {
		return true
	}
	wanted = true
	defer func() { _ = recover() }() // the program's own function must not stop the agent
	return t.filter(req)
}

// begin gives nil for a request of which nothing is recorded, and the request to send in its place.
func (t *tap) begin(w *wire.Wire, req *http.Request) (a *attempt, sent *http.Request) {
	ctx, record := req.Context(), false
	t.safely(func() { ctx, record = t.place(w, req) })
	if !record {
		return nil, req.WithContext(ctx)
	}
	q := t.question(req)
	t.safely(func() { a, ctx = t.open(ctx, w, req, q) })
	if q.ahead {
		q.forget()
	}
	return a, q.request(ctx, req)
}

// place gives the context of the request's session, or that of one which is not recorded here.
func (t *tap) place(w *wire.Wire, req *http.Request) (ctx context.Context, record bool) {
	ctx = attach.Entered(t.client, req.Context())
	if m := t.markIn(ctx); m.is(w, req) {
		m.passed()
		return marked(ctx, m.call, w, req), false
	}
	if sentrial.SessionFromContext(ctx) == nil && t.session != nil {
		ctx = t.session.Context(ctx)
	}
	if sentrial.SessionFromContext(ctx) == nil || attach.LeftOut(ctx) {
		ctx, _ = t.recorder.LLM(ctx, types.LLMCall{}) // counts it, once for all taps that it passes
		return ctx, false
	}
	return ctx, true
}

func (t *tap) open(ctx context.Context, w *wire.Wire, req *http.Request, q *question) (*attempt, context.Context) {
	c, ctx := t.callOf(ctx, w, req, q)
	if c == nil {
		return nil, ctx
	}
	return c.attempt(w, req, q), marked(ctx, c, w, req)
}

// callOf gives the call that the request belongs to: one that waits to be tried again, else a new one; nil if that is not recorded.
func (t *tap) callOf(ctx context.Context, w *wire.Wire, req *http.Request, q *question) (*call, context.Context) {
	key := t.keyOf(ctx, req.URL, q)
	if c := held.take(t.client, key, req); c != nil {
		return c, c.again(ctx)
	}
	c := &call{tap: t, key: key, asked: t.ask(w, req, q), attempts: 1}
	c.inside, c.llm = t.recorder.LLM(ctx, c.asked)
	if !c.llm.Recorded() {
		return nil, c.inside
	}
	return c, c.inside
}

// safely keeps mistakes of ours from the agent. They are counted and told as an event that is lost in part.
func (t *tap) safely(do func()) (ok bool) {
	defer func() {
		if v := recover(); v != nil {
			t.panicked(v)
		}
	}()
	do()
	return true
}

func (t *tap) panicked(v any) {
	defer func() { _ = recover() }()
	err := fmt.Errorf("httptap: reading a call panicked: %s", jsonenc.PanicText(v))
	attach.Refuse(t.client, string(sentrial.DropInvalid), &types.Event{Type: types.EventLLMCall}, err)
}
