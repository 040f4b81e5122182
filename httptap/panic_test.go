package httptap_test

import (
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/sentrial/sentrial-go/httptap"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// A mistake of ours ends the reading, not the agent.
func TestAPanicInReadingStaysHere(t *testing.T) {
	for _, nth := range []int{0, 1, 3} {
		r := newRig(t)
		r.Allow(sentrialtest.LostEvents)
		whole := streamed("Fine, ", "thanks.")
		rt := r.transport(answering(func() (*http.Response, error) {
			res := sseReply("")
			res.Body = &pieces{left: cutAll(whole)}
			return res, nil
		}), httptap.Panicking(nth))
		if got, err := ask(r.ctx, rt, asked); err != nil || got != whole {
			t.Errorf("the agent got %q, %v", got, err)
		}
		e := r.theCall(t)
		if e.Status != types.StatusUnknown || e.Metadata["reading_failed"] != true || e.LLMCall.Model != "gpt-4o" {
			t.Errorf("want a call of which the facts are known, got %s, %v, %+v", e.Status, e.Metadata, e.LLMCall)
		}
		if n := r.Client().Stats().Refused["invalid"]; n != 1 {
			t.Errorf("want the mistake counted once, got %d", n)
		}
	}
}

// A panic of the program's own goes on.
func TestAPanicOfTheTransportGoesOn(t *testing.T) {
	r := newRig(t)
	rt := r.transport(roundTripper(func(req *http.Request) (*http.Response, error) {
		drain(req.Body)
		panic("the program's")
	}))
	got := func() (v any) {
		defer func() { v = recover() }()
		_, _ = ask(r.ctx, rt, asked)
		return nil
	}()
	if got != "the program's" {
		t.Errorf("want the panic, got %v", got)
	}
	if e := r.theCall(t); e.Status != types.StatusError {
		t.Errorf("want an error, got %s", e.Status)
	}
}

func TestRepliesThatNoTransportMayGive(t *testing.T) {
	for name, answer := range map[string]func() (*http.Response, error){
		"nothing":        func() (*http.Response, error) { return nil, nil }, //nolint:nilnil // that is what it is about
		"both":           func() (*http.Response, error) { return jsonReply(200, replied), errBroken },
		"an empty reply": func() (*http.Response, error) { return &http.Response{}, nil },
		"a lying reader": func() (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: io.NopCloser(liar{})}, nil
		},
		"a panicking body": func() (*http.Response, error) { return &http.Response{StatusCode: 200, Body: bomb{}}, nil },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.Allow(sentrialtest.LostEvents)
			func() {
				defer func() { _ = recover() }() // of the body
				res, err := r.transport(answering(answer)).RoundTrip(request(r.ctx, chatURL, asked))
				if want, wantErr := answer(); (res == nil) != (want == nil) || !errors.Is(err, wantErr) {
					t.Errorf("got %v, %v", res, err)
				}
				if res != nil && res.Body != nil {
					defer res.Body.Close()
					_, _ = res.Body.Read(make([]byte, 10))
				}
			}()
			r.theCall(t)
		})
	}
}

type liar struct{}

func (liar) Read(p []byte) (int, error) { return len(p) + 100, nil }

type bomb struct{}

func (bomb) Read([]byte) (int, error) { panic("a body") }
func (bomb) Close() error             { return nil }
