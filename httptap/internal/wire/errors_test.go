package wire_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/httptap/internal/wire"
	"github.com/sentrial/sentrial-go/types"
)

const (
	chat      = "https://api.openai.com/v1/chat/completions"
	responses = "https://api.openai.com/v1/responses"
	messages  = "https://api.anthropic.com/v1/messages"
	gemini    = "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent"
	ollama    = "http://127.0.0.1:11434/api/chat"
)

// finished reads a reply and gives what Finish says.
func finished(t testing.TB, at string, status int, contentType, body string) (types.LLMCall, error) {
	t.Helper()
	a := find(t, at).Answer(status, contentType, limit)
	_, _ = a.Write([]byte(body))
	var call types.LLMCall
	err := a.Finish(&call)
	return call, err
}

// Bodies of errors, as the providers write them.
func TestErrorBodies(t *testing.T) {
	for _, c := range []struct {
		at, contentType, body string
		status                int
		want                  wire.Error
		text                  string
	}{
		{
			chat, "application/json", `{"error":{"message":"Unsupported value: 'temperature'","type":"invalid_request_error","param":"temperature","code":"unsupported_value"}}`, 400,
			wire.Error{Type: "invalid_request_error", Code: "unsupported_value", Message: "Unsupported value: 'temperature'"},
			"400 Bad Request: Unsupported value: 'temperature' (invalid_request_error, unsupported_value)",
		},
		{
			chat, "application/json", `{"error":{"message":"Incorrect API key provided: sk-ab**********wxyz. You can find your API key at https://platform.openai.com.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}`, 401,
			wire.Error{Type: "invalid_request_error", Code: "invalid_api_key", Message: "Incorrect API key provided: [key]. You can find your API key at https://platform.openai.com."},
			"",
		},
		{
			chat, "application/json", `{"error":{"code":"429","message":"Requests have exceeded the call rate limit. Please retry after 6 seconds."}}`, 429,
			wire.Error{Code: "429", Message: "Requests have exceeded the call rate limit. Please retry after 6 seconds."},
			"429 Too Many Requests: Requests have exceeded the call rate limit. Please retry after 6 seconds.",
		},
		{chat, "application/json", `{"object":"error","message":"Unauthorized","type":"invalid_request_error","code":1000}`, 401, wire.Error{Type: "invalid_request_error", Code: "1000", Message: "Unauthorized"}, ""},
		{chat, "application/json", `{"detail":[{"loc":["body","model"],"msg":"field required"}]}`, 422, wire.Error{Message: `[{"loc":["body","model"],"msg":"field required"}]`}, ""},
		{chat, "application/json", `{"message":"no Route matched with those values"}`, 404, wire.Error{Message: "no Route matched with those values"}, "404 Not Found: no Route matched with those values"},
		{responses, "application/json", `{"error":{"message":"The model 'x' does not exist","type":"invalid_request_error","param":null,"code":null}}`, 404, wire.Error{Type: "invalid_request_error", Message: "The model 'x' does not exist"}, ""},
		{
			messages, "application/json", `{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_011CSHoEeqs5C35K2UUqR7Fy"}`, 529,
			wire.Error{Type: "overloaded_error", Message: "Overloaded"},
			"529: Overloaded (overloaded_error)",
		},
		{
			gemini, "application/json; charset=UTF-8", `[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[]}}]`, 400,
			wire.Error{Type: "INVALID_ARGUMENT", Code: "400", Message: "API key not valid. Please pass a valid API key."},
			"400 Bad Request: API key not valid. Please pass a valid API key. (INVALID_ARGUMENT)",
		},
		{
			chat, "application/json", `{"error":{"message":"The response was filtered due to the prompt.","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"hate":{"filtered":true,"severity":"high"}}}}}`, 400,
			wire.Error{Code: "content_filter", Message: "The response was filtered due to the prompt."},
			"400 Bad Request: The response was filtered due to the prompt. (content_filter)",
		},
		{
			chat, "application/json", `{"error":{"message":"litellm.RateLimitError: too many","type":"None","param":"None","code":"429"}}`, 429,
			wire.Error{Code: "429", Message: "litellm.RateLimitError: too many"},
			"429 Too Many Requests: litellm.RateLimitError: too many",
		},
		{
			chat, "application/json", `{"error":{"message":"Provider returned error","code":429,"metadata":{"raw":"acme/model-1 is busy, sk-abcdef012345","provider_name":"Acme"}},"user_id":"user_1"}`, 429,
			wire.Error{Code: "429", Message: "Provider returned error: acme/model-1 is busy, [key]"},
			"",
		},
		{
			gemini, "application/json", `{"error":{"code":429,"message":"You exceeded your current quota.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"33s"}]}}`, 429,
			wire.Error{Type: "RESOURCE_EXHAUSTED", Code: "429", Message: "You exceeded your current quota."},
			"429 Too Many Requests: You exceeded your current quota. (RESOURCE_EXHAUSTED)",
		},
		{gemini, "text/event-stream", "data: {\"error\":{\"code\":503,\"message\":\"The model is overloaded.\",\"status\":\"UNAVAILABLE\"}}\r\n\r\n", 503, wire.Error{Type: "UNAVAILABLE", Code: "503", Message: "The model is overloaded."}, ""},
		{chat, "application/json", `{"success":false,"errors":[{"code":7000,"message":"No route for that URI"}],"messages":[],"result":null}`, 404, wire.Error{Message: `[{"code":7000,"message":"No route for that URI"}]`}, ""},
		{chat, "application/json", `{"Message":"no access"}`, 403, wire.Error{Message: `{"Message":"no access"}`}, ""},
		{chat, "application/json", `{"error":["Error in parameters"]}`, 422, wire.Error{Message: `{"error":["Error in parameters"]}`}, ""},
		{ollama, "application/json", `{"error":"model 'x' not found"}`, 404, wire.Error{Message: "model 'x' not found"}, "404 Not Found: model 'x' not found"},
		{chat, "text/html", "<html>\n<h1>502 Bad Gateway</h1></html>\n", 502, wire.Error{Message: "<html>\n<h1>502 Bad Gateway</h1></html>"}, ""},
		{chat, "text/plain", "upstream connect error, Authorization: Bearer abcdef0123456789", 503, wire.Error{Message: "upstream connect error, Authorization: Bearer [key]"}, ""},
		{chat, "", "", 500, wire.Error{}, "500 Internal Server Error"},
		{chat, "application/json", `{"error":{"message":"cut he`, 400, wire.Error{Message: "cut he"}, ""},
		{chat, "application/json", `{"error":{"type":"server_error"}}`, 500, wire.Error{Type: "server_error"}, "500 Internal Server Error (server_error)"},
		{chat, "application/json", `{"unknown":true}`, 500, wire.Error{Message: `{"unknown":true}`}, ""},
		{chat, "text/event-stream", "data: {\"error\":{\"message\":\"busy\"}}\n\n", 503, wire.Error{Message: "busy"}, ""},
	} {
		_, err := finished(t, c.at, c.status, c.contentType, c.body)
		var got *wire.Error
		if !errors.As(err, &got) {
			t.Errorf("%s: %v", c.body, err)
			continue
		}
		c.want.Status = c.status
		if *got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.body, *got, c.want)
		}
		if c.text != "" && err.Error() != c.text {
			t.Errorf("%s: got %q, want %q", c.body, err, c.text)
		}
	}
}

// A provider's page of error may be long; its beginning is enough.
func TestLongErrors(t *testing.T) {
	for contentType, body := range map[string]string{
		"text/html": strings.Repeat("long ", 1<<20), "application/json": `{"error":{"message":"` + strings.Repeat("long ", 1<<20) + `","code":"too_long"}}`,
	} {
		_, err := finished(t, chat, 500, contentType, body)
		if err == nil || len(err.Error()) > 3<<10 || !strings.Contains(err.Error(), "long long") {
			t.Errorf("%s: %d bytes", contentType, len(err.Error()))
		}
	}
}

// Some streams say that something went wrong by the event's name alone.
func TestErrorEvent(t *testing.T) {
	call, err := finished(t, chat, 200, "text/event-stream", "data: {\"choices\":[{\"delta\":{\"content\":\"He\"}}]}\n\nevent: error\ndata: {\"message\":\"gone\",\"code\":\"x\"}\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"y\"}}]}\n\n")
	if want := "gone (x)"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if got := textOf(call.OutputMessages); got != "Hey|" {
		t.Errorf("got %q", got)
	}
}

// What is no answer at all is said to be none.
func TestUnreadable(t *testing.T) {
	for body, want := range map[string]error{
		"<html>login</html>": wire.ErrUnreadable, "hello": wire.ErrUnreadable, "{]}": wire.ErrUnreadable, "data: nonsense\n\n": wire.ErrUnreadable, "\x1f\x8b\x08binary": wire.ErrUnreadable,
		"": wire.ErrCut, " \n": wire.ErrCut, ": ping\n\n": wire.ErrCut, "{": wire.ErrCut,
	} {
		contentType := "application/json"
		if strings.HasPrefix(body, "data") || strings.HasPrefix(body, ":") {
			contentType = "text/event-stream"
		}
		if _, err := finished(t, chat, 200, contentType, body); !errors.Is(err, want) {
			t.Errorf("%q: got %v, want %v", body, err, want)
		}
	}
}

// Malformed pieces are left out, counted, and what follows is read.
func TestMalformedPieces(t *testing.T) {
	for _, c := range []struct{ at, contentType, body string }{
		{chat, "text/event-stream", "data: {\"choices\":[{\"delta\":{\"content\":\"He\"}}]}\n\ndata: {\"choices\":[{\"delta\":\n\ndata: {broken}\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"y\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"},
		{ollama, "application/x-ndjson", "{\"message\":{\"content\":\"He\"},\"done\":false}\n{\"message\":{\"content\":\"lost\n{\"message\":\n{\"message\":{\"content\":\"y\"},\"done\":false}\n{\"done\":true,\"done_reason\":\"stop\"}\n"},
		{gemini, "application/json", "[{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"He\"}]}}]},\n{broken},\n{broken]\n,\n{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"y\"}]},\"finishReason\":\"STOP\"}]}]"},
	} {
		call, err := finished(t, c.at, 200, c.contentType, c.body)
		if err != nil || textOf(call.OutputMessages) != "Hey|" || call.FinishReason != "stop" {
			t.Errorf("%s: %v, %+v", c.at, err, call)
		}
		if got := call.Metadata["unreadable_pieces"]; got != 2 {
			t.Errorf("%s: %v unreadable pieces, want 2", c.at, got)
		}
	}
}

// What looks like a key is never in the text of an error, but ids and models are.
func TestMask(t *testing.T) {
	for text, want := range map[string]string{
		"key sk-proj-abcDEF0123 refused":                           "key [key] refused",
		"Incorrect API key provided: sk-ab***yz.":                  "Incorrect API key provided: [key].",
		"got abcd****************wxyz":                             "got [key]",
		"xai-aBcDeF012345, gsk_aBcDeF012345 and hf_aBcDeFgHiJkLmN": "[key], [key] and [key]",
		"AIzaSyA0123456789abcdefghijklmnopqrstuv":                  "[key]",
		"0123456789abcdef0123456789abcdef":                         "[key]",
		"Abcdefghij0123456789Klmnopqrst":                           "[key]",
		`"api_key": "hunter2hunter2"`:                              `"api_key": "[key]"`,
		"https://x.example/?key=hunter2hunter2&a=b":                "https://x.example/?key=[key]&a=b",
		"Authorization: Basic dXNlcjpwYXNz":                        "Authorization: Basic [key]",
		"request req_011CSHoEeqs5C35K2UUqR7Fy failed":              "request req_011CSHoEeqs5C35K2UUqR7Fy failed",
		"the model claude-sonnet-4-5-20250929 does not exist":      "the model claude-sonnet-4-5-20250929 does not exist",
		"Meta-Llama-3.1-405B-Instruct-Turbo is busy":               "Meta-Llama-3.1-405B-Instruct-Turbo is busy",
		"context_length_exceeded: 128000 tokens":                   "context_length_exceeded: 128000 tokens",
	} {
		if got := wire.Mask(text); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}
