package fakellm

import (
	"encoding/json"
	"net/http"
	"regexp"

	"github.com/sentrial/sentrial-go/types"
)

// openaiChat is POST /v1/chat/completions, also as compatible servers and Azure have it.
var openaiChat = &wire{
	name: "openai.chat", family: openai,
	read: readOpenAIChat, whole: wholeOpenAIChat, stream: streamOpenAIChat,
	broken: func(e *exchange, s *stream) {
		s.event("", openai.fail(http.StatusInternalServerError, e.Error, e.number))
	},
}

type openaiMessage struct {
	Role             string
	Content          texts
	ReasoningContent string `json:"reasoning_content"`
	ToolCallID       string `json:"tool_call_id"`
	ToolCalls        []struct {
		ID       string
		Function struct{ Name, Arguments string }
	} `json:"tool_calls"`
}

type openaiTool struct {
	Name       string // in the Responses API
	Parameters json.RawMessage
	Function   struct { // in chat completions
		Name       string
		Parameters json.RawMessage
	}
}

func readOpenAIChat(req *Request, r *http.Request) error {
	var body struct {
		Model    string
		Stream   bool
		Messages []openaiMessage
		Tools    []openaiTool
	}
	if err := json.Unmarshal(req.Body, &body); err != nil {
		return err
	}
	req.Model, req.Stream = body.Model, body.Stream
	if req.Model == "" {
		req.Model = azureDeployment(r.URL.Path)
	}
	for _, m := range body.Messages {
		req.say(m.Role, m.parts()...)
	}
	for _, tool := range body.Tools {
		req.offer(tool.Function.Name, tool.Function.Parameters)
	}
	return nil
}

func (m openaiMessage) parts() []types.Part {
	if m.Role == "tool" {
		return []types.Part{resultPart(m.ToolCallID, m.Content.joined())}
	}
	parts := append(reasoningPart(m.ReasoningContent), m.Content.parts()...)
	for _, call := range m.ToolCalls {
		parts = append(parts, callPart(call.ID, call.Function.Name, []byte(call.Function.Arguments)))
	}
	return parts
}

var azurePath = regexp.MustCompile(`/deployments/([^/]+)/`)

// azureDeployment is the model of a request whose body names none.
func azureDeployment(path string) string {
	if found := azurePath.FindStringSubmatch(path); found != nil {
		return found[1]
	}
	return ""
}

func wholeOpenAIChat(e *exchange) any {
	message := object{"role": "assistant", "content": nil, "refusal": nil, "annotations": []any{}}
	if e.Text != "" || len(e.ToolCalls) == 0 {
		message["content"] = e.Text
	}
	if e.Reasoning != "" {
		message["reasoning_content"] = e.Reasoning
	}
	if len(e.ToolCalls) > 0 {
		message["tool_calls"] = openaiCalls(e.ToolCalls)
	}
	choice := object{"index": 0, "message": message, "logprobs": nil, "finish_reason": openaiFinish(e.FinishReason)}
	return e.openaiCompletion("chat.completion", object{"choices": []any{choice}, "usage": openaiUsage(e.Usage)})
}

// openaiCompletion adds what every completion and chunk has.
func (e *exchange) openaiCompletion(kind string, members object) object {
	members["id"] = e.id("chatcmpl-")
	members["object"] = kind
	members["created"] = e.created.Unix()
	members["model"] = e.Reply.Model
	members["service_tier"] = "default"
	members["system_fingerprint"] = "fp_fakellm"
	return members
}

func openaiCalls(calls []ToolCall) (list []any) {
	for _, call := range calls {
		list = append(list, object{"id": call.ID, "type": "function", "function": object{"name": call.Name, "arguments": call.arguments()}})
	}
	return list
}

func openaiUsage(u types.Usage) object {
	return object{
		"prompt_tokens": u.PromptTokens, "completion_tokens": u.CompletionTokens, "total_tokens": u.TotalTokens,
		"prompt_tokens_details": object{"cached_tokens": u.CachedTokens, "audio_tokens": 0},
		"completion_tokens_details": object{
			"reasoning_tokens": u.ReasoningTokens, "audio_tokens": 0, "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0,
		},
	}
}
