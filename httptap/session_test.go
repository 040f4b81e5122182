package httptap_test

import (
	"context"
	"io"
	"net/http"
	"testing"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/httptap"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

func TestWithoutASessionNothingIsRecordedAndThatIsCounted(t *testing.T) {
	rec := sentrialtest.New(t)
	rec.Allow(sentrialtest.Unsessioned)
	before := rec.Client().Stats().Unsessioned
	rt := httptap.Transport(rec.Client(), httptap.Transport(rec.Client(), answering(always(http.StatusOK, replied)))) // both see it, it counts once
	if got, err := ask(t.Context(), rt, asked); err != nil || got != replied {
		t.Errorf("the agent got %q, %v", got, err)
	}
	if n := rec.Client().Stats().Unsessioned - before; n != 1 {
		t.Errorf("want 1 call without a session, got %d", n)
	}
	if events := rec.Events(); len(events) != 0 {
		t.Errorf("want nothing recorded, got %v", events)
	}
}

func TestWithSession(t *testing.T) {
	rec := sentrialtest.New(t)
	_, usual := rec.Client().CreateSession(t.Context(), "usual")
	ctx, own := rec.Client().CreateSession(t.Context(), "own")
	rt := httptap.Transport(rec.Client(), answering(always(http.StatusOK, replied), always(http.StatusOK, replied)), httptap.WithSession(usual))
	for _, c := range []struct {
		ctx  context.Context
		want *sentrial.Session
	}{{t.Context(), usual}, {ctx, own}} {
		if _, err := ask(c.ctx, rt, asked); err != nil {
			t.Fatal(err)
		}
		calls := callsOf(rec)
		if got := calls[len(calls)-1].SessionID; got != c.want.ID() {
			t.Errorf("want the call in session %s, got %s", c.want.ID(), got)
		}
	}
}

func TestClientsThatRecordNothing(t *testing.T) {
	t.Setenv("SENTRIAL_DISABLED", "true")
	disabled, err := sentrial.New()
	if err != nil {
		t.Fatal(err)
	}
	for name, client := range map[string]*sentrial.Client{"nil": nil, "disabled": disabled} {
		t.Run(name, func(t *testing.T) {
			ctx, session := client.CreateSession(t.Context(), "s")
			res := jsonReply(http.StatusOK, replied)
			body := res.Body
			rt := httptap.Transport(client, answering(func() (*http.Response, error) { return res, nil }), httptap.WithSession(session))
			got, err := rt.RoundTrip(request(ctx, chatURL, asked))
			if err != nil || got != res || got.Body != body {
				t.Errorf("the reply was touched: %v, %v", got, err)
			}
			middleware := httptap.Middleware(client)
			if _, err := middleware(request(ctx, chatURL, asked), answering(always(http.StatusOK, replied))); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestASessionThatIsLeftOut(t *testing.T) {
	r := newRig(t, sentrial.WithSampleRate(0))
	if got, err := ask(r.ctx, r.transport(answering(always(http.StatusOK, replied))), asked); err != nil || got != replied {
		t.Errorf("the agent got %q, %v", got, err)
	}
	if events := r.Events(); len(events) != 0 {
		t.Errorf("want nothing, got %v", events)
	}
}

// What the client itself sends must not make more of it.
func TestTheClientsOwnTrafficIsLeftAlone(t *testing.T) {
	r := newRig(t)
	rt := r.transport(answering(always(http.StatusOK, replied), always(http.StatusOK, replied)))
	for _, url := range []string{"http://127.0.0.1/v1/chat/completions", "http://127.0.0.1:80/v1/chat/completions"} { // the recorder's
		if _, err := askAt(r.ctx, rt, url, asked); err != nil {
			t.Fatal(err)
		}
	}
	if calls := callsOf(r.Recorder); len(calls) != 0 {
		t.Errorf("want nothing, got %v", calls)
	}
}

func TestRequestsThatAreNoCallsOfModels(t *testing.T) {
	r := newRig(t)
	seen := 0
	rt := r.transport(roundTripper(func(req *http.Request) (*http.Response, error) {
		if req.Header.Get("Mine") == "" {
			t.Error("the request is another one")
		}
		seen++
		return jsonReply(http.StatusOK, replied), nil
	}))
	for _, c := range []struct{ method, url string }{
		{http.MethodGet, chatURL},
		{http.MethodPost, "https://example.com/"},
		{http.MethodGet, "https://api.openai.com/v1/models"},
		{"", "https://example.com/v1/chat/completions"},
	} {
		req := request(r.ctx, c.url, "x")
		req.Method = c.method
		req.Header.Set("Mine", "yes")
		res, err := rt.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		drain(res.Body)
	}
	if calls := callsOf(r.Recorder); len(calls) != 0 || seen != 4 {
		t.Errorf("want 4 requests and nothing recorded, got %d, %v", seen, calls)
	}
}

func TestFilterAndProvider(t *testing.T) {
	r := newRig(t)
	filter := httptap.WithFilter(func(req *http.Request) bool {
		if req.Header.Get("Panic") != "" {
			panic("the program's mistake")
		}
		return req.Header.Get("Private") == ""
	})
	rt := r.transport(answering(always(200, replied), always(200, replied), always(200, replied)), filter, httptap.WithProvider("my_gateway"))
	for _, header := range []string{"Private", "Panic", "Usual"} {
		req := request(r.ctx, chatURL, asked)
		req.Header.Set(header, "yes")
		res, err := rt.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		drain(res.Body)
	}
	calls := callsOf(r.Recorder)
	for _, e := range calls {
		if e.LLMCall.Provider != "my_gateway" {
			t.Errorf("got the provider %q", e.LLMCall.Provider)
		}
	}
	if len(calls) != 2 {
		t.Errorf("want 2 calls, got %d", len(calls))
	}
}

// option is as openai-go and anthropic-sdk-go declare it.
type (
	middlewareNext = func(*http.Request) (*http.Response, error)
	middleware     = func(*http.Request, middlewareNext) (*http.Response, error)
)

var _ middleware = httptap.Middleware(nil)

func TestWhatACallTells(t *testing.T) {
	r := newRig(t)
	handle := httptap.Middleware(r.Client())
	res, err := handle(request(r.ctx, chatURL, asked), func(req *http.Request) (*http.Response, error) {
		drain(req.Body)
		res := jsonReply(http.StatusOK, replied)
		res.Header.Set("X-Request-Id", "req_1")
		return res, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.ReadAll(res.Body)
	_ = res.Body.Close()
	e := r.theCall(t)
	wantCall(t, e, types.StatusSuccess, "Fine, thanks.")
	c := e.LLMCall
	if c.Provider != "openai" || c.Model != "gpt-4o-2024-08-06" || c.RequestModel != "gpt-4o" || c.ResponseID != "chatcmpl-1" || c.FinishReason != "stop" ||
		c.Usage.CachedTokens != 3 || c.Attempts != 1 || c.Parameters["temperature"] != 0.5 || len(c.Messages) != 1 || c.Messages[0].Parts[0].Content != "How are you?" {
		t.Errorf("got %+v", c)
	}
	for key, want := range map[string]any{"http.status_code": 200.0, "request_id": "req_1", "server.address": "api.openai.com", "wire": "openai.chat"} {
		if e.Metadata[key] != want {
			t.Errorf("want %s %v, got %v", key, want, e.Metadata[key])
		}
	}
}
