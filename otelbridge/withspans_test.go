package otelbridge_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// shown is a client whose events become spans.
type shown struct {
	rec  *sentrialtest.Recorder
	kept *tracetest.InMemoryExporter
	tp   *sdktrace.TracerProvider
}

func newShown(t *testing.T, opts ...otelbridge.SpanOption) *shown {
	return newShownClient(t, nil, opts...)
}

func newShownClient(t *testing.T, client []sentrial.Option, opts ...otelbridge.SpanOption) *shown {
	t.Helper()
	s := &shown{kept: tracetest.NewInMemoryExporter()}
	s.tp = sdktrace.NewTracerProvider(sdktrace.WithSyncer(s.kept))
	s.rec = sentrialtest.New(t, append(client, sentrial.WithHook(otelbridge.WithSpans(s.tp, opts...)))...)
	return s
}

// spans are those that have ended, by name.
func (s *shown) spans() map[string]tracetest.SpanStub {
	all := make(map[string]tracetest.SpanStub)
	for _, span := range s.kept.GetSpans() {
		all[span.Name] = span
	}
	return all
}

// attrsOf gives attributes as texts.
func attrsOf(list []attribute.KeyValue) map[string]string {
	texts := make(map[string]string)
	for _, kv := range list {
		texts[string(kv.Key)] = kv.Value.Emit() //nolint:staticcheck // what takes its place came later than the oldest version that we allow
	}
	return texts
}

// checkAttrs wants these attributes; an empty text is one that must not be there.
func checkAttrs(t *testing.T, where string, list []attribute.KeyValue, want map[string]string) {
	t.Helper()
	got := attrsOf(list)
	for key, text := range want {
		if got[key] != text {
			t.Errorf("%s: %s = %q, want %q", where, key, got[key], text)
		}
	}
}

// agentRun is an agent with its own instrumentation in a tool.
func agentRun(tracer trace.Tracer) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := sentrial.LLM(ctx, types.LLMCall{Model: "gpt", Provider: "openai", Prompt: "Lisbon?"}, func(_ context.Context, c *types.LLMCall) (string, error) {
			c.Model, c.RequestModel, c.Usage, c.FinishReason = "gpt-2026", "gpt", types.Usage{PromptTokens: 88, CompletionTokens: 21, CachedTokens: 64, CacheWriteTokens: 8, ReasoningTokens: 5}, "stop"
			return "18 C", nil
		})
		if err != nil {
			return err
		}
		_, err = sentrial.Tool(ctx, "get_weather", map[string]any{"city": "Lisbon"}, func(ctx context.Context, _ map[string]any) (string, error) {
			_, span := tracer.Start(ctx, "GET /weather")
			span.End()
			return "", errors.New("no network")
		})
		if err != nil {
			sentrial.ReportError(ctx, err)
		}
		sentrial.Decide(ctx, types.Decision{Chosen: "give up", Reasoning: "no network"})
		return nil
	}
}

func TestSpansOfARun(t *testing.T) {
	s := newShown(t)
	tracer := s.tp.Tracer("program")
	ctx, outer := tracer.Start(t.Context(), "POST /ask")
	if err := s.rec.Client().Run(ctx, "ask", agentRun(tracer), sentrial.WithAgentName("weather"), sentrial.WithAgentVersion("1.2"), sentrial.WithUserID("u1")); err != nil {
		t.Fatal(err)
	}
	outer.End()
	spans := s.spans()
	session := s.rec.Sessions()[0].ID
	parents := map[string]string{
		"invoke_agent weather": "POST /ask", "chat gpt": "invoke_agent weather", "execute_tool get_weather": "invoke_agent weather",
		"GET /weather": "execute_tool get_weather", "plan weather": "invoke_agent weather",
	}
	if len(spans) != len(parents)+1 {
		t.Errorf("%d spans: %v", len(spans), spans)
	}
	for name, parent := range parents {
		if spans[name].Parent.SpanID() != spans[parent].SpanContext.SpanID() {
			t.Errorf("%s is not in %s", name, parent)
		}
		if name == "GET /weather" {
			continue
		}
		checkAttrs(t, name, spans[name].Attributes, map[string]string{
			"sentrial.source": "sdk", "sentrial.session.id": session, "gen_ai.conversation.id": session, "user.id": "u1", "gen_ai.input.messages": "", "openinference.span.kind": "",
		})
	}
	checkAttrs(t, "agent", spans["invoke_agent weather"].Attributes, map[string]string{
		"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "weather", "gen_ai.agent.version": "1.2", "gen_ai.usage.input_tokens": "",
	})
	chat := spans["chat gpt"]
	checkAttrs(t, "chat", chat.Attributes, map[string]string{
		"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt", "gen_ai.response.model": "gpt-2026",
		"gen_ai.usage.input_tokens": "88", "gen_ai.usage.output_tokens": "21", "gen_ai.usage.cache_read.input_tokens": "64",
		"gen_ai.usage.cache_creation.input_tokens": "8", "gen_ai.usage.reasoning.output_tokens": "5", "gen_ai.response.finish_reasons": `["stop"]`,
	})
	if chat.SpanKind != trace.SpanKindClient || chat.Status.Code != codes.Unset || spans["plan weather"].SpanKind != trace.SpanKindInternal {
		t.Errorf("chat: %v, %v", chat.SpanKind, chat.Status)
	}
	tool := spans["execute_tool get_weather"]
	checkAttrs(t, "tool", tool.Attributes, map[string]string{
		"gen_ai.tool.name": "get_weather", "gen_ai.tool.type": "function", "gen_ai.tool.call.arguments": "", "error.type": "_OTHER",
	})
	if tool.Status.Code != codes.Error || tool.Status.Description != "no network" || tool.SpanKind != trace.SpanKindInternal {
		t.Errorf("tool: %v, %v", tool.SpanKind, tool.Status)
	}
	agent := spans["invoke_agent weather"]
	if len(agent.Events) != 1 || agent.Events[0].Name != "exception" || agent.Status.Code != codes.Error {
		t.Fatalf("the agent's span: events %v, status %v, want the error that was reported", agent.Events, agent.Status)
	}
	checkAttrs(t, "exception", agent.Events[0].Attributes, map[string]string{"exception.message": "no network", "exception.type": "error"})
}

// TestEventsNameTheirSpans: from Sentrial one gets to the trace, and back.
func TestEventsNameTheirSpans(t *testing.T) {
	s := newShown(t)
	if err := s.rec.Client().Run(t.Context(), "ask", agentRun(s.tp.Tracer("program"))); err != nil {
		t.Fatal(err)
	}
	ids := make(map[string]string)
	for _, span := range s.kept.GetSpans() {
		sc := span.SpanContext
		ids[attrsOf(span.Attributes)["sentrial.event.id"]] = sc.TraceID().String() + sc.SpanID().String()
		for _, e := range span.Events {
			ids[attrsOf(e.Attributes)["sentrial.event.id"]] = sc.TraceID().String() + sc.SpanID().String()
		}
		ids[attrsOf(span.Attributes)["sentrial.session_end.id"]] = sc.TraceID().String() + sc.SpanID().String()
	}
	for _, e := range s.rec.Events() {
		if e.TraceID == "" || ids[e.ID] != e.TraceID+e.SpanID {
			t.Errorf("%s %s names span %s%s, but is on %s", e.Type, e.ID, e.TraceID, e.SpanID, ids[e.ID])
		}
	}
}

func TestSpanTimes(t *testing.T) {
	s := newShown(t)
	session := s.rec.Client().Session("elsewhere")
	session.TrackToolCall(t.Context(), types.ToolCall{ToolName: "x", StartTime: begin, Duration: 250 * time.Millisecond})
	session.TrackDecision(t.Context(), types.Decision{StartTime: begin})
	spans := s.spans()
	if x := spans["execute_tool x"]; !x.StartTime.Equal(begin) || !x.EndTime.Equal(after(250)) || x.Parent.IsValid() {
		t.Errorf("tool from %v to %v in %v", x.StartTime, x.EndTime, x.Parent)
	}
	if p := spans["plan"]; !p.StartTime.Equal(begin) || !p.EndTime.Equal(begin) {
		t.Errorf("decision from %v to %v", p.StartTime, p.EndTime)
	}
}

// TestSessionTakenElsewhere: where its context does not go, the session's span is still what its events are in, unless they are in a trace of their own.
func TestSessionTakenElsewhere(t *testing.T) {
	s := newShown(t)
	ctx, session := s.rec.Client().CreateSession(t.Context(), "s")
	session.TrackStep(t.Context(), types.Step{Name: "without"})
	other, span := s.tp.Tracer("program").Start(t.Context(), "another request")
	session.TrackStep(other, types.Step{Name: "elsewhere"})
	span.End()
	inner, nested := s.rec.Client().CreateSession(ctx, "nested")
	nested.TrackStep(ctx, types.Step{Name: "of nested"})
	nested.Close(inner, types.SessionResult{})
	session.Close(ctx, types.SessionResult{})
	spans := s.spans()
	agent := spans["invoke_agent s"].SpanContext
	if spans["without"].Parent.SpanID() != agent.SpanID() || spans["invoke_agent nested"].Parent.SpanID() != agent.SpanID() {
		t.Error("not in the session's span")
	}
	if spans["of nested"].Parent.SpanID() != spans["invoke_agent nested"].SpanContext.SpanID() {
		t.Error("an event of the nested session is in another one's span")
	}
	if e := spans["elsewhere"]; e.Parent.SpanID() != spans["another request"].SpanContext.SpanID() || len(e.Links) != 1 || !e.Links[0].SpanContext.Equal(agent) {
		t.Errorf("parent %v, links %v", e.Parent, e.Links)
	}
}

// TestOpenSpansEnd when the client is closed, but not when it is flushed.
func TestOpenSpansEnd(t *testing.T) {
	s := newShown(t)
	s.rec.Allow(sentrialtest.OpenSpans)
	ctx, _ := s.rec.Client().CreateSession(t.Context(), "s")
	sentrial.StartTool(ctx, types.ToolCall{ToolName: "x"})
	_ = s.rec.Client().Flush(t.Context())
	if spans := s.spans(); len(spans) != 0 {
		t.Errorf("Flush ended %v", spans)
	}
	_ = s.rec.Client().Close(t.Context())
	spans := s.spans()
	if len(spans) != 2 {
		t.Fatalf("Close ended %v", spans)
	}
	checkAttrs(t, "tool", spans["execute_tool x"].Attributes, map[string]string{"sentrial.status": "unknown", "sentrial.metadata": `{"abandoned":true}`})
}

func TestSpanContentIsOptIn(t *testing.T) {
	const secret = "secret"
	talk := func(s *shown) string {
		ctx, session := s.rec.Client().CreateSession(t.Context(), "s", sentrial.WithInput(secret))
		session.TrackLLMCall(ctx, types.LLMCall{Model: "m", Prompt: secret, Response: secret, ToolDefinitions: json.RawMessage(`["` + secret + `"]`)})
		session.TrackLLMCall(ctx, types.LLMCall{
			Model: "m", Messages: []types.Message{{Role: "system", Parts: []types.Part{{Type: types.PartText, Content: secret}}}, {Role: "user"}},
			OutputMessages: []types.Message{{Role: "assistant", Parts: []types.Part{{Type: types.PartText, Content: secret}}}},
		})
		session.TrackToolCall(ctx, types.ToolCall{ToolName: "x", ToolInput: secret, ToolOutput: secret, Reasoning: secret})
		session.TrackStep(ctx, types.Step{Name: "x", Input: secret, Output: secret})
		session.TrackDecision(ctx, types.Decision{Reasoning: secret, Chosen: secret, Alternatives: []string{secret}})
		session.TrackFeedback(ctx, types.Feedback{Comment: secret})
		s.rec.Client().Record(ctx, types.Event{Type: "handoff", SessionID: session.ID(), Extra: map[string]json.RawMessage{"to": json.RawMessage(`"` + secret + `"`)}})
		session.Close(ctx, types.SessionResult{Output: secret, Summary: secret})
		text, err := json.Marshal(s.kept.GetSpans())
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if text := talk(newShown(t)); strings.Contains(text, secret) {
		t.Errorf("the spans say %s", text)
	}
	if text := talk(newShown(t, otelbridge.WithSpanContent(), otelbridge.WithOpenInference())); strings.Count(text, secret) != 18+5 {
		t.Errorf("%d times in %s", strings.Count(text, secret), text)
	}
	withheld := newShownClient(t, []sentrial.Option{sentrial.WithContent(sentrial.ContentMetadata)}, otelbridge.WithSpanContent(), otelbridge.WithOpenInference())
	if text := talk(withheld); strings.Contains(text, secret) {
		t.Errorf("what WithContent keeps back is in the spans: %s", text)
	}
	ctx, session := withheld.rec.Client().CreateSession(t.Context(), "again")
	session.TrackStep(ctx, types.Step{Name: "named"})
	events := withheld.rec.Events()
	if e := events[len(events)-1]; e.TraceID == "" || e.SpanID != withheld.spans()["named"].SpanContext.SpanID().String() {
		t.Errorf("the event does not name its span: %+v", e)
	}
}

func TestOpenInference(t *testing.T) {
	s := newShown(t, otelbridge.WithOpenInference(), otelbridge.WithSpanContent())
	session := s.rec.Client().Session("s1")
	session.TrackLLMCall(t.Context(), types.LLMCall{Model: "m", Provider: "p", Prompt: "hi", Usage: types.Usage{PromptTokens: 3, CompletionTokens: 4, CachedTokens: 2}})
	session.TrackLLMCall(t.Context(), types.LLMCall{Model: "e", Operation: "embeddings"})
	session.TrackToolCall(t.Context(), types.ToolCall{ToolName: "x", ToolInput: map[string]any{"a": 1}})
	spans := s.spans()
	checkAttrs(t, "chat", spans["chat m"].Attributes, map[string]string{
		"openinference.span.kind": "LLM", "llm.model_name": "m", "llm.provider": "p", "llm.token_count.prompt": "3", "llm.token_count.total": "7",
		"llm.token_count.prompt_details.cache_read": "2", "input.value": "hi", "input.mime_type": "text/plain", "session.id": "s1",
	})
	checkAttrs(t, "embeddings", spans["embeddings e"].Attributes, map[string]string{"openinference.span.kind": "EMBEDDING", "embedding.model_name": "e"})
	checkAttrs(t, "tool", spans["execute_tool x"].Attributes, map[string]string{
		"openinference.span.kind": "TOOL", "tool.name": "x", "input.value": `{"a":1}`, "input.mime_type": "application/json",
	})
}

// TestOurSpansAreNotTakenBack by a bridge in the same process.
func TestOurSpansAreNotTakenBack(t *testing.T) {
	kept := sentrialtest.New(t)
	tp := sdktrace.NewTracerProvider(sdktrace.WithSyncer(otelbridge.NewExporter(kept.Client())))
	s := &shown{rec: sentrialtest.New(t, sentrial.WithHook(otelbridge.WithSpans(tp)))}
	if err := s.rec.Client().Run(t.Context(), "ask", agentRun(tp.Tracer("program"))); err != nil {
		t.Fatal(err)
	}
	_ = tp.Shutdown(t.Context())
	for _, e := range kept.Events() {
		t.Errorf("taken back: %s %s", e.Type, e.ID)
	}
}

// TestEventsOfABridgeMakeNoSpans: they are of spans already.
func TestEventsOfABridgeMakeNoSpans(t *testing.T) {
	s := newShown(t)
	export(t, otelbridge.NewExporter(s.rec.Client()), spansOf(t, t.Context(), weather())...)
	if err := s.rec.Client().Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(s.rec.Events()) == 0 || len(s.kept.GetSpans()) != 0 {
		t.Errorf("%d events made %d spans", len(s.rec.Events()), len(s.kept.GetSpans()))
	}
}

// TestTwoProviders: each has spans of its own, nested in one another's as usual.
func TestTwoProviders(t *testing.T) {
	one, other := tracetest.NewInMemoryExporter(), tracetest.NewInMemoryExporter()
	rec := sentrialtest.New(t,
		sentrial.WithHook(otelbridge.WithSpans(sdktrace.NewTracerProvider(sdktrace.WithSyncer(one)))),
		sentrial.WithHook(otelbridge.WithSpans(sdktrace.NewTracerProvider(sdktrace.WithSyncer(other)))))
	if err := rec.Client().Run(t.Context(), "ask", agentRun(noop.NewTracerProvider().Tracer(""))); err != nil {
		t.Fatal(err)
	}
	names := func(of *tracetest.InMemoryExporter) (all []string) {
		for _, s := range of.GetSpans() {
			all = append(all, s.Name)
		}
		return all
	}
	if a, b := names(one), names(other); len(a) != 4 || !slices.Equal(a, b) {
		t.Errorf("%q and %q", a, b)
	}
}
