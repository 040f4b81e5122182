package otelbridge_test

import (
	"context"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/otelbridge/translate"
	"github.com/sentrial/sentrial-go/types"
)

// notCarried are the members of events that no span brings back, by type, and why. All others come back as they were, if the spans have content.
var notCarried = map[types.EventType]map[string]string{
	types.EventSessionStart: {
		"status":      "that of the session's span is how it ended",
		"duration_ms": "the session's span lasts as long as the session",
	},
	types.EventSessionEnd: {
		"parent_id":   "the session's span has that of its start",
		"duration_ms": "the end is a moment",
	},
	types.EventSessionUpdate: {"duration_ms": "it is noted on the session's span, at a moment"},
}

// implied are values that come back where there was none, as absence means them.
var implied = map[types.EventType]map[string]any{
	types.EventLLMCall: {"operation": "chat"},
}

// filled is an event of each type with every field set to something.
func filled() []types.Event {
	var s types.SessionFields
	fill(reflect.ValueOf(&s).Elem())
	var update types.SessionFields
	fill(reflect.ValueOf(&update).Elem())
	var (
		tool     types.ToolCall
		decision types.Decision
		llm      types.LLMCall
		failure  types.ErrorEvent
		step     types.Step
		feedback types.Feedback
		result   types.SessionResult
	)
	for _, p := range []any{&tool, &decision, &llm, &failure, &step, &feedback, &result} {
		fill(reflect.ValueOf(p).Elem())
	}
	feedback.EventID, result.Status = "judged", types.StatusCancelled
	events := []types.Event{{Session: &s}, {ToolCall: &tool}, {Decision: &decision}, {LLMCall: &llm}, {Error: &failure}, {Step: &step}, {Feedback: &feedback}}
	events = append(events, types.Event{Type: types.EventSessionUpdate, Session: &update}, types.Event{
		Type: "handoff", Extra: map[string]json.RawMessage{"to": json.RawMessage(`{"agent":[1]}`)},
	}, types.Event{Result: &result})
	for i := range events {
		e := &events[i]
		if err := e.Complete(); err != nil {
			panic(err)
		}
		e.ID, e.SessionID, e.Seq, e.Timestamp = "evt-"+string(e.Type), "session", int64(i+1), after(i)
		e.Metadata = map[string]any{"text": "t", "number": 1.5, "inside": map[string]any{"a": []any{true, nil}}}
		e.ParentID, e.Duration, e.Status = "outer", 1500*time.Microsecond, types.StatusCancelled
		if e.Extra == nil {
			e.Extra = map[string]json.RawMessage{"of_a_later_version": json.RawMessage(`[1]`)}
		}
	}
	return events
}

// others are events with what the filled ones cannot have at once.
func others() []types.Event {
	text := func(s string) []types.Part { return []types.Part{{Type: types.PartText, Content: s}} }
	list := []types.Event{
		{LLMCall: &types.LLMCall{Model: "m", Prompt: "plain", Response: "text"}},
		{LLMCall: &types.LLMCall{RequestModel: "asked", Prompt: "p", OutputMessages: []types.Message{{
			Role: "assistant", FinishReason: "tool_calls",
			Parts: []types.Part{{Type: types.PartToolCall, ID: "c", Name: "n", Arguments: map[string]any{"a": 1.0}}, {Type: types.PartReasoning, Content: "why"}},
		}}}},
		{LLMCall: &types.LLMCall{Model: "m", RequestModel: "asked", Messages: []types.Message{{Role: "system", Parts: text("be brief")}, {Role: "user", Name: "Ann", Parts: text("hi")}}}},
		{LLMCall: &types.LLMCall{Model: "m", Messages: []types.Message{{Role: "system", Parts: text("one")}, {Role: "system", Parts: text("two")}}}},
		{LLMCall: &types.LLMCall{Model: "m", Messages: []types.Message{{Role: "system", Parts: text("alone")}}, FinishReason: "max_tokens"}},
		{LLMCall: &types.LLMCall{Model: "m", Operation: "embeddings", Usage: types.Usage{PromptTokens: 3, TotalTokens: 3}}},
		{LLMCall: &types.LLMCall{Model: "m", Messages: []types.Message{{Role: "user", Parts: []types.Part{{Type: "image", Raw: json.RawMessage(`{"type":"image","uri":"u"}`)}}}}}},
		{ToolCall: &types.ToolCall{ToolName: "t", ToolInput: "{", ToolOutput: "42"}},
		{ToolCall: &types.ToolCall{ToolName: "t", ToolInput: "", ToolOutput: []any{1.0, "two"}, Cost: usd(0)}},
		{ToolCall: &types.ToolCall{ToolName: "t", ToolInput: false, ToolOutput: 0.0}},
		{Step: &types.Step{Name: "inner", Kind: "agent", Input: "asked", Output: "[1]"}},
		{Step: &types.Step{Name: "inner", Kind: "agent", Input: []any{"asked"}, Output: ""}},
		{Step: &types.Step{Name: "s", Input: "text", Output: "{}"}},
		{Decision: &types.Decision{}},
		{Error: &types.ErrorEvent{ErrorMessage: "m"}},
		{Feedback: &types.Feedback{Score: usd(0)}},
		{Type: "session_alias", Extra: map[string]json.RawMessage{"into": json.RawMessage(`"x"`)}},
	}
	for i := range list {
		e := &list[i]
		if err := e.Complete(); err != nil {
			panic(err)
		}
		e.ID, e.SessionID, e.Timestamp, e.Seq = "other-"+string(rune('a'+i)), "other", after(i), int64(i+1)
	}
	return list
}

func usd(f float64) *float64 { return &f }

// fill sets every field of a struct.
func fill(v reflect.Value) {
	for i := range v.NumField() {
		f := v.Field(i)
		switch f.Interface().(type) {
		case time.Time, types.Status:
		case time.Duration:
			f.SetInt(int64(250 * time.Millisecond))
		case json.RawMessage:
			f.SetBytes([]byte(`[{"name":"x"}]`))
		case types.Usage:
			f.Set(reflect.ValueOf(types.Usage{PromptTokens: 5, CompletionTokens: 6, TotalTokens: 12, CachedTokens: 1, CacheWriteTokens: 2, ReasoningTokens: 3}))
		case []types.Message:
			f.Set(reflect.ValueOf([]types.Message{{Role: "user", Name: "n", Parts: []types.Part{{Type: types.PartText, Content: f.Type().Name()}}, FinishReason: "f"}}))
		case map[string]any:
			f.Set(reflect.ValueOf(map[string]any{"temperature": 1.0, "max_tokens": 9.0, "model": "m", "stop": []any{"a", 1.0}, "s": "t", "b": true}))
		case map[string]float64:
			f.Set(reflect.ValueOf(map[string]float64{"k": 1.5}))
		case []string:
			f.Set(reflect.ValueOf([]string{"a", "b"}))
		case *float64:
			f.Set(reflect.ValueOf(usd(0.5)))
		default:
			fillOther(f, v.Type().Field(i).Name)
		}
	}
}

func fillOther(f reflect.Value, name string) {
	switch f.Kind() {
	case reflect.String:
		f.SetString("text of " + name)
	case reflect.Int:
		f.SetInt(3)
	case reflect.Bool:
		f.SetBool(true)
	default:
		f.Set(reflect.ValueOf(any(map[string]any{"of": name})))
	}
}

// TestRoundTrip: what goes out as spans comes in again as the same events, whoever reads the spans.
func TestRoundTrip(t *testing.T) {
	s := newShown(t, otelbridge.WithSpanContent(), otelbridge.WithOpenInference())
	for _, e := range append(filled(), others()...) {
		if id := s.rec.Client().Record(t.Context(), e); id == "" {
			t.Fatalf("%s was not accepted", e.Type)
		}
	}
	back := readBack(t, s)
	for _, e := range s.rec.Events() {
		got, want := members(t, back[e.ID]), members(t, e)
		for name, why := range notCarried[e.Type] {
			if reflect.DeepEqual(got[name], want[name]) {
				t.Errorf("%s %s: %s is carried, though %s", e.Type, e.ID, name, why)
			}
			delete(got, name)
			delete(want, name)
		}
		compare(t, got, want)
		delete(back, e.ID)
	}
	for id, e := range back {
		t.Errorf("%s %s is new", e.Type, id)
	}
}

// compare wants the members of an event back.
func compare(t *testing.T, got, want map[string]any) {
	t.Helper()
	for name, v := range implied[types.EventType(want["type"].(string))] {
		if want[name] == nil {
			want[name] = v
		}
	}
	names := slices.Collect(maps.Keys(want))
	for _, name := range slices.AppendSeq(names, maps.Keys(got)) {
		if !reflect.DeepEqual(got[name], want[name]) {
			t.Errorf("%v %v: %s came back as %v, was %v", want["type"], want["id"], name, got[name], want[name])
		}
	}
}

// TestRoundTripOfARun is the same with an agent that uses the helpers.
func TestRoundTripOfARun(t *testing.T) {
	s := newShown(t, otelbridge.WithSpanContent())
	run := agentRun(s.tp.Tracer("program"))
	err := s.rec.Client().Run(t.Context(), "ask", func(ctx context.Context) error {
		session := sentrial.SessionFromContext(ctx)
		session.Update(ctx, sentrial.WithUserID("u2"), sentrial.WithTags("late"))
		_ = sentrial.Step(ctx, "phase", func(ctx context.Context) error {
			session.TrackError(ctx, types.ErrorEvent{ErrorType: "timeout", ErrorMessage: "slow", Recoverable: true, RecoveryAction: "again"})
			return nil
		})
		session.TrackFeedback(ctx, types.Feedback{Name: "help", Label: "up", Comment: "well done"})
		session.SetResult(types.SessionResult{Output: "18 C", Summary: "told", Metrics: map[string]float64{"m": 1}})
		return run(ctx)
	}, sentrial.WithAgentName("weather"), sentrial.WithUserID("u1"), sentrial.WithInput("Lisbon?"))
	if err != nil {
		t.Fatal(err)
	}
	if step := s.spans()["phase"]; step.Status.Code != codes.Unset || len(step.Events) != 1 {
		t.Errorf("an error that the agent went on from: status %v, events %v", step.Status, step.Events)
	}
	back := readBack(t, s)
	for _, e := range s.rec.Events() {
		compare(t, members(t, back[e.ID]), members(t, e))
	}
}

// TestReadBackWithoutContent: facts alone come back where no more is wanted.
func TestReadBackWithoutContent(t *testing.T) {
	s := newShown(t, otelbridge.WithSpanContent())
	for _, e := range append(filled(), others()...) {
		s.rec.Client().Record(t.Context(), e)
	}
	back := readBackAs(t, s, genai.Config{WithoutContent: true})
	if len(back) != len(s.rec.Events()) {
		t.Errorf("%d of %d events", len(back), len(s.rec.Events()))
	}
	for _, e := range back {
		got := members(t, e)
		for _, name := range []string{
			"input", "output", "summary", "tool_input", "tool_output", "reasoning", "chosen", "alternatives", "prompt", "response", "messages", "output_messages",
			"tool_definitions", "comment", "of_a_later_version", "to",
		} {
			if got[name] != nil {
				t.Errorf("%s: %s = %v", e.Type, name, got[name])
			}
		}
	}
	if c := back["evt-llm_call"].LLMCall; c == nil || c.Model != "text of Model" || c.Usage.TotalTokens != 12 || c.Parameters == nil {
		t.Errorf("the facts are gone: %+v", c)
	}
}

// readBack gives what the spans become where they are the only thing that is known.
func readBack(t *testing.T, s *shown) map[string]types.Event {
	t.Helper()
	return readBackAs(t, s, genai.Config{})
}

func readBackAs(t *testing.T, s *shown, c genai.Config) map[string]types.Event {
	t.Helper()
	a := genai.NewAssembler(c)
	for _, span := range s.kept.GetSpans().Snapshots() {
		a.Add(begin, foreign(span))
	}
	events := make(map[string]types.Event)
	for _, r := range a.Close(begin) {
		for _, e := range translate.Events(r.Events) {
			if _, twice := events[e.ID]; twice {
				t.Errorf("%s %s comes twice", e.Type, e.ID)
			}
			events[e.ID] = e
		}
	}
	return events
}

// foreign is a span as it comes from another process.
func foreign(s sdktrace.ReadOnlySpan) *genai.Span {
	to := &genai.Span{
		TraceID: genai.TraceID(s.SpanContext().TraceID()), SpanID: genai.SpanID(s.SpanContext().SpanID()), ParentID: genai.SpanID(s.Parent().SpanID()),
		Name: s.Name(), Kind: genai.SpanKind(s.SpanKind()), Start: s.StartTime(), End: s.EndTime(), Message: s.Status().Description,
		Attributes: foreignAttributes(s.Attributes()),
	}
	for _, e := range s.Events() {
		to.Events = append(to.Events, genai.SpanEvent{Name: e.Name, Time: e.Time, Attributes: foreignAttributes(e.Attributes)})
	}
	return to
}

func foreignAttributes(list []attribute.KeyValue) (to []genai.Attribute) {
	for _, kv := range list {
		to = append(to, genai.Attribute{Key: string(kv.Key), Value: kv.Value.AsInterface()})
	}
	return to
}

// members are those of an event on the wire.
func members(t *testing.T, e types.Event) (m map[string]any) {
	t.Helper()
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	return m
}
