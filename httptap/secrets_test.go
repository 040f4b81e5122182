package httptap_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/httptap"
)

// logs is a log that several goroutines write.
type logs struct {
	mu sync.Mutex
	bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Buffer.Write(p)
}

// Whatever happens to a request, what it proves itself with is in no event, no log line and no error of ours.
func TestKeysAreNeverRecorded(t *testing.T) {
	canaries := map[string]string{
		"Authorization": "Bearer sk-canary-bearer", "X-Api-Key": "canary-x-api-key", "Api-Key": "canary-api-key", "X-Goog-Api-Key": "canary-goog-key",
		"Cookie": "session=canary-cookie", "Proxy-Authorization": "Basic canary-basic", "My-Token": "canary+token/with=signs",
	}
	const inURL = "https://canaryuser:canary-password@generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:generateContent?key=canary-query+key&alt=json"
	var all []string
	for _, v := range canaries {
		all = append(all, v)
	}
	all = append(all, "canary-query key", "canary-query+key", "canary-password")
	repeated := fmt.Sprintf(`{"error":{"message":"who is %s?","code":401,"status":"UNAUTHENTICATED"}}`, strings.Join(all, ", "))
	var logged logs
	r := newRig(t, sentrial.WithLogger(slog.New(slog.NewTextHandler(&logged, nil))))
	echo := func(status int, contentType string) func() (*http.Response, error) {
		return func() (*http.Response, error) {
			res := reply(status, contentType, repeated)
			res.Header.Set("X-Request-Id", "of canary-x-api-key")
			return res, nil
		}
	}
	outcomes := []func() (*http.Response, error){
		echo(401, "application/json"), echo(401, "text/plain"), echo(500, "application/json"), echo(302, "text/html"),
		func() (*http.Response, error) { return sseReply("data: " + repeated + "\n\n"), nil },
		func() (*http.Response, error) {
			return nil, &url.Error{Op: "Post", URL: inURL, Err: errors.New("no route for canary-goog-key")}
		},
		func() (*http.Response, error) { return nil, fmt.Errorf("sending to %s: %w", inURL, errBroken) },
		always(200, replied),
	}
	for i, outcome := range outcomes {
		req := request(r.ctx, inURL, fmt.Sprintf(`{"contents":[{"parts":[{"text":"%d"}]}]}`, i))
		for name, value := range canaries {
			req.Header.Set(name, value)
		}
		for _, opts := range [][]httptap.Option{nil, {httptap.Panicking(1)}} {
			if res, err := r.transport(answering(outcome), opts...).RoundTrip(req.Clone(r.ctx)); err == nil {
				_, _ = io.ReadAll(res.Body)
				_ = res.Body.Close()
			}
			_ = r.Client().Flush(r.ctx) // else an equal request is another attempt
		}
	}
	r.Allow("LostEvents")
	for _, e := range r.Events() {
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "canary") {
			t.Errorf("a key was recorded: %s", text)
		}
	}
	if n := len(callsOf(r.Recorder)); n != 2*len(outcomes) {
		t.Errorf("want %d calls, got %d", 2*len(outcomes), n)
	}
	_ = r.Client().Close(context.Background()) // which waits for what is logged
	logged.mu.Lock()
	defer logged.mu.Unlock()
	if text := logged.String(); strings.Contains(text, "canary") || !strings.Contains(text, "a piece too many") {
		t.Errorf("want the panic logged and no key, got %s", text)
	}
}

// Some APIs take keys of other services inside the request: those of the tools that the model may call by itself.
func TestKeysOfToolsAreNeverRecorded(t *testing.T) {
	for url, body := range map[string]string{
		"https://api.openai.com/v1/responses": `{"model":"gpt-5","input":"hi","tools":[{"type":"mcp","server_label":"crm","server_url":"https://crm.example.com/canary-path/mcp",` +
			`"authorization":"canary-authorization","headers":{"X-Key":"canary-header"}},{"type":"function","name":"login","parameters":{"properties":{"headers":{"type":"object"},` +
			`"password":{"type":"string"}}}}]}`,
		"https://api.openai.com/v1/responses?only=key":   `{"model":"gpt-5","input":"hi","tools":[{"type":"function","name":"f"},{"type":"mcp","Authorization":"canary-authorization"}]}`,
		"https://api.openai.com/v1/responses?only=place": `{"model":"gpt-5","input":"hi","tools":[{"type":"mcp","server_url":"https://crm.example.com/canary-path/mcp"}]}`,
		"https://api.anthropic.com/v1/messages": `{"model":"claude-sonnet-4-5","max_tokens":10,"messages":[{"role":"user","content":"hi"}],"mcp_servers":[{"type":"url",` +
			`"url":"https://crm.example.com/mcp","name":"crm","authorization_token":"canary-token"}]}`,
	} {
		r := newRig(t)
		if _, err := askAt(r.ctx, r.transport(answering(always(400, refusal))), url, body); err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(r.theCall(t))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "canary") {
			t.Errorf("a key was recorded: %s", text)
		}
		if strings.Contains(body, "login") && (!strings.Contains(string(text), `"server_url":"https://crm.example.com"`) || !strings.Contains(string(text), `"password":{"type":"string"}`)) {
			t.Errorf("want the tools but for their keys, got %s", text)
		}
	}
}
