package httptap_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/httptap"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

const (
	chatURL = "https://api.openai.com/v1/chat/completions"
	asked   = `{"model":"gpt-4o","temperature":0.5,"messages":[{"role":"user","content":"How are you?"}]}`
	replied = `{"id":"chatcmpl-1","object":"chat.completion","model":"gpt-4o-2024-08-06","choices":[{"index":0,"message":{"role":"assistant","content":"Fine, thanks."},` +
		`"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":4,"total_tokens":14,"prompt_tokens_details":{"cached_tokens":3}}}`
	refusal = `{"error":{"message":"slow down","type":"rate_limit_error","code":"rate_limit_exceeded"}}`
)

// streamed is an answer in events, its end included.
func streamed(pieces ...string) string {
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(`data: {"id":"chatcmpl-1","model":"gpt-4o-2024-08-06","choices":[{"index":0,"delta":{"content":"` + p + `"}}]}` + "\n\n")
	}
	return b.String() + `data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}` + "\n\n" +
		`data: {"id":"chatcmpl-1","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":4,"total_tokens":14}}` + "\n\n" + "data: [DONE]\n\n"
}

// roundTripper is a function as a transport.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// reply is a whole one, as a transport gives it.
func reply(status int, contentType, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {contentType}}, ContentLength: -1, Body: io.NopCloser(onlyReader{strings.NewReader(body)}),
	}
}

// onlyReader hides what else a reader can do.
type onlyReader struct{ io.Reader }

func jsonReply(status int, body string) *http.Response {
	return reply(status, "application/json", body)
}

func sseReply(body string) *http.Response {
	return reply(http.StatusOK, "text/event-stream; charset=utf-8", body)
}

// answering is a base that reads and closes the request, and answers each with the next reply.
func answering(replies ...func() (*http.Response, error)) roundTripper {
	next := make(chan func() (*http.Response, error), len(replies))
	for _, r := range replies {
		next <- r
	}
	return func(req *http.Request) (*http.Response, error) {
		drain(req.Body)
		return (<-next)()
	}
}

func always(status int, body string) func() (*http.Response, error) {
	return func() (*http.Response, error) { return jsonReply(status, body), nil }
}

func streams(body string) func() (*http.Response, error) {
	return func() (*http.Response, error) { return sseReply(body), nil }
}

func drain(body io.ReadCloser) {
	if body != nil {
		_, _ = io.Copy(io.Discard, body)
		_ = body.Close()
	}
}

func request(ctx context.Context, url, body string) *http.Request {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	req.Header.Set("Content-Type", "application/json")
	return req
}

// ask sends a request and reads the reply to its end.
func ask(ctx context.Context, rt http.RoundTripper, body string) (string, error) {
	return askAt(ctx, rt, chatURL, body)
}

func askAt(ctx context.Context, rt http.RoundTripper, url, body string) (string, error) {
	res, err := rt.RoundTrip(request(ctx, url, body))
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	return string(got), err
}

// rig is a recorder with a session that is in ctx.
type rig struct {
	*sentrialtest.Recorder
	ctx context.Context
}

func newRig(t *testing.T, opts ...sentrial.Option) *rig {
	t.Helper()
	rec := sentrialtest.New(t, opts...)
	ctx, _ := rec.Client().CreateSession(t.Context(), "test")
	return &rig{rec, ctx}
}

func (r *rig) transport(base http.RoundTripper, opts ...httptap.Option) http.RoundTripper {
	return httptap.Transport(r.Client(), base, opts...)
}

// theCall is the only event of a call of a model.
func (r *rig) theCall(t *testing.T) types.Event {
	t.Helper()
	return theCallOf(t, r.Recorder)
}

func theCallOf(t *testing.T, r *sentrialtest.Recorder) types.Event {
	t.Helper()
	calls := callsOf(r)
	if len(calls) != 1 {
		t.Fatalf("want one LLM call, got %d:\n%s", len(calls), r.Timeline())
	}
	return calls[0]
}

func callsOf(r *sentrialtest.Recorder) (calls []types.Event) {
	for _, e := range r.Events() {
		if e.LLMCall != nil {
			calls = append(calls, e)
		}
	}
	return calls
}

// said is the text of an answer.
func said(call *types.LLMCall) string {
	text := call.Response
	for _, m := range call.OutputMessages {
		for _, p := range m.Parts {
			text += p.Content
		}
	}
	return text
}

func wantCall(t *testing.T, e types.Event, status types.Status, text string) {
	t.Helper()
	if e.Status != status || said(e.LLMCall) != text {
		t.Errorf("want %s and %q, got %s and %q (error %q, metadata %v)", status, text, e.Status, said(e.LLMCall), e.LLMCall.Error, e.Metadata)
	}
}

func wantUsage(t *testing.T, e types.Event, in, out int) {
	t.Helper()
	if u := e.LLMCall.Usage; u.PromptTokens != in || u.CompletionTokens != out {
		t.Errorf("want %d and %d tokens, got %+v", in, out, u)
	}
}

func wantAttempts(t *testing.T, e types.Event, n int) {
	t.Helper()
	if e.LLMCall.Attempts != n {
		t.Errorf("want %d attempts, got %d", n, e.LLMCall.Attempts)
	}
}

var errBroken = errors.New("the line is broken")
