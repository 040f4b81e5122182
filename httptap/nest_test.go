package httptap_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/httptap"
	"github.com/sentrial/sentrial-go/types"
)

func TestInsideAHelperItIsOneEvent(t *testing.T) {
	for name, answer := range map[string]func() (*http.Response, error){"whole": always(http.StatusOK, replied), "stream": streams(streamed("Fine, ", "thanks."))} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			rt := r.transport(answering(answer))
			_, err := sentrial.LLM(r.ctx, types.LLMCall{}, func(ctx context.Context, _ *types.LLMCall) (struct{}, error) {
				_, err := ask(ctx, rt, asked)
				return struct{}{}, err
			})
			if err != nil {
				t.Fatal(err)
			}
			e := r.theCall(t)
			wantCall(t, e, types.StatusSuccess, "Fine, thanks.")
			wantUsage(t, e, 10, 4)
			if e.LLMCall.Model != "gpt-4o-2024-08-06" || e.LLMCall.RequestModel != "gpt-4o" || e.Metadata["http.status_code"] != 200.0 {
				t.Errorf("got %+v, %v", e.LLMCall, e.Metadata)
			}
		})
	}
}

func TestRetriesInsideAHelper(t *testing.T) {
	failure, success := tooMany("1"), always(http.StatusOK, replied)
	for name, c := range map[string]struct {
		replies []func() (*http.Response, error)
		status  types.Status
	}{
		"success": {[]func() (*http.Response, error){failure, failure, success}, types.StatusSuccess},
		"failure": {[]func() (*http.Response, error){failure, failure, failure}, types.StatusError},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, r *rig) {
				rt := r.transport(answering(c.replies...))
				_, _ = sentrial.LLM(r.ctx, types.LLMCall{}, func(ctx context.Context, _ *types.LLMCall) (struct{}, error) {
					var last string
					for range 3 {
						last, _ = ask(ctx, rt, asked)
					}
					if last == refusal {
						return struct{}{}, errors.New("refused")
					}
					return struct{}{}, nil
				})
				e := r.theCall(t)
				wantAttempts(t, e, 3)
				if e.Status != c.status || e.LLMCall.RequestModel+e.LLMCall.Model == "" || e.Metadata["http.status_code"] == nil {
					t.Errorf("got %s, %+v, %v", e.Status, e.LLMCall, e.Metadata)
				}
			})
		})
	}
}

// A stream that is read when the helper's function has returned is known too late for the helper's event: it is one of its own.
func TestAStreamThatOutlivesTheHelper(t *testing.T) {
	r := newRig(t)
	rt := r.transport(answering(streams(streamed("Fine, ", "thanks."))))
	res, err := sentrial.LLM(r.ctx, types.LLMCall{Model: "gpt-4o"}, func(ctx context.Context, _ *types.LLMCall) (*http.Response, error) {
		return rt.RoundTrip(request(ctx, chatURL, asked))
	})
	if err != nil {
		t.Fatal(err)
	}
	drain(res.Body)
	calls := callsOf(r.Recorder)
	if len(calls) != 2 {
		t.Fatalf("want two events, got\n%s", r.Timeline())
	}
	wantUsage(t, calls[0], 0, 0)
	wantUsage(t, calls[1], 10, 4)
	if calls[1].ParentID != calls[0].ID {
		t.Error("the stream is not inside the helper's call")
	}
}

func TestASpanThatLastsAsLongAsTheStream(t *testing.T) {
	r := newRig(t)
	ctx, span := sentrial.StartLLM(r.ctx, types.LLMCall{})
	if _, err := ask(ctx, r.transport(answering(streams(streamed("Fine, ", "thanks.")))), asked); err != nil {
		t.Fatal(err)
	}
	span.End(nil)
	wantUsage(t, r.theCall(t), 10, 4)
}

func TestSeveralTapsAreOneEvent(t *testing.T) {
	r := newRig(t)
	base := answering(streams(streamed("Fine, ", "thanks.")))
	inner := r.transport(r.transport(base))
	middleware := httptap.Middleware(r.Client())
	res, err := middleware(request(r.ctx, chatURL, asked), func(req *http.Request) (*http.Response, error) { return middleware(req, inner.RoundTrip) })
	if err != nil {
		t.Fatal(err)
	}
	drain(res.Body)
	e := r.theCall(t)
	wantUsage(t, e, 10, 4)
	wantAttempts(t, e, 1)
}

func TestSeveralTapsAndAProgramThatWalksAway(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		for range 20 {
			ctx, cancel := context.WithCancel(r.ctx)
			_, err := r.transport(r.transport(answering(streams(streamed("Fine"))))).RoundTrip(request(ctx, chatURL, asked))
			if err != nil {
				t.Fatal(err)
			}
			cancel()
			synctest.Wait()
		}
		if n := len(callsOf(r.Recorder)); n != 20 {
			t.Errorf("want 20 calls, got %d", n)
		}
	})
}

// A transport that tries again by itself is below one tap and above another.
func TestRetriesBetweenTwoTaps(t *testing.T) {
	r := newRig(t)
	inner := r.transport(answering(tooMany("1"), always(http.StatusOK, replied)))
	retrying := roundTripper(func(req *http.Request) (*http.Response, error) {
		res, err := inner.RoundTrip(req)
		if err == nil && res.StatusCode == http.StatusTooManyRequests {
			drain(res.Body)
			return inner.RoundTrip(req)
		}
		return res, err
	})
	if _, err := ask(r.ctx, r.transport(retrying), asked); err != nil {
		t.Fatal(err)
	}
	e := r.theCall(t)
	wantCall(t, e, types.StatusSuccess, "Fine, thanks.")
	wantAttempts(t, e, 2)
}

func TestARetryIsInsideItsCall(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		attempt := 0
		rt := r.transport(roundTripper(func(req *http.Request) (*http.Response, error) {
			drain(req.Body)
			sentrial.Decide(req.Context(), types.Decision{Chosen: "key"})
			if attempt++; attempt == 1 {
				return tooMany("1")()
			}
			return jsonReply(http.StatusOK, replied), nil
		}))
		for range 2 {
			_, _ = ask(r.ctx, rt, asked)
		}
		call := r.theCall(t)
		for _, e := range r.Events() {
			if e.Decision != nil && e.ParentID != call.ID {
				t.Error("an attempt is not inside its call")
			}
		}
	})
}

func TestAStreamThatIsLeftInsideAHelper(t *testing.T) {
	r := newRig(t)
	whole := streamed("Fine, ", "thanks.")
	rt := r.transport(answering(streams(whole)))
	_, err := sentrial.LLM(r.ctx, types.LLMCall{}, func(ctx context.Context, _ *types.LLMCall) (struct{}, error) {
		res, err := rt.RoundTrip(request(ctx, chatURL, asked))
		if err != nil {
			return struct{}{}, err
		}
		_, err = res.Body.Read(make([]byte, strings.Index(whole, "\n\n")+2))
		return struct{}{}, errors.Join(err, res.Body.Close())
	})
	if err != nil {
		t.Fatal(err)
	}
	e := r.theCall(t)
	wantCall(t, e, types.StatusSuccess, "Fine, ") // the program has what it wants
	if e.Metadata["partial"] != true {
		t.Errorf("want partial, got %v", e.Metadata)
	}
}
