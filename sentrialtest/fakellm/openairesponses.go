package fakellm

import (
	"bytes"
	"encoding/json"
	"net/http"

	"github.com/sentrial/sentrial-go/types"
)

// openaiResponses is POST /v1/responses.
var openaiResponses = &wire{
	name: "openai.responses", family: openai,
	read: readResponses, whole: wholeResponses, stream: streamResponses, broken: brokenResponses,
}

// responsesItem is a member of input: a message, a call, a result or reasoning.
type responsesItem struct {
	Type, Role, Name, Arguments string
	CallID                      string `json:"call_id"`
	Content, Output, Summary    texts
}

func readResponses(req *Request, _ *http.Request) error {
	var body struct {
		Model        string
		Stream       bool
		Instructions string
		Input        json.RawMessage
		Tools        []openaiTool
	}
	if err := json.Unmarshal(req.Body, &body); err != nil {
		return err
	}
	req.Model, req.Stream = body.Model, body.Stream
	req.say("system", texts{body.Instructions}.parts()...)
	for _, tool := range body.Tools {
		req.offer(tool.Name, tool.Parameters)
	}
	return readResponsesInput(req, body.Input)
}

func readResponsesInput(req *Request, input json.RawMessage) error {
	if input = bytes.TrimSpace(input); len(input) == 0 || input[0] != '[' {
		var text texts
		if len(input) == 0 {
			return nil
		}
		err := json.Unmarshal(input, &text)
		req.say("user", text.parts()...)
		return err
	}
	var items []responsesItem
	if err := json.Unmarshal(input, &items); err != nil {
		return err
	}
	for _, item := range items {
		item.say(req)
	}
	return nil
}

// say adds the item to the conversation. Reasoning and calls that follow each other are one message, as they were one answer.
func (i responsesItem) say(req *Request) {
	switch i.Type {
	case "", "message":
		req.say(i.Role, i.Content.parts()...)
	case "function_call":
		req.join("assistant", callPart(i.CallID, i.Name, []byte(i.Arguments)))
	case "function_call_output":
		req.say("tool", resultPart(i.CallID, i.Output.joined()))
	case "reasoning":
		req.join("assistant", reasoningPart(i.Summary.joined())...)
	}
}

// join adds the parts to the last message if it has the role.
func (r *Request) join(role string, parts ...types.Part) {
	if last := len(r.Messages) - 1; last >= 0 && r.Messages[last].Role == role {
		r.Messages[last].Parts = append(r.Messages[last].Parts, parts...)
		return
	}
	r.say(role, parts...)
}

func wholeResponses(e *exchange) any { return e.response(e.responsesStatus(), e.responsesItems()) }

// response is the object that also begins and ends a stream; one that is in progress has no usage.
func (e *exchange) response(status string, items []any) object {
	members := object{
		"id": e.id("resp_"), "object": "response", "created_at": e.created.Unix(), "status": status, "model": e.Reply.Model, "output": items,
		"error": nil, "incomplete_details": nil, "instructions": nil, "metadata": object{}, "parallel_tool_calls": true, "previous_response_id": nil,
		"temperature": 1.0, "top_p": 1.0, "tool_choice": "auto", "tools": []any{}, "text": object{"format": object{"type": "text"}}, "truncation": "disabled",
		"usage": nil,
	}
	if status == "incomplete" {
		members["incomplete_details"] = object{"reason": e.incompleteReason()}
	}
	if status != "in_progress" && status != "failed" {
		members["usage"] = responsesUsage(e.Usage)
	}
	return members
}

func (e *exchange) responsesStatus() string {
	if e.incompleteReason() != "" {
		return "incomplete"
	}
	return "completed"
}

func (e *exchange) incompleteReason() string {
	switch e.FinishReason {
	case "length":
		return "max_output_tokens"
	case "content_filter":
		return "content_filter"
	}
	return ""
}

func responsesUsage(u types.Usage) object {
	return object{
		"input_tokens": u.PromptTokens, "input_tokens_details": object{"cached_tokens": u.CachedTokens},
		"output_tokens": u.CompletionTokens, "output_tokens_details": object{"reasoning_tokens": u.ReasoningTokens},
		"total_tokens": u.TotalTokens,
	}
}
