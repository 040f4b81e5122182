package fakellm

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/sentrial/sentrial-go/types"
)

// anthropic is what Anthropic's wires have in common.
var anthropic = &family{requestID: "Request-Id", fail: func(status int, message string, number int) any {
	return object{
		"type": "error", "error": object{"type": anthropicKind(status), "message": message}, "request_id": "req_fake" + strconv.Itoa(number),
	}
}}

func anthropicKind(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "authentication_error"
	case http.StatusForbidden:
		return "permission_error"
	case http.StatusNotFound:
		return "not_found_error"
	case http.StatusRequestEntityTooLarge:
		return "request_too_large"
	case http.StatusTooManyRequests:
		return "rate_limit_error"
	case 529, http.StatusServiceUnavailable:
		return "overloaded_error"
	}
	if status >= http.StatusInternalServerError {
		return "api_error"
	}
	return "invalid_request_error"
}

// anthropicMessages is POST /v1/messages.
var anthropicMessages = &wire{
	name: "anthropic.messages", family: anthropic,
	read: readAnthropic, whole: wholeAnthropic, stream: streamAnthropic,
	broken: func(e *exchange, s *stream) { s.event("error", anthropic.fail(529, e.Error, e.number)) },
}

// anthropicContent is a text or a list of blocks.
type anthropicContent []anthropicBlock

type anthropicBlock struct {
	Type, Text, Thinking, ID, Name string
	Input                          json.RawMessage
	ToolUseID                      string `json:"tool_use_id"`
	Content                        texts
}

func (c *anthropicContent) UnmarshalJSON(data []byte) error {
	if data[0] != '"' {
		return json.Unmarshal(data, (*[]anthropicBlock)(c))
	}
	block := anthropicBlock{Type: "text"}
	err := json.Unmarshal(data, &block.Text)
	*c = anthropicContent{block}
	return err
}

func readAnthropic(req *Request, _ *http.Request) error {
	var body struct {
		Model    string
		Stream   bool
		System   texts
		Messages []struct {
			Role    string
			Content anthropicContent
		}
		Tools []struct {
			Name   string
			Schema json.RawMessage `json:"input_schema"`
		}
	}
	if err := json.Unmarshal(req.Body, &body); err != nil {
		return err
	}
	req.Model, req.Stream = body.Model, body.Stream
	req.say("system", body.System.parts()...)
	for _, m := range body.Messages {
		m.Content.say(req, m.Role)
	}
	for _, tool := range body.Tools {
		req.offer(tool.Name, tool.Schema)
	}
	return nil
}

// say adds the message; results of tools, which come in a user's message, have one of their own.
func (c anthropicContent) say(req *Request, role string) {
	var parts []types.Part
	for _, block := range c {
		switch block.Type {
		case "text":
			parts = append(parts, texts{block.Text}.parts()...)
		case "thinking":
			parts = append(parts, reasoningPart(block.Thinking)...)
		case "tool_use":
			parts = append(parts, callPart(block.ID, block.Name, block.Input))
		case "tool_result":
			req.say("tool", resultPart(block.ToolUseID, block.Content.joined()))
		}
	}
	req.say(role, parts...)
}

// signature stands where Anthropic proves that a thought is its own.
const signature = "bm8gbW9kZWw="

func wholeAnthropic(e *exchange) any {
	blocks := []any{}
	if e.Reasoning != "" {
		blocks = append(blocks, object{"type": "thinking", "thinking": e.Reasoning, "signature": signature})
	}
	if e.Text != "" {
		blocks = append(blocks, object{"type": "text", "text": e.Text})
	}
	for _, call := range e.ToolCalls {
		blocks = append(blocks, object{"type": "tool_use", "id": call.ID, "name": call.Name, "input": call.raw()})
	}
	return e.anthropicMessage(blocks, anthropicStop(e.FinishReason), anthropicUsage(e.Usage))
}

func (e *exchange) anthropicMessage(blocks []any, stop any, usage object) object {
	return object{
		"id": e.id("msg_"), "type": "message", "role": "assistant", "model": e.Reply.Model, "content": blocks,
		"stop_reason": stop, "stop_sequence": nil, "usage": usage,
	}
}

func anthropicStop(reason string) string {
	switch reason {
	case "stop":
		return "end_turn"
	case "tool_call":
		return "tool_use"
	case "length":
		return "max_tokens"
	case "content_filter":
		return "refusal"
	}
	return reason
}

// anthropicUsage: input_tokens are those that were neither read from the cache nor written to it.
func anthropicUsage(u types.Usage) object {
	return object{
		"input_tokens":                max(u.PromptTokens-u.CachedTokens-u.CacheWriteTokens, 0),
		"cache_read_input_tokens":     u.CachedTokens,
		"cache_creation_input_tokens": u.CacheWriteTokens,
		"output_tokens":               u.CompletionTokens,
		"service_tier":                "standard",
	}
}
