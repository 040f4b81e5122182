package httptap_test

import (
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// onEnd is a hook of the program's that does something when a call of a model has ended.
type onEnd func(ctx context.Context)

func (f onEnd) OnEnd(ctx context.Context, e *types.Event) {
	if e.LLMCall != nil {
		f(ctx)
	}
}

// within fails the test if do does not return.
func within(t *testing.T, do func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		do()
	}()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("the program waits for ever")
	}
}

// tooLate makes a call that may be tried again inside a helper, but reads its reply afterwards, so that it is recorded by itself while it waits.
func tooLate(ctx context.Context, rt http.RoundTripper) {
	res, err := sentrial.LLM(ctx, types.LLMCall{}, func(ctx context.Context, _ *types.LLMCall) (*http.Response, error) {
		return rt.RoundTrip(request(ctx, chatURL, asked))
	})
	if err == nil {
		drain(res.Body)
	}
}

func TestAHookMayFlush(t *testing.T) {
	var client *sentrial.Client
	ends := 0
	r := newRig(t, sentrial.WithHook(onEnd(func(ctx context.Context) {
		if ends++; ends == 2 { // the failure's, while it waits
			_ = client.Flush(ctx)
		}
	})))
	client = r.Client()
	within(t, func() { tooLate(r.ctx, r.transport(answering(tooMany("1")))) })
	if n := len(callsOf(r.Recorder)); n != 2 { // which flushes
		t.Errorf("want the helper's call and the failure, got\n%s", r.Timeline())
	}
	wantNothingHeld(t)
}

func TestAHookMayAskAModel(t *testing.T) {
	var rt http.RoundTripper
	var failed context.Context
	ends := 0
	r := newRig(t, sentrial.WithHook(onEnd(func(context.Context) {
		if ends++; ends == 2 { // the failure's, while it waits
			_, _ = ask(failed, rt, asked)
		}
	})))
	tap := r.transport(answering(tooMany("1"), always(http.StatusOK, replied)))
	rt = roundTripper(func(req *http.Request) (*http.Response, error) {
		failed = req.Context()
		return tap.RoundTrip(req)
	})
	within(t, func() { tooLate(r.ctx, rt) })
	if n := len(callsOf(r.Recorder)); n != 3 {
		t.Errorf("want the helper's call, the failure and that of the hook, got\n%s", r.Timeline())
	}
}

func TestAHookMayCloseTheBody(t *testing.T) {
	for _, n := range []int{10, 10_000} {
		var body io.Closer
		r := newRig(t, sentrial.WithHook(onEnd(func(context.Context) { _ = body.Close() })))
		within(t, func() {
			res, err := r.transport(answering(streams(streamed("Fine")))).RoundTrip(request(r.ctx, chatURL, asked))
			if err != nil {
				t.Error(err)
				return
			}
			body = res.Body
			_, _ = io.ReadFull(res.Body, make([]byte, n))
			_ = res.Body.Close()
		})
		r.theCall(t)
	}
}

// onStart is a hook of the program's that does something when a call of a model begins.
type onStart func()

func (f onStart) OnStart(ctx context.Context, e *types.Event) context.Context {
	if e.LLMCall != nil {
		f()
	}
	return ctx
}

func TestAHookMayCloseTheBodyOfTheTryBefore(t *testing.T) {
	var body io.Closer
	r := newRig(t, sentrial.WithHook(onStart(func() {
		if body != nil {
			_ = body.Close()
		}
	})))
	rt := r.transport(answering(tooMany("1"), always(http.StatusOK, replied)))
	within(t, func() {
		inside, err := sentrial.LLM(r.ctx, types.LLMCall{}, func(ctx context.Context, _ *types.LLMCall) (context.Context, error) {
			res, err := rt.RoundTrip(request(ctx, chatURL, asked))
			if err == nil {
				body = res.Body
			}
			return ctx, err
		})
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = ask(inside, rt, asked)
	})
	if n := len(callsOf(r.Recorder)); n != 3 {
		t.Errorf("want the helper's call, the failure and the next try, got\n%s", r.Timeline())
	}
}
