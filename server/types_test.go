package server_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/types"
)

// TestWhatTheTypesWriteIsTaken sends an event of every type as package types writes it, and reads it back the same.
func TestWhatTheTypesWriteIsTaken(t *testing.T) {
	a := newApp(t)
	cost, confidence := 0.25, 0.9
	at := time.Date(2026, 11, 22, 0, 16, 56, 123456789, time.UTC)
	fields := &types.SessionFields{Name: "n", AgentName: "a", AgentVersion: "1", UserID: "u", ConversationID: "c", ParentSessionID: "p", Input: "in", Tags: []string{"x"}}
	messages := []types.Message{{Role: "user", Parts: []types.Part{{Type: "text", Content: "hello"}}}}
	for kind, e := range map[types.EventType]types.Event{
		types.EventSessionStart:  {Session: fields},
		types.EventSessionUpdate: {Session: fields},
		types.EventSessionEnd:    {Result: &types.SessionResult{Status: types.StatusSuccess, Summary: "s", Output: "out", Metrics: map[string]float64{"m": 1.5}}},
		types.EventToolCall: {ToolCall: &types.ToolCall{
			ToolName: "search", CallID: "c1", ToolInput: map[string]any{"q": "x"}, ToolOutput: []any{"y"}, Reasoning: "r", Error: "e", Attempt: 2, Cost: &cost,
		}},
		types.EventDecision: {Decision: &types.Decision{Reasoning: "r", Alternatives: []string{"a", "b"}, Chosen: "a", Confidence: &confidence}},
		types.EventLLMCall: {LLMCall: &types.LLMCall{
			Model: "m", RequestModel: "rm", Provider: "p", Operation: "chat", ResponseID: "r", Prompt: "hi", Response: "ho", Messages: messages, OutputMessages: messages,
			ToolDefinitions: json.RawMessage(`[{"name":"search"}]`), Parameters: map[string]any{"temperature": 0.5}, PromptName: "pn", PromptVersion: "pv",
			Usage: types.Usage{PromptTokens: 1, CompletionTokens: 2, TotalTokens: 3, CachedTokens: 4, CacheWriteTokens: 5, ReasoningTokens: 6},
			Cost:  &cost, FinishReason: "stop", Attempts: 2, TimeToFirstToken: 12345 * time.Microsecond, Error: "e",
		}},
		types.EventError:    {Error: &types.ErrorEvent{ErrorType: "t", ErrorMessage: "m", StackTrace: "s", Recoverable: true, RecoveryAction: "again"}},
		types.EventStep:     {Step: &types.Step{Name: "n", Kind: "plan", Input: "i", Output: "o", Error: "e"}},
		types.EventFeedback: {Feedback: &types.Feedback{Name: "n", Score: &cost, Label: "l", Comment: "c", EventID: "e1", UserID: "u"}},
	} {
		e.ID, e.Type, e.SessionID, e.ParentID, e.Seq = "evt_"+string(kind), kind, "sess_"+string(kind), "evt_parent", 3
		e.Timestamp, e.Duration, e.Status, e.TraceID, e.SpanID, e.Metadata = at, 150250*time.Microsecond, types.StatusSuccess, "t", "s", map[string]any{"k": "v"}
		sent, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		if got := a.send(string(sent)); got.Accepted != 1 {
			t.Errorf("%s: %+v", sent, got)
			continue
		}
		var want, got types.Event
		if err := json.Unmarshal(sent, &want); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(a.get("/v1/events/"+e.ID)), &got); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"position", "received_at"} {
			if got.Extra[key] == nil {
				t.Errorf("%s lacks %s", kind, key)
			}
			delete(got.Extra, key)
		}
		if len(got.Extra) == 0 {
			got.Extra = want.Extra
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n got %+v\nwant %+v", kind, got, want)
		}
	}
}
