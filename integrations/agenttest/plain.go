package agenttest

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/adapter"
	"github.com/sentrial/sentrial-go/types"
)

// PlainLacks is what the wire of [Plain] has no word for.
var PlainLacks = []string{"cache_write_tokens"}

// Plain is an agent without any framework: it asks OpenAI's chat completions with net/http and records by package adapter. It is for integrations that are not about
// models, such as those of tools, to embed beside a CallTool of their own. Its driver is for the provider openai and lacks PlainLacks.
func Plain(baseURL string, client *sentrial.Client) Agent {
	return &plain{url: baseURL + "/v1/chat/completions", recorder: adapter.New(client, nil), http: http.DefaultClient}
}

type plain struct {
	url      string
	recorder *adapter.Recorder
	http     *http.Client
	once     bool // an overload is not tried again
}

// Ask records the call and asks, once more if the server is overloaded.
func (p *plain) Ask(ctx context.Context, q Question) (answer Answer, err error) {
	ctx, call := p.recorder.LLM(ctx, types.LLMCall{
		Model: q.Model, Provider: "openai", Messages: q.Messages, ToolDefinitions: json.RawMessage(asJSON(plainTools(q.Tools))),
		Parameters: map[string]any{"max_tokens": q.MaxTokens, "temperature": q.Temperature},
	})
	defer func() { call.End(err) }()
	res, err := p.post(ctx, q)
	if err == nil && res.StatusCode == http.StatusServiceUnavailable && !p.once {
		_ = res.Body.Close() // there is nothing to read
		call.Attempt()
		res, err = p.post(ctx, q)
	}
	if err != nil {
		return answer, err
	}
	defer func() { _ = res.Body.Close() }()
	got := &plainReply{call: call, q: q}
	err = got.read(res)
	got.fillIn()
	return got.answer(), err
}

func (p *plain) post(ctx context.Context, q Question) (*http.Response, error) {
	body := map[string]any{
		"model": q.Model, "messages": plainMessages(q.Messages), "tools": plainTools(q.Tools), "max_tokens": q.MaxTokens, "temperature": q.Temperature,
	}
	if q.Stream {
		body["stream"], body["stream_options"] = true, map[string]bool{"include_usage": true}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, strings.NewReader(asJSON(body)))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	return p.http.Do(req)
}

func plainTools(tools []Tool) (list []any) {
	for _, tool := range tools {
		list = append(list, map[string]any{"type": "function", "function": map[string]any{
			"name": tool.Name, "description": tool.Description, "parameters": tool.Schema,
		}})
	}
	return list
}

func plainMessages(messages []types.Message) (list []any) {
	for _, m := range messages {
		out := map[string]any{"role": m.Role}
		var calls []any
		for _, part := range m.Parts {
			switch part.Type {
			case types.PartText:
				out["content"] = part.Content
			case types.PartToolCall:
				function := map[string]any{"name": part.Name, "arguments": asJSON(part.Arguments)}
				calls = append(calls, map[string]any{"id": part.ID, "type": "function", "function": function})
				out["tool_calls"] = calls
			case types.PartToolCallResponse:
				out["content"], out["tool_call_id"] = part.Response, part.ID
			}
		}
		list = append(list, out)
	}
	return list
}
