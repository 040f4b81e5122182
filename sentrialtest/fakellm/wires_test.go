package fakellm_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
	"github.com/sentrial/sentrial-go/types"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// wires are a conversation on each wire, as its clients send it. %s is true for a stream, where the body says so.
var wires = []struct{ name, whole, stream, body string }{
	{"openai.chat", "/v1/chat/completions", "", `{"model":"gpt-4o-mini","stream":%s,"stream_options":{"include_usage":true},"messages":[
		{"role":"system","content":"You find orders."},
		{"role":"user","content":[{"type":"text","text":"Where is A-18?"},{"type":"image_url","image_url":{"url":"data:,"}}]},
		{"role":"assistant","content":null,"reasoning_content":"Look it up.","tool_calls":[{"id":"call_1","type":"function","function":{"name":"find_order","arguments":"{\"id\":\"A-18\"}"}}]},
		{"role":"tool","tool_call_id":"call_1","content":"{\"place\":\"Zürich\"}"}],
		"tools":[{"type":"function","function":{"name":"find_order","parameters":{"type":"object"}}}]}`},
	{"openai.responses", "/v1/responses", "", `{"model":"gpt-4o-mini","stream":%s,"instructions":"You find orders.","input":[
		{"role":"user","content":[{"type":"input_text","text":"Where is A-18?"}]},
		{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Look it up."}]},
		{"type":"function_call","call_id":"call_1","name":"find_order","arguments":"{\"id\":\"A-18\"}"},
		{"type":"function_call_output","call_id":"call_1","output":"{\"place\":\"Zürich\"}"}],
		"tools":[{"type":"function","name":"find_order","parameters":{"type":"object"}}]}`},
	{"anthropic.messages", "/v1/messages", "", `{"model":"claude-sonnet-4-5","max_tokens":64,"stream":%s,"system":[{"type":"text","text":"You find orders."}],"messages":[
		{"role":"user","content":"Where is A-18?"},
		{"role":"assistant","content":[{"type":"thinking","thinking":"Look it up.","signature":"x"},{"type":"tool_use","id":"call_1","name":"find_order","input":{"id":"A-18"}}]},
		{"role":"user","content":[{"type":"tool_result","tool_use_id":"call_1","content":[{"type":"text","text":"{\"place\":\"Zürich\"}"}]}]}],
		"tools":[{"name":"find_order","input_schema":{"type":"object"}}]}`},
	{"gemini.generate_content", "/v1beta/models/gemini-2.5-flash:generateContent", "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse", `{
		"systemInstruction":{"parts":[{"text":"You find orders."}]},"contents":[
		{"role":"user","parts":[{"text":"Where is A-18?"}]},
		{"role":"model","parts":[{"text":"Look it up.","thought":true},{"functionCall":{"id":"call_1","name":"find_order","args":{"id":"A-18"}}}]},
		{"role":"user","parts":[{"functionResponse":{"id":"call_1","name":"find_order","response":{"place":"Zürich"}}}]}],
		"tools":[{"functionDeclarations":[{"name":"find_order","parametersJsonSchema":{"type":"object"}}]}]}`},
	{"ollama.chat", "/api/chat", "", `{"model":"llama3.2","stream":%s,"messages":[
		{"role":"system","content":"You find orders."},
		{"role":"user","content":"Where is A-18?"},
		{"role":"assistant","content":"","thinking":"Look it up.","tool_calls":[{"id":"call_1","function":{"name":"find_order","arguments":{"id":"A-18"}}}]},
		{"role":"tool","tool_call_id":"call_1","tool_name":"find_order","content":"{\"place\":\"Zürich\"}"}],
		"tools":[{"type":"function","function":{"name":"find_order","parameters":{"type":"object"}}}]}`},
}

// full is an answer with all that an answer can have.
func full(fakellm.Request) fakellm.Reply {
	return fakellm.Reply{
		Text: "It is in Zürich ☕.", Reasoning: "I know it.", Pieces: 2,
		ToolCalls: []fakellm.ToolCall{{ID: "call_2", Name: "find_order", Arguments: map[string]any{"id": "B<2>"}}},
		Usage:     types.Usage{PromptTokens: 1200, CompletionTokens: 340, CachedTokens: 1000, CacheWriteTokens: 50, ReasoningTokens: 120},
	}
}

// Each wire's bytes, whole and as a stream, are those of its golden file.
func TestWires(t *testing.T) {
	for _, wire := range wires {
		body := func(stream string) string { return strings.Replace(wire.body, "%s", stream, 1) }
		streamURL := wire.stream
		if streamURL == "" {
			streamURL = wire.whole
		}
		golden(t, wire.name+".json", exchange(t, full, wire.whole, body("false")))
		golden(t, wire.name+".stream", exchange(t, full, streamURL, body("true")))
	}
}

// Every wire tells the brain the same conversation.
func TestRequests(t *testing.T) {
	const want = `[{"role":"system","parts":[{"type":"text","content":"You find orders."}]},` +
		`{"role":"user","parts":[{"type":"text","content":"Where is A-18?"}]},` +
		`{"role":"assistant","parts":[{"type":"reasoning","content":"Look it up."},` +
		`{"type":"tool_call","id":"call_1","name":"find_order","arguments":{"id":"A-18"}}]},` +
		`{"role":"tool","parts":[{"type":"tool_call_response","id":"call_1","response":"{\"place\":\"Zürich\"}"}]}]`
	for _, wire := range wires {
		api := fakellm.Handler(full)
		exchangeWith(t, api, wire.whole, strings.Replace(wire.body, "%s", "false", 1))
		req := api.Requests()[0]
		got, err := json.Marshal(req.Messages)
		if err != nil {
			t.Fatal(err)
		}
		got = bytes.ReplaceAll(got, []byte(`"response":{"place":"Zürich"}`), []byte(`"response":"{\"place\":\"Zürich\"}"`)) // Gemini's is no text
		if string(got) != want {
			t.Errorf("%s: the brain was told\n%s\nwant\n%s", wire.name, got, want)
		}
		if len(req.Tools) != 1 || req.Tools[0] != "find_order" || string(req.Parameters["find_order"]) != `{"type":"object"}` {
			t.Errorf("%s: the brain was offered %q %s", wire.name, req.Tools, req.Parameters)
		}
		if req.Wire != wire.name || req.Model == "" || req.Stream || req.Attempt != 1 {
			t.Errorf("%s: the request is %s of %q, stream %v, attempt %d", wire.name, req.Wire, req.Model, req.Stream, req.Attempt)
		}
	}
}

// What is besides conversations: embeddings, listings, errors.
func TestPages(t *testing.T) {
	refuse := func(fakellm.Request) fakellm.Reply {
		return fakellm.Reply{Status: 429, Error: "Slow down.", Header: http.Header{"Retry-After": {"7"}}}
	}
	for _, page := range []struct {
		name, path, body string
		brain            fakellm.Brain
	}{
		{"embeddings.openai", "/v1/embeddings", `{"model":"text-embedding-3-small","input":["Zürich",""],"dimensions":3}`, full},
		{"embeddings.openai.base64", "/v1/embeddings", `{"model":"text-embedding-3-small","input":[1,2,3],"encoding_format":"base64"}`, full},
		{"embeddings.gemini", "/v1beta/models/gemini-embedding-001:embedContent", `{"content":{"parts":[{"text":"Zürich"}]},"outputDimensionality":3}`, full},
		{"embeddings.gemini.batch", "/v1beta/models/gemini-embedding-001:batchEmbedContents", `{"requests":[{"content":{"parts":[{"text":"Zürich"}]}},{"content":{}}]}`, full},
		{"embeddings.ollama", "/api/embed", `{"model":"llama3.2","input":"Zürich"}`, full},
		{"azure", "/openai/deployments/mine/chat/completions?api-version=2024-10-21", `{"messages":[]}`, plainly},
		{"vertex", "/v1beta1/projects/p/locations/l/publishers/google/models/gemini-2.5-flash:generateContent", `{"contents":[]}`, plainly},
		{"error.openai", "/v1/chat/completions", `{"model":"m"}`, refuse},
		{"error.anthropic", "/v1/messages", `{"model":"m","stream":true}`, refuse},
		{"error.gemini", "/v1beta/models/m:generateContent", `{}`, refuse},
		{"error.ollama", "/api/chat", `{"model":"m"}`, refuse},
		{"unknown.openai", "/v1/other", `{}`, full},
		{"unknown.gemini", "/v1beta/models/m:other", `{}`, full},
		{"unknown.ollama", "/api/other", `{}`, full},
		{"malformed.openai", "/v1/chat/completions", `{"model":`, full},
		{"malformed.anthropic", "/v1/messages", `{"model":"m","messages":[{"role":"user","content":7}]}`, full},
		{"malformed.model", "/v1/responses", `{}`, full},
		{"models.openai", "GET /v1/models", "", full},
		{"models.gemini", "GET /v1beta/models", "", full},
		{"models.ollama", "GET /api/tags", "", full},
		{"version.ollama", "GET /api/version", "", full},
		{"root", "GET /", "", full},
	} {
		golden(t, page.name, exchange(t, page.brain, page.path, page.body))
	}
}

func plainly(fakellm.Request) fakellm.Reply { return fakellm.Reply{Text: "Yes."} }

// exchange writes down what comes back of a request to a new API.
func exchange(t *testing.T, brain fakellm.Brain, url, body string) string {
	return exchangeWith(t, fakellm.Handler(brain), url, body)
}

func exchangeWith(t *testing.T, handler http.Handler, url, body string) (text string) {
	synctest.Test(t, func(t *testing.T) { // where it is always the same time
		method, path, ok := strings.Cut(url, " ")
		if !ok {
			method, path = http.MethodPost, url
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body)))
		var b bytes.Buffer
		fmt.Fprintf(&b, "%d\n", w.Code)
		if err := w.Header().Write(&b); err != nil {
			t.Fatal(err)
		}
		text = strings.ReplaceAll(b.String(), "\r", "") + "\n" + strings.ReplaceAll(w.Body.String(), "\r", "␍")
	})
	return text
}

// golden compares with a file of testdata, which go test -update writes.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
	}
}
