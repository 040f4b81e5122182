package types_test

import (
	"encoding/json"
	"time"

	"github.com/sentrial/sentrial-go/types"
)

var knownTypes = []types.EventType{
	types.EventSessionStart, types.EventSessionUpdate, types.EventSessionEnd, types.EventToolCall, types.EventDecision,
	types.EventLLMCall, types.EventError, types.EventStep, types.EventFeedback,
}

var sampleTime = time.Date(2026, 11, 22, 0, 16, 56, 123456789, time.UTC)

const sampleDuration = 150250 * time.Microsecond

func ptr[T any](v T) *T { return &v }

// envelope gives an event with every envelope field set.
func envelope(eventType types.EventType) types.Event {
	return types.Event{
		ID: "evt_1", Type: eventType, SessionID: "sess_1", ParentID: "evt_0", Seq: 7,
		Timestamp: sampleTime, Duration: sampleDuration, Status: types.StatusSuccess,
		TraceID: "4bf92f3577b34da6a3ce929d0e0e4736", SpanID: "00f067aa0ba902b7",
		Metadata: map[string]any{"region": "eu", "shard": 3.0},
	}
}

// goldenEvents gives the events of testdata by file name: per type one with everything set and one with the least.
func goldenEvents() map[string]types.Event {
	events := map[string]types.Event{}
	for _, e := range []types.Event{
		fullSessionStart(), fullSessionUpdate(), fullSessionEnd(), fullToolCall(), fullDecision(), fullLLMCall(), fullError(), fullStep(), fullFeedback(),
	} {
		e.Extra = map[string]json.RawMessage{"x_vendor": json.RawMessage(`{"a":[1,2.50,null]}`)}
		events[string(e.Type)] = e
	}
	for _, e := range []types.Event{
		{Type: types.EventSessionStart, Session: &types.SessionFields{}},
		{Type: types.EventSessionUpdate, Session: &types.SessionFields{}},
		{Type: types.EventSessionEnd, Result: &types.SessionResult{}},
		{Type: types.EventToolCall, ToolCall: &types.ToolCall{}},
		{Type: types.EventDecision, Decision: &types.Decision{}},
		{Type: types.EventLLMCall, LLMCall: &types.LLMCall{}},
		{Type: types.EventError, Error: &types.ErrorEvent{}},
		{Type: types.EventStep, Step: &types.Step{}},
		{Type: types.EventFeedback, Feedback: &types.Feedback{}},
	} {
		e.ID, e.SessionID = "evt_1", "sess_1"
		events[string(e.Type)+".minimal"] = e
	}
	return events
}

func fullSessionStart() types.Event {
	e := envelope(types.EventSessionStart)
	e.Session = &types.SessionFields{
		Name: "refund", AgentName: "support", AgentVersion: "1.4", UserID: "u-9", ConversationID: "c-2", ParentSessionID: "sess_0",
		Input: map[string]any{"question": "Where is <my> order & refund?"}, Tags: []string{"eu", "vip"},
	}
	return e
}

func fullSessionUpdate() types.Event {
	e := fullSessionStart()
	e.Type = types.EventSessionUpdate
	e.Session.Input = "Where is it?"
	return e
}

func fullSessionEnd() types.Event {
	e := envelope(types.EventSessionEnd)
	e.Status = types.StatusCancelled
	e.Result = &types.SessionResult{
		Status: types.StatusCancelled, Summary: "user left", Output: []any{"a", 1.5, nil, true},
		Metrics: map[string]float64{"steps": 4, "score": 0.25},
	}
	return e
}

func fullToolCall() types.Event {
	e := envelope(types.EventToolCall)
	e.ToolCall = &types.ToolCall{
		ToolName: "find_order", CallID: "call_7", ToolInput: map[string]any{"order": json.Number("9007199254740993"), "deep": []any{0.1}},
		ToolOutput: "shipped", Reasoning: "the user names an order", Status: types.StatusSuccess, Error: "one warning", Attempt: 2,
		StartTime: sampleTime, Duration: sampleDuration, Cost: ptr(0.0), Metadata: e.Metadata,
	}
	return e
}

func fullDecision() types.Event {
	e := envelope(types.EventDecision)
	e.Decision = &types.Decision{
		Reasoning: "cheapest", Alternatives: []string{"refund", "replace"}, Chosen: "refund", Confidence: ptr(0.0),
		StartTime: sampleTime, Metadata: e.Metadata,
	}
	return e
}

func fullLLMCall() types.Event {
	e := envelope(types.EventLLMCall)
	e.LLMCall = &types.LLMCall{
		Model: "m-large-0801", RequestModel: "m-large", Provider: "openai", Operation: "chat", ResponseID: "resp_3",
		Prompt: "Where?", Response: "Here.",
		Messages: []types.Message{
			{Role: "system", Parts: []types.Part{{Type: types.PartText, Content: "Be brief."}}},
			{Role: "tool", Name: "find_order", Parts: []types.Part{{Type: types.PartToolCallResponse, ID: "call_7", Response: map[string]any{"at": "depot"}}}},
			{Role: "user", Parts: []types.Part{{Type: "blob", Raw: json.RawMessage(`{"type":"blob","modality":"image","content":"aGk="}`)}}},
		},
		OutputMessages: []types.Message{{Role: "assistant", FinishReason: "tool_call", Parts: []types.Part{
			{Type: types.PartReasoning, Content: "look it up"},
			{Type: types.PartToolCall, ID: "call_7", Name: "find_order", Arguments: map[string]any{"order": 12.0}},
		}}},
		ToolDefinitions: json.RawMessage(`[{"type":"function","name":"find_order"}]`),
		Parameters:      map[string]any{"temperature": 0.2, "max_tokens": 100.0}, PromptName: "support", PromptVersion: "3",
		Usage: types.Usage{
			PromptTokens: 78, CompletionTokens: 21, TotalTokens: 99, CachedTokens: 64, CacheWriteTokens: 8, ReasoningTokens: 5,
		},
		Cost: ptr(0.000123), FinishReason: "tool_call", Attempts: 2, StartTime: sampleTime, Duration: sampleDuration,
		TimeToFirstToken: 42001 * time.Microsecond, Status: types.StatusSuccess, Error: "first try timed out", Metadata: e.Metadata,
	}
	return e
}

func fullError() types.Event {
	e := envelope(types.EventError)
	e.Error = &types.ErrorEvent{
		ErrorType: "*fs.PathError", ErrorMessage: "open a.txt: no such file", StackTrace: "main.go:1\nmain.go:2", Recoverable: true,
		RecoveryAction: "listed the directory", StartTime: sampleTime, Metadata: e.Metadata,
	}
	return e
}

func fullStep() types.Event {
	e := envelope(types.EventStep)
	e.Step = &types.Step{
		Name: "plan", Kind: "plan", Input: "goal", Output: []any{"a", "b"}, Status: types.StatusSuccess, Error: "none to speak of",
		StartTime: sampleTime, Duration: sampleDuration, Metadata: e.Metadata,
	}
	return e
}

func fullFeedback() types.Event {
	e := envelope(types.EventFeedback)
	e.Feedback = &types.Feedback{
		Name: "helpful", Score: ptr(0.0), Label: "thumbs_down", Comment: "wrong order", EventID: "evt_0", UserID: "u-9", Metadata: e.Metadata,
	}
	return e
}

func goldenSessions() map[string]types.Session {
	return map[string]types.Session{
		"session": {
			ID: "sess_1", Name: "refund", AgentName: "support", AgentVersion: "1.4", UserID: "u-9", ConversationID: "c-2",
			ParentSessionID: "sess_0", ProjectID: "default", Status: types.StatusSuccess, Summary: "refunded",
			Input: "Where is it?", Output: map[string]any{"amount": 12.5}, Tags: []string{"eu"}, Metrics: map[string]float64{"steps": 4},
			CreatedAt: sampleTime, ClosedAt: ptr(sampleTime.Add(time.Second)), Metadata: map[string]any{"region": "eu"}, Events: 12, Errors: 1,
			Usage: types.Usage{
				PromptTokens: 78, CompletionTokens: 21, TotalTokens: 99, CachedTokens: 64, CacheWriteTokens: 8, ReasoningTokens: 5,
			},
			Cost: ptr(0.0),
		},
		"session.minimal": {ID: "sess_1", Status: types.StatusActive, CreatedAt: sampleTime},
	}
}
