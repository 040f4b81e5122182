package sentrial_test

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

var (
	anHourAgo = time.Date(2026, 11, 22, 0, 16, 56, 123456789, time.UTC)
	someFacts = map[string]any{"team": "blue", "n": 3.0}
)

// tracks has one full call of each Track method, and what must come of it.
func tracks(ctx context.Context, s *sentrial.Session) []struct {
	id   string
	want types.Event
} {
	tool := types.ToolCall{
		ToolName: "search", CallID: "call_1", ToolInput: map[string]any{"q": "x"}, ToolOutput: []any{"a", 1.5}, Reasoning: "to know", Status: types.StatusCancelled,
		Error: "cut", Attempt: 2, StartTime: anHourAgo, Duration: 1500 * time.Microsecond, Cost: sentrial.Ptr(0.0), Metadata: someFacts,
	}
	decision := types.Decision{
		Reasoning: "KB did not help", Alternatives: []string{"ask", "escalate"}, Chosen: "escalate", Confidence: sentrial.Ptr(0.85), StartTime: anHourAgo, Metadata: someFacts,
	}
	llm := types.LLMCall{
		Model: "m-1", RequestModel: "m", Provider: "p", Operation: "chat", ResponseID: "r1", Prompt: "hi", Response: "ho",
		Messages:        []types.Message{{Role: "user", Name: "ann", Parts: []types.Part{{Type: types.PartText, Content: "hi"}}}},
		OutputMessages:  []types.Message{{Role: "assistant", Parts: []types.Part{{Type: types.PartToolCall, ID: "c", Name: "f", Arguments: map[string]any{"a": 1.0}}}, FinishReason: "tool_call"}},
		ToolDefinitions: json.RawMessage(`[{"name":"f"}]`), Parameters: map[string]any{"temperature": 0.5}, PromptName: "greet", PromptVersion: "7",
		Usage: types.Usage{PromptTokens: 1, CompletionTokens: 2, TotalTokens: 3, CachedTokens: 4, CacheWriteTokens: 5, ReasoningTokens: 6},
		Cost:  sentrial.Ptr(0.005), FinishReason: "stop", Attempts: 3, StartTime: anHourAgo, Duration: 2 * time.Second, TimeToFirstToken: 300 * time.Millisecond,
		Status: types.StatusUnknown, Error: "odd", Metadata: someFacts,
	}
	failure := types.ErrorEvent{
		ErrorType: "APIError", ErrorMessage: "timeout", StackTrace: "main.go:1", Recoverable: true, RecoveryAction: "retry", StartTime: anHourAgo, Metadata: someFacts,
	}
	step := types.Step{
		Name: "plan", Kind: "agent", Input: "in", Output: true, Status: types.StatusError, Error: "no", StartTime: anHourAgo, Duration: time.Minute, Metadata: someFacts,
	}
	feedback := types.Feedback{Name: "thumb", Score: sentrial.Ptr(-1.0), Label: "down", Comment: "wrong", EventID: "evt_1", UserID: "u1", Metadata: someFacts}
	return []struct {
		id   string
		want types.Event
	}{
		{s.TrackToolCall(ctx, tool), types.Event{Type: types.EventToolCall, Status: tool.Status, Duration: tool.Duration, ToolCall: &tool}},
		{s.TrackDecision(ctx, decision), types.Event{Type: types.EventDecision, Decision: &decision}},
		{s.TrackLLMCall(ctx, llm), types.Event{Type: types.EventLLMCall, Status: llm.Status, Duration: llm.Duration, LLMCall: &llm}},
		{s.TrackError(ctx, failure), types.Event{Type: types.EventError, Error: &failure}},
		{s.TrackStep(ctx, step), types.Event{Type: types.EventStep, Status: step.Status, Duration: step.Duration, Step: &step}},
		{s.TrackFeedback(ctx, feedback), types.Event{Type: types.EventFeedback, Timestamp: time.Now(), Feedback: &feedback}},
	}
}

func TestEveryFieldOfTrackArrives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := sentrialtest.New(t)
		_, session := rec.Client().CreateSession(t.Context(), "s")
		for i, call := range tracks(t.Context(), session) {
			want := call.want
			want.ID, want.SessionID, want.Seq, want.Metadata = call.id, session.ID(), int64(i+2), someFacts
			if want.Timestamp.IsZero() {
				want.Timestamp = anHourAgo
			}
			want.Timestamp = want.Timestamp.UTC()
			got := eventsOf(rec, want.Type)
			if len(got) != 1 || call.id == "" || !reflect.DeepEqual(got[0], want) {
				t.Errorf("%s arrived as\n%+v\nwant\n%+v", want.Type, asJSON(got), asJSON(want))
			}
		}
	})
}

func asJSON(v any) string {
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// TestTheMinimumOfTrack: nothing is made up, and the status says success or error.
func TestTheMinimumOfTrack(t *testing.T) {
	wire := &wire{}
	client := newClient(t, wire)
	session := client.Session("s")
	session.TrackToolCall(t.Context(), types.ToolCall{ToolName: "t"})
	session.TrackToolCall(t.Context(), types.ToolCall{ToolName: "t", Error: "no"})
	session.TrackLLMCall(t.Context(), types.LLMCall{Model: "m"})
	session.TrackStep(t.Context(), types.Step{Name: "s", Error: "no"})
	session.TrackDecision(t.Context(), types.Decision{Chosen: "c"})
	session.TrackError(t.Context(), types.ErrorEvent{ErrorMessage: "e"})
	session.TrackFeedback(t.Context(), types.Feedback{Name: "f"})
	if err := client.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"tool_call status=success tool_name=t", "tool_call error=no status=error tool_name=t", "llm_call model=m status=success", "step error=no name=s status=error",
		"decision chosen=c", "error error_message=e recoverable=false", "feedback name=f",
	}
	for i, e := range wire.events(t) {
		if got := plainly(e); got != want[i] {
			t.Errorf("got  %s\nwant %s", got, want[i])
		}
	}
}

// plainly writes an event without what every event has.
func plainly(e map[string]json.RawMessage) string {
	var parts []string
	for name, value := range sortedMembers(e) {
		switch name {
		case "id", "type", "session_id", "seq", "timestamp":
		default:
			parts = append(parts, name+"="+strings.Trim(string(value), `"`))
		}
	}
	return strings.Trim(string(e["type"]), `"`) + " " + strings.Join(parts, " ")
}

func TestStartIsDurationBeforeNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := sentrialtest.New(t)
		session := rec.Client().Session("s")
		now := time.Now()
		for _, d := range []time.Duration{time.Hour, 0, -time.Hour} {
			session.TrackToolCall(t.Context(), types.ToolCall{ToolName: fmt.Sprint(d), Duration: d})
		}
		for _, e := range rec.Events() {
			want := map[string]time.Time{"1h0m0s": now.Add(-time.Hour), "0s": now, "-1h0m0s": now}[e.ToolCall.ToolName]
			if !e.Timestamp.Equal(want) || e.Duration < 0 {
				t.Errorf("duration %s: began %v, want %v", e.ToolCall.ToolName, e.Timestamp, want)
			}
		}
	})
}

func TestTrackNestsUnderTheOpenSpan(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, session := rec.Client().CreateSession(t.Context(), "s")
	spanCtx, span := sentrial.StartTool(ctx, types.ToolCall{ToolName: "outer"})
	session.TrackStep(spanCtx, types.Step{Name: "inside"})
	session.TrackStep(ctx, types.Step{Name: "beside"})
	rec.Client().Session("other").TrackStep(spanCtx, types.Step{Name: "elsewhere"})
	span.End(nil)
	parents := map[string]string{}
	for _, e := range eventsOf(rec, types.EventStep) {
		parents[e.Step.Name] = e.ParentID
	}
	if want := map[string]string{"inside": span.ID(), "beside": "", "elsewhere": ""}; !reflect.DeepEqual(parents, want) {
		t.Errorf("parents are %v, want %v", parents, want)
	}
}

// withTrace gives a context with an OpenTelemetry span, as an instrumented program has it.
func withTrace(ctx context.Context) context.Context {
	return trace.ContextWithSpanContext(ctx, trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: trace.TraceID{1, 2, 3}, SpanID: trace.SpanID{4, 5, 6}, TraceFlags: trace.FlagsSampled,
	}))
}

func TestTraceOfTheContextIsRecorded(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, session := rec.Client().CreateSession(withTrace(t.Context()), "s")
	session.TrackStep(ctx, types.Step{Name: "x"})
	_, span := sentrial.StartLLM(ctx, types.LLMCall{Model: "m"})
	span.End(nil)
	rec.Client().Record(ctx, types.Event{SessionID: "s2", TraceID: "own", Step: &types.Step{Name: "y"}})
	for _, e := range rec.Events() {
		wantTrace, wantSpan := "01020300000000000000000000000000", "0405060000000000"
		if e.SessionID == "s2" {
			wantTrace, wantSpan = "own", ""
		}
		if e.TraceID != wantTrace || e.SpanID != wantSpan {
			t.Errorf("%s has trace %q, span %q; want %q, %q", e.Type, e.TraceID, e.SpanID, wantTrace, wantSpan)
		}
	}
}

// TestCallerMayChangeItsValuesAtOnce: what was recorded is what it was during the call.
func TestCallerMayChangeItsValuesAtOnce(t *testing.T) {
	rec := sentrialtest.New(t)
	session := rec.Client().Session("s")
	inner := map[string]any{"k": "before"}
	list, facts := []any{inner}, map[string]any{"m": inner}
	alternatives, raw := []string{"before"}, json.RawMessage(`"before"`)
	session.TrackToolCall(t.Context(), types.ToolCall{ToolInput: list, ToolOutput: raw, Metadata: facts})
	session.TrackDecision(t.Context(), types.Decision{Alternatives: alternatives})
	inner["k"], list[0], facts["m"], alternatives[0] = "after", "after", "after", "after"
	copy(raw, `"after!"`)
	if text := asJSON(rec.Events()); strings.Contains(text, "after") || strings.Count(text, "before") != 4 {
		t.Errorf("recorded %s", text)
	}
}
