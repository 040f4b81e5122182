package e2e_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// TestBothWiresLeaveTheSameSession: what the SDK records over the hosted wire reads like what it records over the batch wire, fields that this version does not
// know and odd metadata included.
func TestBothWiresLeaveTheSameSession(t *testing.T) {
	to := serve(t)
	read := map[sentrial.Protocol][]any{}
	for protocol, project := range map[sentrial.Protocol]string{sentrial.ProtocolBatch: "p-batch", sentrial.ProtocolHosted: "p-hosted"} {
		client := wireClient(t, to.url, project, protocol)
		for _, e := range everything() {
			if client.Record(t.Context(), e) == "" {
				t.Fatalf("%s was not accepted", e.ID)
			}
		}
		if err := client.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		session := getFrom(t, to.url, project, "/v1/sessions/sess_1")
		events := getFrom(t, to.url, project, "/v1/sessions/sess_1/events")["data"].([]any)
		read[protocol] = append(read[protocol], withoutServers(session))
		for _, e := range events {
			read[protocol] = append(read[protocol], withoutServers(e.(map[string]any)))
		}
	}
	batch, hosted := read[sentrial.ProtocolBatch], read[sentrial.ProtocolHosted]
	if len(batch) != 1+len(everything()) || len(hosted) != len(batch) {
		t.Fatalf("%d and %d events, want %d", len(batch)-1, len(hosted)-1, len(everything()))
	}
	for i := range batch {
		if !reflect.DeepEqual(batch[i], hosted[i]) {
			t.Errorf("batch  %v\nhosted %v", text(t, batch[i]), text(t, hosted[i]))
		}
	}
}

// wireClient is a client of one project that speaks one wire.
func wireClient(t *testing.T, url, project string, protocol sentrial.Protocol) *sentrial.Client {
	t.Helper()
	client, err := sentrial.New(
		sentrial.WithAPIURL(url), sentrial.WithProjectID(project), sentrial.WithProtocol(protocol), sentrial.WithLogger(slog.New(slog.DiscardHandler)),
	)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// withoutServers leaves out what the server adds, and says of the time of arrival.
func withoutServers(m map[string]any) map[string]any {
	for _, name := range []string{"position", "received_at", "last_received_at", "client_id", "project_id"} {
		delete(m, name)
	}
	return m
}

// getFrom reads JSON of a project.
func getFrom(t *testing.T, url, project, path string) (m map[string]any) {
	t.Helper()
	m, status := sendTo(t, http.MethodGet, url+path, project, "")
	if status != http.StatusOK {
		t.Fatalf("GET %s: %d %v", path, status, m)
	}
	return m
}

// sendTo makes a request as any program would.
func sendTo(t *testing.T, method, url, project, body string) (m map[string]any, status int) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Sentrial-Project", project)
	reply, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	raw, err := io.ReadAll(reply.Body)
	if err == nil {
		err = json.Unmarshal(raw, &m)
	}
	if err != nil {
		t.Fatalf("%s %s: %v in %s", method, url, err, raw)
	}
	return m, reply.StatusCode
}

// everything is a session with every type of event, with all that they can hold, with little, and with what is easily mistaken.
func everything() (events []types.Event) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 678, time.UTC)
	extra := map[string]json.RawMessage{"x_vendor": json.RawMessage(`{"a":[1,2.50,null]}`)}
	metadata := map[string]any{"region": "eu", "shard": 3.0}
	add := func(e types.Event) {
		e.ID, e.SessionID, e.Seq = fmt.Sprintf("evt_%d", len(events)), "sess_1", int64(len(events)+1)
		e.Timestamp = at.Add(time.Duration(len(events)) * time.Second)
		if len(events) > 0 && e.Result == nil {
			e.ParentID = "evt_0"
		}
		events = append(events, e)
	}
	score, none := 0.25, 0.0
	add(types.Event{Type: types.EventSessionStart, Metadata: metadata, Session: &types.SessionFields{
		Name: "refund", AgentName: "support", AgentVersion: "1.4", UserID: "u-9", ConversationID: "c-2", ParentSessionID: "sess_0",
		Input: map[string]any{"question": "Where is <my> order?"}, Tags: []string{"eu", "vip"},
	}})
	for _, status := range []types.Status{types.StatusSuccess, types.StatusError, types.StatusCancelled, types.StatusUnknown} {
		for _, failure := range []string{"", "no such order"} {
			add(types.Event{Type: types.EventToolCall, Status: status, ToolCall: &types.ToolCall{ToolName: "find", Error: failure}})
			add(types.Event{Type: types.EventLLMCall, Status: status, LLMCall: &types.LLMCall{Model: "m", Error: failure}})
			add(types.Event{Type: types.EventStep, Status: status, Step: &types.Step{Error: failure}})
		}
	}
	add(types.Event{
		Type: types.EventToolCall, Status: types.StatusSuccess, Duration: 150250 * time.Microsecond, TraceID: "4bf92f3577b34da6a3ce929d0e0e4736", SpanID: "00f067aa0ba902b7",
		Metadata: metadata, Extra: extra, ToolCall: &types.ToolCall{
			ToolName: "find_order", CallID: "call_7", ToolInput: map[string]any{"id": 7.0}, ToolOutput: "at the depot", Reasoning: "asked for", Attempt: 2, Cost: &score,
		},
	})
	for _, input := range []any{"text", 7.0, []any{1.0, nil}, true, map[string]any{"value": 1.0}, map[string]any{"value": map[string]any{"value": nil}}, map[string]any{}} {
		add(types.Event{Type: types.EventToolCall, Status: types.StatusSuccess, ToolCall: &types.ToolCall{ToolName: "x", ToolInput: input, ToolOutput: input}})
		add(types.Event{Type: types.EventStep, Status: types.StatusSuccess, Step: &types.Step{Name: "n", Kind: "plan", Input: input, Output: input}})
	}
	add(types.Event{Type: types.EventLLMCall, Status: types.StatusSuccess, Metadata: metadata, Extra: extra, LLMCall: &types.LLMCall{
		Model: "m-large-0801", RequestModel: "m-large", Provider: "openai", Operation: "chat", ResponseID: "resp_3", Prompt: "Where?", Response: "Here.",
		Messages:        []types.Message{{Role: "user", Parts: []types.Part{{Type: "text", Content: "Where?"}}}},
		OutputMessages:  []types.Message{{Role: "assistant", Parts: []types.Part{{Type: "text", Content: "Here."}}, FinishReason: "stop"}},
		ToolDefinitions: json.RawMessage(`[{"name":"find_order"}]`), Parameters: map[string]any{"temperature": 0.2}, PromptName: "support", PromptVersion: "3",
		Usage: types.Usage{PromptTokens: 78, CompletionTokens: 21, TotalTokens: 99, CachedTokens: 64, CacheWriteTokens: 8, ReasoningTokens: 5}, Cost: &score,
		FinishReason: "stop", Attempts: 2, TimeToFirstToken: 42001 * time.Microsecond,
	}})
	add(types.Event{Type: types.EventLLMCall, Status: types.StatusSuccess, LLMCall: &types.LLMCall{Model: "a:b", Provider: "c:d", Prompt: "p", Usage: types.Usage{PromptTokens: 3}}})
	add(types.Event{Type: types.EventLLMCall, Status: types.StatusSuccess, LLMCall: &types.LLMCall{Response: "r", Usage: types.Usage{TotalTokens: 9}, Cost: &none}})
	add(types.Event{Type: types.EventDecision, Metadata: metadata, Extra: extra, Decision: &types.Decision{Reasoning: "r", Alternatives: []string{"a", "b"}, Chosen: "a", Confidence: &none}})
	add(types.Event{Type: types.EventDecision, Status: types.StatusSuccess, Decision: &types.Decision{Reasoning: "with a status"}})
	add(types.Event{Type: types.EventError, Metadata: metadata, Extra: extra, Error: &types.ErrorEvent{ErrorType: "T", ErrorMessage: "m", StackTrace: "at x", Recoverable: true, RecoveryAction: "again"}})
	add(types.Event{Type: types.EventError, Error: &types.ErrorEvent{ErrorMessage: "m"}})
	add(types.Event{Type: types.EventFeedback, Metadata: metadata, Extra: extra, Feedback: &types.Feedback{Name: "helpful", Score: &none, Label: "down", Comment: "wrong", EventID: "evt_0", UserID: "u-9"}})
	add(types.Event{Type: types.EventSessionUpdate, Metadata: map[string]any{"shard": 4.0}, Session: &types.SessionFields{UserID: "u-10", Tags: []string{"us"}}})
	add(types.Event{Type: "x_own", Raw: json.RawMessage(`{"type":"x_own","a":1,"b":{"seq":2}}`)})
	// The user's own metadata has every name that the SDK uses there.
	own := map[string]any{}
	for name := range strings.FieldsSeq("event_id session_id parent_id seq timestamp duration_ms status event_type trace_id span_id name kind chosen call_id attempt " +
		"recoverable recovery_action prompt output_messages cached_tokens finish_reason summary output input tags value sentrial_seq") {
		own[name] = "mine"
	}
	add(types.Event{Type: types.EventToolCall, Status: types.StatusSuccess, Metadata: own, ToolCall: &types.ToolCall{ToolName: "x"}})
	add(types.Event{Type: types.EventLLMCall, Status: types.StatusSuccess, Metadata: own, LLMCall: &types.LLMCall{Model: "m"}})
	add(types.Event{Type: types.EventDecision, Metadata: own, Decision: &types.Decision{Chosen: "a"}})
	add(types.Event{Type: types.EventDecision, Metadata: own, Decision: &types.Decision{}})
	add(types.Event{Type: types.EventStep, Status: types.StatusSuccess, Metadata: own, Step: &types.Step{}})
	add(types.Event{Type: types.EventError, Metadata: own, Error: &types.ErrorEvent{}})
	add(types.Event{Type: types.EventFeedback, Metadata: own, Feedback: &types.Feedback{Name: "n"}})
	add(types.Event{Type: types.EventSessionEnd, Status: types.StatusCancelled, Metadata: metadata, Result: &types.SessionResult{
		Summary: "user left", Output: []any{"a", 1.5}, Metrics: map[string]float64{"score": 0.25},
	}})
	return events
}

// plainProgram is what a program does that was written for the hosted API with plain HTTP: it knows no more than the API's documentation.
func plainProgram(t *testing.T, url, project string) (session string) {
	t.Helper()
	call := func(method, path, body string) map[string]any {
		m, status := sendTo(t, method, url+"/api/sdk/"+path, project, body)
		if status != http.StatusOK {
			t.Fatalf("%s %s: %d %v", method, path, status, m)
		}
		return m
	}
	session = call(http.MethodPost, "sessions", `{"name":"Reset","agentName":"support","userId":"user_123","metadata":{"environment":"production"}}`)["id"].(string)
	for _, event := range []string{
		`"eventType":"tool_call","toolName":"search_kb","toolInput":{"query":"reset"},"toolOutput":{"articles":["KB-1"]},"reasoning":"asked","estimatedCost":0.001,"metadata":{"shard":3}`,
		`"eventType":"tool_call","toolName":"search_faq","toolInput":{"query":"reset"},"toolError":{"message":"timeout"}`,
		`"eventType":"tool_call","toolName":"llm:openai:gpt-4o","toolInput":{"messages":[{"role":"user","content":"Hi?"}],"model":"gpt-4o","provider":"openai"},
		 "toolOutput":{"content":"Ho.","tokens":{"prompt":100,"completion":50,"total":150},"cost_usd":0.005},"estimatedCost":0.005,"tokenCount":150`,
		`"eventType":"llm_decision","reasoning":"no luck","alternativesConsidered":["again","escalate"],"confidence":0.85,"metadata":{"chosen":"escalate"}`,
		`"eventType":"error","toolError":{"message":"timed out","type":"APIError","stack_trace":"at x"},"metadata":{"recoverable":true,"recovery_action":"retry"}`,
		`"eventType":"state_change","stateBefore":{"tier":1},"stateAfter":{"tier":2},"metadata":{"name":"tier","kind":"plan"}`,
	} {
		call(http.MethodPost, "events", `{"sessionId":"`+session+`",`+event+`}`)
	}
	call(http.MethodPatch, "sessions/"+session, `{"status":"completed","success":true,"estimatedCost":0.006,"promptTokens":100,"completionTokens":50,"totalTokens":150,
		"customMetrics":{"satisfaction":0.9},"userInput":"I forgot it","assistantOutput":"Here you go"}`)
	return session
}

// sdkProgram is the same agent with the SDK.
func sdkProgram(t *testing.T, client *sentrial.Client) (session string) {
	t.Helper()
	ctx, s := client.CreateSession(t.Context(), "Reset", sentrial.WithAgentName("support"), sentrial.WithUserID("user_123"), sentrial.WithInput("I forgot it"),
		sentrial.WithMetadata(map[string]any{"environment": "production"}))
	s.TrackToolCall(ctx, types.ToolCall{
		ToolName: "search_kb", ToolInput: map[string]any{"query": "reset"}, ToolOutput: map[string]any{"articles": []string{"KB-1"}}, Reasoning: "asked",
		Cost: new(0.001), Metadata: map[string]any{"shard": 3},
	})
	s.TrackToolCall(ctx, types.ToolCall{ToolName: "search_faq", ToolInput: map[string]any{"query": "reset"}, Error: "timeout"})
	s.TrackLLMCall(ctx, types.LLMCall{
		Provider: "openai", Model: "gpt-4o", Prompt: "Hi?", Response: "Ho.", Usage: types.Usage{PromptTokens: 100, CompletionTokens: 50, TotalTokens: 150}, Cost: new(0.005),
	})
	s.TrackDecision(ctx, types.Decision{Reasoning: "no luck", Alternatives: []string{"again", "escalate"}, Chosen: "escalate", Confidence: new(0.85)})
	s.TrackError(ctx, types.ErrorEvent{ErrorType: "APIError", ErrorMessage: "timed out", StackTrace: "at x", Recoverable: true, RecoveryAction: "retry"})
	s.TrackStep(ctx, types.Step{Name: "tier", Kind: "plan", Input: map[string]any{"tier": 1}, Output: map[string]any{"tier": 2}})
	s.Close(ctx, types.SessionResult{Output: "Here you go", Metrics: map[string]float64{"satisfaction": 0.9}})
	if err := client.Close(ctx); err != nil {
		t.Fatal(err)
	}
	return s.ID()
}

// TestPlainHTTPAndSDKLeaveTheSameSession but for ids and times, and the order within a client, which plain HTTP has no words for.
func TestPlainHTTPAndSDKLeaveTheSameSession(t *testing.T) {
	to := serve(t)
	plain := plainProgram(t, to.url, "p-plain")
	ours := sdkProgram(t, wireClient(t, to.url, "p-sdk", sentrial.ProtocolHosted))
	for _, path := range []string{"", "/events"} {
		a, b := getFrom(t, to.url, "p-plain", "/v1/sessions/"+plain+path), getFrom(t, to.url, "p-sdk", "/v1/sessions/"+ours+path)
		if a, b := text(t, timeless(a)), text(t, timeless(b)); a != b {
			t.Errorf("plain HTTP %s\nthe SDK    %s", a, b)
		}
	}
}

// timeless leaves out ids, times and places.
func timeless(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = timeless(v[i])
		}
	case map[string]any:
		for _, name := range []string{"id", "session_id", "timestamp", "created_at", "closed_at", "seq"} {
			delete(v, name)
		}
		if v["type"] == "session_start" || v["type"] == "session_end" { // what one tells at the beginning the other tells at the end
			for _, name := range []string{"input", "cost", "prompt_tokens", "completion_tokens", "tokens_used"} {
				delete(v, name)
			}
		}
		for name := range withoutServers(v) {
			v[name] = timeless(v[name])
		}
	}
	return v
}

// TestLargeSessionsOverTheHostedWire: an input and an output that are large together cost neither the end of the session nor, by the long reply, anything else.
func TestLargeSessionsOverTheHostedWire(t *testing.T) {
	to := serve(t)
	question, answer := strings.Repeat("question ", 70_000), strings.Repeat("answer ", 90_000)
	first := wireClient(t, to.url, "p", sentrial.ProtocolHosted)
	ctx, s := first.CreateSession(t.Context(), "n", sentrial.WithInput(question))
	s.Close(ctx, types.SessionResult{Output: answer})
	first.CreateSession(ctx, "n", sentrial.WithSessionID("mine"), sentrial.WithInput(question))
	if err := first.Close(ctx); err != nil {
		t.Error(err)
	}
	second := wireClient(t, to.url, "p", sentrial.ProtocolHosted) // it does not know the input, which the reply has all the same
	second.Session("mine").Close(ctx, types.SessionResult{Output: answer})
	if err := second.Close(ctx); err != nil {
		t.Error(err)
	}
	for _, id := range []string{s.ID(), "mine"} {
		if got := getFrom(t, to.url, "p", "/v1/sessions/"+id); got["input"] != question || got["output"] != answer || got["status"] != "success" {
			t.Errorf("%s: input of %d, output of %d characters, %v", id, len(fmt.Sprint(got["input"])), len(fmt.Sprint(got["output"])), got["status"])
		}
	}
}
