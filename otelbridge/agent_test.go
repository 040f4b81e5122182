package otelbridge_test

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// begin is when the spans of these tests begin; after(n) is n milliseconds later.
var begin = time.Date(2026, 11, 22, 10, 0, 0, 123456789, time.UTC)

func after(ms int) time.Time { return begin.Add(time.Duration(ms) * time.Millisecond) }

// work is a span that a test wants: what it is, when, and what happens inside it.
type work struct {
	name     string
	from, to int // milliseconds after begin
	attrs    []attribute.KeyValue
	end      func(trace.Span) // what else is said of it
	inside   []work
}

func (w work) run(ctx context.Context, tracer trace.Tracer) {
	ctx, span := tracer.Start(ctx, w.name, trace.WithTimestamp(after(w.from)), trace.WithAttributes(w.attrs...))
	for _, inner := range w.inside {
		inner.run(ctx, tracer)
	}
	if w.end != nil {
		w.end(span)
	}
	span.End(trace.WithTimestamp(after(w.to)))
}

func op(name string, more ...attribute.KeyValue) []attribute.KeyValue {
	return append([]attribute.KeyValue{attribute.String("gen_ai.operation.name", name)}, more...)
}

// spansOf runs the work under a real TracerProvider and gives its spans in the order in which they ended.
func spansOf(t *testing.T, ctx context.Context, w work) []sdktrace.ReadOnlySpan {
	t.Helper()
	kept := tracetest.NewInMemoryExporter()
	tp := sdktrace.NewTracerProvider(sdktrace.WithSyncer(kept))
	w.run(ctx, tp.Tracer("test"))
	spans := kept.GetSpans().Snapshots()
	if err := tp.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	return spans
}

func export(t *testing.T, to *otelbridge.Exporter, spans ...sdktrace.ReadOnlySpan) {
	t.Helper()
	if err := to.ExportSpans(t.Context(), spans); err != nil {
		t.Fatal(err)
	}
}

// delivered gives what a recorder holds after the exports, in a form that can be compared: by id, without seq, which counts the calls of Record.
func delivered(rec *sentrialtest.Recorder) map[string]types.Event {
	events := make(map[string]types.Event)
	for _, e := range rec.Events() {
		e.Seq = 0
		events[e.ID] = e
	}
	return events
}

// shutDown ends the sessions that are open, as those with an id of their own are after their traces.
func shutDown(t *testing.T, of interface{ Shutdown(context.Context) error }) {
	t.Helper()
	if err := of.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// once exports the spans to a recorder of their own.
func once(t *testing.T, spans ...sdktrace.ReadOnlySpan) map[string]types.Event {
	t.Helper()
	rec := sentrialtest.New(t)
	exporter := otelbridge.NewExporter(rec.Client())
	export(t, exporter, spans...)
	shutDown(t, exporter)
	return delivered(rec)
}

// weather is a run as instrumentations report one: the agent asks the model, calls the tool that it wants, and asks again. The HTTP request inside the first call
// and the step around the second are not events.
func weather() work {
	return work{
		name: "invoke_agent weather", to: 500,
		attrs: op("invoke_agent", attribute.String("gen_ai.agent.name", "weather"), attribute.String("gen_ai.agent.version", "1.2"),
			attribute.String("gen_ai.conversation.id", "conv-7"), attribute.String("user.id", "u1"), attribute.Int("gen_ai.usage.input_tokens", 230),
			attribute.String("gen_ai.input.messages", `[{"role":"user","parts":[{"type":"text","content":"Lisbon?"}]}]`),
			attribute.String("gen_ai.output.messages", `[{"role":"assistant","parts":[{"type":"text","content":"18 C"}],"finish_reason":"stop"}]`)),
		inside: []work{
			{
				name: "chat gpt", from: 10, to: 110,
				attrs: op("chat", attribute.String("gen_ai.provider.name", "openai"), attribute.String("gen_ai.request.model", "gpt"),
					attribute.String("gen_ai.response.model", "gpt-2026"), attribute.String("gen_ai.response.id", "r1"),
					attribute.Float64("gen_ai.request.temperature", 0.2), attribute.Int("gen_ai.request.max_tokens", 256),
					attribute.StringSlice("gen_ai.request.stop_sequences", []string{"END"}),
					attribute.Int("gen_ai.usage.input_tokens", 88), attribute.Int("gen_ai.usage.output_tokens", 21),
					attribute.Int("gen_ai.usage.cache_read.input_tokens", 64), attribute.Int("gen_ai.usage.cache_creation.input_tokens", 8),
					attribute.Int("gen_ai.usage.reasoning.output_tokens", 5), attribute.Float64("gen_ai.response.time_to_first_chunk", 0.25),
					attribute.StringSlice("gen_ai.response.finish_reasons", []string{"tool_calls"}),
					attribute.String("gen_ai.system_instructions", `[{"type":"text","content":"Be brief."}]`),
					attribute.String("gen_ai.input.messages", `[{"role":"user","parts":[{"type":"text","content":"Lisbon?"}]}]`),
					attribute.String("gen_ai.output.messages",
						`[{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"get_weather","arguments":{"city":"Lisbon"}}],"finish_reason":"tool_call"}]`),
					attribute.String("gen_ai.tool.definitions", `[{"type":"function","name":"get_weather"}]`),
					attribute.Int("server.port", 443)),
				inside: []work{{name: "POST", from: 12, to: 100}},
			},
			{
				name: "execute_tool get_weather", from: 120, to: 150,
				attrs: op("execute_tool", attribute.String("gen_ai.tool.name", "get_weather"), attribute.String("gen_ai.tool.call.id", "c1"),
					attribute.String("gen_ai.tool.type", "function"), attribute.String("gen_ai.tool.call.arguments", `{"city":"Lisbon","n":12345678901234567890}`),
					attribute.String("gen_ai.tool.call.result", "18 C, cloudy")),
			},
			{
				name: "step 2", from: 160, to: 490,
				inside: []work{{
					name: "chat gpt", from: 170, to: 480,
					attrs: op("chat", attribute.String("gen_ai.request.model", "gpt"), attribute.String("gen_ai.response.model", "gpt"),
						attribute.Int("gen_ai.usage.input_tokens", 142), attribute.Int("gen_ai.usage.output_tokens", 17)),
				}},
			},
		},
	}
}

func TestAgentRun(t *testing.T) {
	for name, processor := range map[string]func(sdktrace.SpanExporter) sdktrace.TracerProviderOption{
		"syncer":  sdktrace.WithSyncer,
		"batcher": func(e sdktrace.SpanExporter) sdktrace.TracerProviderOption { return sdktrace.WithBatcher(e) },
	} {
		t.Run(name, func(t *testing.T) {
			rec := sentrialtest.New(t)
			tp := sdktrace.NewTracerProvider(processor(otelbridge.NewExporter(rec.Client())))
			weather().run(t.Context(), tp.Tracer("test"))
			if err := tp.Shutdown(t.Context()); err != nil {
				t.Fatal(err)
			}
			checkSession(t, rec)
			checkLLMCalls(t, rec)
			checkToolCall(t, rec)
			if stats := rec.Client().Stats(); len(stats.Refused) > 0 || len(rec.Errors()) > 0 {
				t.Errorf("refused %v, errors %v, want none", stats.Refused, rec.Errors())
			}
		})
	}
}

// checkSession looks at the session that the root names. With a syncer the run's other spans come before it: they have the trace's session, and an alias.
func checkSession(t *testing.T, rec *sentrialtest.Recorder) {
	t.Helper()
	sessions := rec.Sessions()
	i := slices.IndexFunc(sessions, func(s types.Session) bool { return s.ID == "conv-7" })
	if i < 0 {
		t.Fatalf("no session conv-7 in %+v", sessions)
	}
	s := sessions[i]
	if s.Name != "weather" || s.AgentName != "weather" || s.AgentVersion != "1.2" || s.UserID != "u1" || s.ConversationID != "conv-7" {
		t.Errorf("session = %+v", s)
	}
	if s.Status != types.StatusSuccess || s.Input != "Lisbon?" || s.Output != "18 C" || !s.CreatedAt.Equal(begin) || !s.ClosedAt.Equal(after(500)) {
		t.Errorf("session = %+v, closed %v", s, s.ClosedAt)
	}
	tokens := 0
	for _, s := range sessions {
		tokens += s.Usage.PromptTokens
	}
	if tokens != 88+142 || s.Metadata["gen_ai.usage.input_tokens"] != 230.0 {
		t.Errorf("%d prompt tokens, metadata %v: the sum on the agent's span must not be added, but kept", tokens, s.Metadata)
	}
}

func checkLLMCalls(t *testing.T, rec *sentrialtest.Recorder) {
	t.Helper()
	calls := rec.LLMCalls()
	if len(calls) != 2 {
		t.Fatalf("%d LLM calls, want 2", len(calls))
	}
	want := types.LLMCall{
		Model: "gpt-2026", RequestModel: "gpt", Provider: "openai", Operation: "chat", ResponseID: "r1",
		Messages: []types.Message{
			{Role: "system", Parts: []types.Part{{Type: "text", Content: "Be brief."}}},
			{Role: "user", Parts: []types.Part{{Type: "text", Content: "Lisbon?"}}},
		},
		OutputMessages: []types.Message{{
			Role:         "assistant",
			Parts:        []types.Part{{Type: "tool_call", ID: "c1", Name: "get_weather", Arguments: map[string]any{"city": "Lisbon"}}},
			FinishReason: "tool_call",
		}},
		ToolDefinitions:  json.RawMessage(`[{"type":"function","name":"get_weather"}]`),
		Parameters:       map[string]any{"temperature": 0.2, "max_tokens": 256.0, "stop_sequences": []any{"END"}},
		Usage:            types.Usage{PromptTokens: 88, CompletionTokens: 21, TotalTokens: 109, CachedTokens: 64, CacheWriteTokens: 8, ReasoningTokens: 5},
		FinishReason:     "tool_call",
		StartTime:        after(10),
		Duration:         100 * time.Millisecond,
		TimeToFirstToken: 250 * time.Millisecond,
		Status:           types.StatusSuccess,
		Metadata:         map[string]any{"server.port": 443.0},
	}
	if !reflect.DeepEqual(calls[0], want) {
		t.Errorf("first call\n got %+v\nwant %+v", calls[0], want)
	}
	if c := calls[1]; c.Model != "gpt" || c.RequestModel != "" || c.Usage.PromptTokens != 142 || !c.StartTime.Equal(after(170)) {
		t.Errorf("second call = %+v", c)
	}
}

func checkToolCall(t *testing.T, rec *sentrialtest.Recorder) {
	t.Helper()
	want := []types.ToolCall{{
		ToolName: "get_weather", CallID: "c1", ToolInput: map[string]any{"city": "Lisbon", "n": json.Number("12345678901234567890")}, ToolOutput: "18 C, cloudy",
		Status: types.StatusSuccess, StartTime: after(120), Duration: 30 * time.Millisecond, Metadata: map[string]any{"gen_ai.tool.type": "function"},
	}}
	if got := rec.ToolCalls(); !reflect.DeepEqual(got, want) {
		t.Errorf("tool calls\n got %+v\nwant %+v", got, want)
	}
}

func TestPlacesInOneBatch(t *testing.T) {
	spans := spansOf(t, t.Context(), weather())
	root := spans[len(spans)-1]
	events := once(t, spans...)
	if len(events) != 5 {
		t.Errorf("%d events, want session_start, session_end, two llm_call and a tool_call: %v", len(events), events)
	}
	start := "otel_" + root.SpanContext().TraceID().String() + "_" + root.SpanContext().SpanID().String()
	if events[start].Type != types.EventSessionStart {
		t.Errorf("the root's own event is %q, want session_start", events[start].Type)
	}
	for id, e := range events {
		if e.SessionID != "conv-7" || e.TraceID != root.SpanContext().TraceID().String() || !types.ValidID(id) {
			t.Errorf("%s %s: session %q, trace %q", e.Type, id, e.SessionID, e.TraceID)
		}
		if inside := e.LLMCall != nil || e.ToolCall != nil; inside && e.ParentID != start || !inside && e.ParentID != "" {
			t.Errorf("%s: parent %q", e.Type, e.ParentID)
		}
		if want := "otel_" + e.TraceID + "_" + e.SpanID; id != want && id != want+".end" {
			t.Errorf("%s: id %q, span %q", e.Type, id, e.SpanID)
		}
	}
}

func TestNestedAgents(t *testing.T) {
	inner := work{
		name: "invoke_agent", from: 20, to: 80, attrs: op("invoke_agent", attribute.String("gen_ai.agent.name", "inner"),
			attribute.String("gen_ai.input.messages", "just do it")),
		inside: []work{{name: "execute_tool look", from: 30, to: 40, attrs: op("execute_tool")}},
	}
	outer := work{name: "invoke_agent outer", to: 100, attrs: op("invoke_agent"), inside: []work{{name: "delegate", from: 10, to: 90, inside: []work{inner}}}}
	spans := spansOf(t, t.Context(), outer)
	byType := make(map[types.EventType]types.Event)
	for _, e := range once(t, spans...) {
		byType[e.Type] = e
	}
	step, tool := byType[types.EventStep], byType[types.EventToolCall]
	if len(byType) != 4 || step.Step == nil || tool.ToolCall == nil {
		t.Fatalf("events = %v", byType)
	}
	if step.Step.Kind != "agent" || step.Step.Name != "inner" || step.Step.Input != "just do it" || step.Duration != 60*time.Millisecond {
		t.Errorf("step = %+v", step.Step)
	}
	if step.ParentID != byType[types.EventSessionStart].ID || tool.ParentID != step.ID {
		t.Errorf("parents: step %q, tool %q", step.ParentID, tool.ParentID)
	}
	if tool.ToolCall.ToolName != "look" || byType[types.EventSessionStart].Session.Name != "inner" {
		t.Errorf("names are not taken from the spans: %+v, %+v", tool.ToolCall, byType[types.EventSessionStart].Session)
	}
}
