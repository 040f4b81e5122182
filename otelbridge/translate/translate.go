// Package translate makes events of Sentrial's of what package genai found in spans. It is what the bridge in a program and the OTLP routes of a server share.
package translate

import (
	"encoding/json"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/types"
)

// memberAttributes is the member of an event that holds the attributes nobody knows. It is none of metadata, because they may well be what somebody said, and
// what withholds content withholds them so.
const memberAttributes = "attributes"

// Event gives the same event in the form that travels. Values of Go's that JSON has no form for are marked in place.
func Event(e genai.Event) types.Event {
	out := types.Event{
		ID: e.ID, Type: types.EventType(e.Type), SessionID: e.SessionID, ParentID: e.ParentID,
		Timestamp: e.Time, Duration: e.Duration, Status: types.Status(e.Status), Metadata: e.Metadata,
	}
	if !e.TraceID.IsZero() {
		out.TraceID = e.TraceID.String()
	}
	if !e.SpanID.IsZero() {
		out.SpanID = e.SpanID.String()
	}
	if e.Fields != nil {
		if whole, err := ofFields(out, e.Fields); err == nil {
			return whole
		}
	}
	payload(&out, &e)
	if len(e.Attributes) > 0 {
		keep(&out, memberAttributes, e.Attributes)
	}
	return out
}

// Events is Event for each.
func Events(list []genai.Event) []types.Event {
	out := make([]types.Event, len(list))
	for i := range list {
		out[i] = Event(list[i])
	}
	return out
}

func payload(out *types.Event, e *genai.Event) {
	switch {
	case e.LLMCall != nil:
		out.LLMCall = llmCall(e.LLMCall)
		out.LLMCall.Error = e.Error
	case e.ToolCall != nil:
		t := e.ToolCall
		out.ToolCall = &types.ToolCall{ToolName: t.Name, CallID: t.CallID, ToolInput: t.Input, ToolOutput: t.Output, Reasoning: t.Reasoning, Error: e.Error}
	case e.Decision != nil:
		d := e.Decision
		out.Decision = &types.Decision{Reasoning: d.Reasoning, Chosen: d.Chosen, Alternatives: d.Alternatives, Confidence: d.Confidence}
	case e.Step != nil:
		out.Step = &types.Step{Name: e.Step.Name, Kind: e.Step.Kind, Input: e.Step.Input, Output: e.Step.Output, Error: e.Error}
	case e.Feedback != nil:
		f := e.Feedback
		out.Feedback = &types.Feedback{Name: f.Name, Score: f.Score, Label: f.Label, Comment: f.Comment, EventID: f.EventID}
	case e.Failure != nil:
		out.Error = &types.ErrorEvent{ErrorType: e.Failure.Type, ErrorMessage: e.Failure.Message, StackTrace: e.Failure.Stack}
	case e.Session != nil:
		s := e.Session
		out.Session = &types.SessionFields{
			Name: s.Name, AgentName: s.AgentName, AgentVersion: s.AgentVersion, UserID: s.UserID, ConversationID: s.ConversationID, Input: s.Input, Tags: s.Tags,
		}
	case e.Result != nil:
		out.Result = &types.SessionResult{Status: types.Status(e.Result.Status), Summary: e.Result.Summary, Output: e.Result.Output}
	case e.Into != "":
		keep(out, "into", e.Into)
	}
}

func keep(out *types.Event, name string, v any) {
	if out.Extra == nil {
		out.Extra = make(map[string]json.RawMessage, 1)
	}
	out.Extra[name] = jsonenc.Append(nil, v)
}

func llmCall(c *genai.LLMCall) *types.LLMCall {
	return &types.LLMCall{
		Model: c.Model, RequestModel: c.RequestModel, Provider: c.Provider, Operation: c.Operation, ResponseID: c.ResponseID,
		Messages: messages(c.Messages), OutputMessages: messages(c.OutputMessages), ToolDefinitions: c.ToolDefinitions, Parameters: c.Parameters,
		PromptName: c.PromptName, PromptVersion: c.PromptVersion, Cost: c.Cost, FinishReason: c.FinishReason, TimeToFirstToken: c.TimeToFirstToken,
		Usage: types.Usage{
			PromptTokens: c.Usage.Input, CompletionTokens: c.Usage.Output, TotalTokens: c.Usage.Total,
			CachedTokens: c.Usage.CacheRead, CacheWriteTokens: c.Usage.CacheWrite, ReasoningTokens: c.Usage.Reasoning,
		},
	}
}

// messages has the parts of all messages side by side.
func messages(list []genai.Message) []types.Message {
	if len(list) == 0 {
		return nil
	}
	n := 0
	for i := range list {
		n += len(list[i].Parts)
	}
	out, room := make([]types.Message, len(list)), make([]types.Part, 0, n)
	for i := range list {
		m, from := &list[i], len(room)
		for j := range m.Parts {
			room = append(room, types.Part(m.Parts[j]))
		}
		out[i] = types.Message{Role: m.Role, Name: m.Name, FinishReason: m.FinishReason}
		if len(m.Parts) > 0 {
			out[i].Parts = room[from:len(room):len(room)]
		}
	}
	return out
}
