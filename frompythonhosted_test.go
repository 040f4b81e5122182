package sentrial_test

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

const (
	hostedSessions = "POST /api/sdk/sessions"
	hostedEnd      = "PATCH /api/sdk/sessions/{id}"
	hostedEvents   = "POST /api/sdk/events"
)

// hostedClaims are what docs/from-python.md says of the hosted wire: which field of which request has what was recorded in recordForHosted. An empty value is any.
var hostedClaims = []struct{ route, request, path, value string }{
	{hostedSessions, "session", "name", `"Late order"`},
	{hostedSessions, "session", "agentName", `"support"`},
	{hostedSessions, "session", "userId", `"user_123"`},
	{hostedSessions, "session", "metadata.tier", `"gold"`},
	{hostedSessions, "session", "metadata.input", `"Where is my order?"`},
	{hostedSessions, "session", "metadata.tags", `["eu"]`},
	{hostedSessions, "session", "metadata.session_id", `"sess_ours"`},
	{hostedSessions, "unnamed", "name", `"session"`},
	{hostedSessions, "unnamed", "agentName", `"session"`},
	{hostedSessions, "unnamed", "userId", `"anonymous"`},
	{hostedEvents, "tool", "sessionId", `"srv_1"`},
	{hostedEvents, "tool", "eventType", `"tool_call"`},
	{hostedEvents, "tool", "toolName", `"find_order"`},
	{hostedEvents, "tool", "toolInput", `{"customer":"user_123"}`},
	{hostedEvents, "tool", "toolOutput", `{"value":["A-17"]}`},
	{hostedEvents, "tool", "toolError.message", `"one of two"`},
	{hostedEvents, "tool", "reasoning", `"No order is named"`},
	{hostedEvents, "tool", "metadata", ``},
	{hostedEvents, "tool", "metadata.duration_ms", `150`},
	{hostedEvents, "tool", "traceId", `"01000000000000000000000000000000"`},
	{hostedEvents, "tool", "spanId", `"0200000000000000"`},
	{hostedEvents, "llm", "eventType", `"tool_call"`},
	{hostedEvents, "llm", "toolName", `"llm:openai:gpt-4o"`},
	{hostedEvents, "llm", "toolInput.model", `"gpt-4o"`},
	{hostedEvents, "llm", "toolOutput.content", `"On Friday."`},
	{hostedEvents, "llm", "estimatedCost", `0.005`},
	{hostedEvents, "llm", "tokenCount", `250`},
	{hostedEvents, "decision", "eventType", `"llm_decision"`},
	{hostedEvents, "decision", "reasoning", `"Two orders match"`},
	{hostedEvents, "decision", "alternativesConsidered", `["Ask","Guess"]`},
	{hostedEvents, "decision", "confidence", `0.85`},
	{hostedEvents, "decision", "metadata.chosen", `"Ask"`},
	{hostedEvents, "error", "eventType", `"error"`},
	{hostedEvents, "error", "toolError.message", `"no answer"`},
	{hostedEvents, "error", "toolError.type", `"APIError"`},
	{hostedEvents, "error", "toolError.stack_trace", `"main.go:1"`},
	{hostedEvents, "error", "metadata.recoverable", `true`},
	{hostedEvents, "error", "metadata.recovery_action", `"use the cache"`},
	{hostedEvents, "step", "eventType", `"state_change"`},
	{hostedEvents, "step", "stateBefore", `{"queue":"new"}`},
	{hostedEvents, "step", "stateAfter", `{"queue":"orders"}`},
	{hostedEvents, "feedback", "eventType", `"state_change"`},
	{hostedEnd, "end", "status", `"failed"`},
	{hostedEnd, "end", "success", `false`},
	{hostedEnd, "end", "failureReason", `"No such order"`},
	{hostedEnd, "end", "estimatedCost", `0.005`},
	{hostedEnd, "end", "durationMs", ``},
	{hostedEnd, "end", "promptTokens", `100`},
	{hostedEnd, "end", "completionTokens", `150`},
	{hostedEnd, "end", "totalTokens", `250`},
	{hostedEnd, "end", "customMetrics", `{"satisfaction":2.5}`},
	{hostedEnd, "end", "userInput", `"Where is my order?"`},
	{hostedEnd, "end", "assistantOutput", `"{\"found\":0}"`},
	{hostedEnd, "end", "metadata.summary", `"No such order"`},
	{hostedEnd, "end of the unnamed", "status", `"completed"`},
	{hostedEnd, "end of the unnamed", "success", `true`},
}

// namedRequests and unnamedRequests are the requests, in order, of the two sessions that hostedClaims speaks of.
var (
	namedRequests   = []string{"session", "tool", "llm", "decision", "error", "step", "feedback", "end"}
	unnamedRequests = []string{"unnamed", "end of the unnamed"}
)

func recordNamed(ctx context.Context, client *sentrial.Client) {
	ctx = trace.ContextWithSpanContext(ctx, trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}}))
	_, s := client.CreateSession(ctx, "Late order", sentrial.WithAgentName("support"), sentrial.WithUserID("user_123"), sentrial.WithSessionID("sess_ours"),
		sentrial.WithInput("Where is my order?"), sentrial.WithTags("eu"), sentrial.WithMetadata(map[string]any{"tier": "gold"}))
	s.TrackToolCall(ctx, types.ToolCall{
		ToolName: "find_order", ToolInput: map[string]any{"customer": "user_123"}, ToolOutput: []string{"A-17"}, Reasoning: "No order is named",
		Error: "one of two", Duration: 150 * time.Millisecond, Metadata: map[string]any{"own": 1},
	})
	s.TrackLLMCall(ctx, types.LLMCall{
		Model: "gpt-4o", Provider: "openai", Response: "On Friday.", Usage: types.Usage{PromptTokens: 100, CompletionTokens: 150}, Cost: sentrial.Ptr(0.005),
	})
	s.TrackDecision(ctx, types.Decision{Reasoning: "Two orders match", Alternatives: []string{"Ask", "Guess"}, Chosen: "Ask", Confidence: sentrial.Ptr(0.85)})
	s.TrackError(ctx, types.ErrorEvent{ErrorType: "APIError", ErrorMessage: "no answer", StackTrace: "main.go:1", Recoverable: true, RecoveryAction: "use the cache"})
	s.TrackStep(ctx, types.Step{Name: "triage", Input: map[string]any{"queue": "new"}, Output: map[string]any{"queue": "orders"}})
	s.TrackFeedback(ctx, types.Feedback{Score: sentrial.Ptr(0.0)})
	s.Close(ctx, types.SessionResult{
		Status: types.StatusError, Summary: "No such order", Output: map[string]any{"found": 0}, Metrics: map[string]float64{"satisfaction": 2.5},
	})
}

func recordUnnamed(ctx context.Context, client *sentrial.Client) {
	_, s := client.CreateSession(ctx, "")
	s.Close(ctx, types.SessionResult{})
}

// hostedRequestsOf gives what a client sends on the hosted wire when it records one session, in the order of the recording.
func hostedRequestsOf(t *testing.T, record func(context.Context, *sentrial.Client)) []hostedRequest {
	t.Helper()
	spy, client := hostedClient(t)
	record(t.Context(), client)
	if err := client.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	return spy.seen
}

// TestHostedFieldsAsDocumented: what the page says of the hosted wire is what the client sends, and no field of the wire is left out.
func TestHostedFieldsAsDocumented(t *testing.T) {
	names, requests := slices.Concat(namedRequests, unnamedRequests), slices.Concat(hostedRequestsOf(t, recordNamed), hostedRequestsOf(t, recordUnnamed))
	if len(requests) != len(names) {
		t.Fatalf("%d requests, want %d", len(requests), len(names))
	}
	claimed := map[string]bool{}
	for _, claim := range hostedClaims {
		for part := range strings.SplitSeq(claim.path, ".") {
			claimed[claim.route+" "+part] = true
		}
		sent := requests[slices.Index(names, claim.request)]
		if got, want := atPath(sent.members(t), claim.path), jsonValue(t, claim.value); got == nil || want != nil && !reflect.DeepEqual(got, want) {
			t.Errorf("%s of %s is %v, want %v", claim.path, claim.request, got, want)
		}
		if route := sent.Method + " " + strings.Replace(sent.URL.Path, "srv_1", "{id}", 1); route != claim.route {
			t.Errorf("%s went to %s, want %s", claim.request, route, claim.route)
		}
	}
	for route, fields := range namesOf(t, "testdata/hosted-wire.txt") {
		for _, field := range fields.takes {
			if !claimed[route+" "+field] {
				t.Errorf("%s: nothing is claimed of %s", route, field)
			}
		}
	}
}

// jsonValue is the value of a JSON text, nil of none.
func jsonValue(t *testing.T, text string) (v any) {
	t.Helper()
	if text == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}
