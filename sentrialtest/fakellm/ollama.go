package fakellm

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/sentrial/sentrial-go/types"
)

// ollama is what Ollama's wires have in common.
var ollama = &family{fail: func(_ int, message string, _ int) any { return object{"error": message} }}

// ollamaChat is POST /api/chat.
var ollamaChat = &wire{
	name: "ollama.chat", family: ollama, format: ndjson,
	read: readOllama, whole: wholeOllama, stream: streamOllama,
	broken: func(e *exchange, s *stream) { s.event("", object{"error": e.Error}) },
}

type ollamaMessage struct {
	Role, Content, Thinking string
	ToolName                string `json:"tool_name"`
	ToolCallID              string `json:"tool_call_id"`
	ToolCalls               []struct {
		ID       string
		Function struct {
			Name      string
			Arguments json.RawMessage
		}
	} `json:"tool_calls"`
}

// readOllama: who says nothing of stream wants one.
func readOllama(req *Request, _ *http.Request) error {
	body := struct {
		Model    string
		Stream   *bool
		Messages []ollamaMessage
		Tools    []openaiTool
	}{}
	if err := json.Unmarshal(req.Body, &body); err != nil {
		return err
	}
	req.Model, req.Stream = body.Model, body.Stream == nil || *body.Stream
	for _, m := range body.Messages {
		req.say(m.Role, m.parts()...)
	}
	for _, tool := range body.Tools {
		req.offer(tool.Function.Name, tool.Function.Parameters)
	}
	return nil
}

func (m ollamaMessage) parts() []types.Part {
	if m.Role == "tool" {
		return []types.Part{resultPart(m.ToolCallID, m.Content)}
	}
	parts := append(reasoningPart(m.Thinking), texts{m.Content}.parts()...)
	for _, call := range m.ToolCalls {
		parts = append(parts, callPart(call.ID, call.Function.Name, call.Function.Arguments))
	}
	return parts
}

func wholeOllama(e *exchange) any {
	message := object{"role": "assistant", "content": e.Text}
	if e.Reasoning != "" {
		message["thinking"] = e.Reasoning
	}
	if len(e.ToolCalls) > 0 {
		message["tool_calls"] = ollamaCalls(e.ToolCalls, 0)
	}
	return e.ollamaEnd(message)
}

// ollamaCalls numbers the calls from first.
func ollamaCalls(calls []ToolCall, first int) (list []any) {
	for i, call := range calls {
		list = append(list, object{"id": call.ID, "function": object{"index": first + i, "name": call.Name, "arguments": call.raw()}})
	}
	return list
}

func (e *exchange) ollamaPart(message object) object {
	return object{"model": e.Reply.Model, "created_at": e.created.UTC().Format(time.RFC3339Nano), "message": message, "done": false}
}

// ollamaEnd adds what only the last line has. Ollama ends calls of tools as any answer.
func (e *exchange) ollamaEnd(message object) object {
	last := e.ollamaPart(message)
	last["done"], last["done_reason"] = true, "stop"
	if e.FinishReason == "length" {
		last["done_reason"] = "length"
	}
	last["prompt_eval_count"], last["eval_count"] = e.Usage.PromptTokens, e.Usage.CompletionTokens
	for _, name := range []string{"total_duration", "load_duration", "prompt_eval_duration", "eval_duration"} {
		last[name] = 1_000_000 // nanoseconds
	}
	return last
}

func streamOllama(e *exchange, s *stream) {
	for _, piece := range pieces(e.Reasoning, e.Pieces) {
		s.piece("", e.ollamaPart(object{"role": "assistant", "content": "", "thinking": piece}))
	}
	for _, piece := range pieces(e.Text, e.Pieces) {
		s.piece("", e.ollamaPart(object{"role": "assistant", "content": piece}))
	}
	for i, call := range e.ToolCalls {
		s.piece("", e.ollamaPart(object{"role": "assistant", "content": "", "tool_calls": ollamaCalls([]ToolCall{call}, i)}))
	}
	s.event("", e.ollamaEnd(object{"role": "assistant", "content": ""}))
}
