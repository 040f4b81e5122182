package e2e_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// agent is a program that is instrumented with OpenTelemetry and knows nothing of us.
type agent struct {
	t      *testing.T
	tracer trace.Tracer
	end    func()
}

func newAgent(t *testing.T, exporter sdktrace.SpanExporter, err error) *agent {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	res := resource.NewSchemaless(attribute.String("service.name", "weather"), attribute.String("telemetry.sdk.language", "go"), attribute.String("telemetry.sdk.version", "1.38.0"))
	tp := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(res))
	return &agent{t, tp.Tracer("weather-agent"), func() {
		if err := tp.Shutdown(context.WithoutCancel(t.Context())); err != nil {
			t.Errorf("shutdown: %v", err)
		}
	}}
}

// run is a conversation: a call that fails, one that works, and a tool.
func (a *agent) run(content bool) (call trace.SpanContext) {
	ctx, root := a.tracer.Start(a.t.Context(), "invoke_agent weather", trace.WithAttributes(
		attribute.String("gen_ai.operation.name", "invoke_agent"), attribute.String("gen_ai.agent.name", "weather"), attribute.String("user.id", "u1")))
	_, failed := a.tracer.Start(ctx, "chat gpt-4o-mini", trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
		attribute.String("gen_ai.operation.name", "chat"), attribute.String("gen_ai.request.model", "gpt-4o-mini"), attribute.String("gen_ai.provider.name", "openai")))
	failed.RecordError(errors.New("429 too many requests"))
	failed.SetStatus(codes.Error, "429 too many requests")
	failed.End()
	_, chat := a.tracer.Start(ctx, "chat gpt-4o-mini", trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
		attribute.String("gen_ai.operation.name", "chat"), attribute.String("gen_ai.request.model", "gpt-4o-mini"), attribute.String("gen_ai.provider.name", "openai"),
		attribute.Int("gen_ai.usage.input_tokens", 78), attribute.Int("gen_ai.usage.output_tokens", 12), attribute.StringSlice("gen_ai.response.finish_reasons", []string{"stop"})))
	if content {
		chat.SetAttributes(attribute.String("gen_ai.input.messages", `[{"role":"user","parts":[{"type":"text","content":"what is the weather"}]}]`),
			attribute.String("gen_ai.output.messages", `[{"role":"assistant","finish_reason":"stop","parts":[{"type":"text","content":"it is sunny in Berlin"}]}]`))
	}
	chat.End()
	_, tool := a.tracer.Start(ctx, "execute_tool get_weather", trace.WithAttributes(
		attribute.String("gen_ai.operation.name", "execute_tool"), attribute.String("gen_ai.tool.name", "get_weather"), attribute.String("gen_ai.tool.call.arguments", `{"city":"Berlin"}`)))
	tool.End()
	root.End()
	return chat.SpanContext()
}

// wantRun checks what the server made of run.
func (s *otlpServer) wantRun() []otlpEvent {
	s.t.Helper()
	all := s.next(6)
	calls, tools := of(all, "llm_call"), of(all, "tool_call")
	if len(calls) != 2 || len(tools) != 1 || len(of(all, "session_start")) != 1 || len(of(all, "session_end")) != 1 || len(of(all, "error")) != 1 {
		s.t.Fatalf("%+v", all)
	}
	in, out, failed := 0, 0, 0
	for _, c := range calls {
		in, out = in+c.PromptTokens, out+c.CompletionTokens
		if c.Status == "error" {
			failed++
		}
	}
	if in != 78 || out != 12 || failed != 1 || tools[0].ToolName != "get_weather" || calls[0].Model != "gpt-4o-mini" || calls[0].ClientID != "otlp:weather" || calls[0].Metadata["service"] != "weather" {
		s.t.Errorf("%+v", all)
	}
	session, err := s.db.Session(s.t.Context(), "default", calls[0].SessionID)
	if err != nil || session.AgentName != "weather" || session.UserID != "u1" {
		s.t.Errorf("the session is %+v (%v)", session, err)
	}
	s.inboxIsEmpty()
	return all
}

// inboxIsEmpty waits for the rows to go, which they do behind the events.
func (s *otlpServer) inboxIsEmpty() {
	s.t.Helper()
	waitForNoInbox(s.t, s.db)
}

// TestOTLPFromGo has OpenTelemetry's own exporters, which know no more than the endpoint.
func TestOTLPFromGo(t *testing.T) {
	for name, exporter := range map[string]func(*testing.T, *otlpServer) (sdktrace.SpanExporter, error){
		"http": func(t *testing.T, s *otlpServer) (sdktrace.SpanExporter, error) {
			t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://"+s.web)
			return otlptracehttp.New(t.Context())
		},
		"http with gzip, on the main address": func(t *testing.T, s *otlpServer) (sdktrace.SpanExporter, error) {
			t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", s.url)
			t.Setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip")
			return otlptracehttp.New(t.Context())
		},
		"grpc": func(t *testing.T, s *otlpServer) (sdktrace.SpanExporter, error) {
			t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://"+s.rpc)
			return otlptracegrpc.New(t.Context())
		},
		"grpc with gzip": func(t *testing.T, s *otlpServer) (sdktrace.SpanExporter, error) {
			t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://"+s.rpc)
			t.Setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip")
			return otlptracegrpc.New(t.Context())
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := serveOTLP(t)
			e, err := exporter(t, s)
			a := newAgent(t, e, err)
			a.run(true)
			a.end()
			all := s.wantRun()
			if text := string(of(all, "llm_call")[1].Messages) + string(of(all, "llm_call")[0].Messages); !strings.Contains(text, "what is the weather") {
				t.Errorf("the question is not there: %s", text)
			}
		})
	}
}

// TestOTLPKeysFromGo: the header goes where all headers of exporters go.
func TestOTLPKeysFromGo(t *testing.T) {
	s := serveOTLP(t)
	text := makeKey(t, s)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://"+s.web)
	for headers, refused := range map[string]bool{"": true, "Authorization=Bearer%20sntl_wrong": true, "Authorization=Bearer%20" + text: false, "authorization=Bearer " + text: false} {
		t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", headers)
		for name, exporter := range map[string]func() (sdktrace.SpanExporter, error){
			"http": func() (sdktrace.SpanExporter, error) { return otlptracehttp.New(t.Context()) },
			"grpc": func() (sdktrace.SpanExporter, error) {
				return otlptracegrpc.New(t.Context(), otlptracegrpc.WithEndpointURL("http://"+s.rpc))
			},
		} {
			e, err := exporter()
			if err != nil {
				t.Fatal(err)
			}
			span := sdktrace.NewTracerProvider().Tracer("x")
			_, one := span.Start(t.Context(), "x")
			one.End()
			got := e.ExportSpans(t.Context(), []sdktrace.ReadOnlySpan{one.(sdktrace.ReadOnlySpan)})
			if (got != nil) != refused {
				t.Errorf("%s with %q: %v", name, headers, got)
			}
			if err := e.Shutdown(t.Context()); err != nil {
				t.Error(err)
			}
		}
	}
}

// makeKey makes a key, the first one, and returns its text.
func makeKey(t *testing.T, s *otlpServer) string {
	t.Helper()
	var made struct{ Key string }
	postJSON(t, s.url+"/v1/keys", `{"scopes":["admin"]}`, &made)
	return made.Key
}

// TestOTLPLogsFromGo: some clients write what was said into logs alone.
func TestOTLPLogsFromGo(t *testing.T) {
	s := serveOTLP(t)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://"+s.web)
	e, err := otlptracehttp.New(t.Context())
	a := newAgent(t, e, err)
	logs, err := otlploghttp.New(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	lp := sdklog.NewLoggerProvider(sdklog.WithProcessor(sdklog.NewBatchProcessor(logs)))
	chat := a.run(false)
	ctx := trace.ContextWithSpanContext(t.Context(), chat)
	for name, text := range map[string]string{"gen_ai.user.message": "what is the weather", "gen_ai.choice": "it is sunny in Berlin"} {
		var r log.Record
		r.SetEventName(name)
		r.AddAttributes(log.String("gen_ai.system", "openai"), log.String("event.name", name))
		content := log.MapValue(log.String("content", text))
		if name == "gen_ai.choice" {
			content = log.MapValue(log.Int("index", 0), log.String("finish_reason", "stop"), log.Map("message", log.String("role", "assistant"), log.String("content", text)))
		}
		r.SetBody(content)
		lp.Logger("openai").Emit(ctx, r)
	}
	if err := lp.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	a.end()
	all := s.wantRun()
	id := "otel_" + chat.TraceID().String() + "_" + chat.SpanID().String()
	for _, e := range of(all, "llm_call") {
		if (e.ID == id) != strings.Contains(string(e.Messages), "what is the weather") {
			t.Errorf("the question of %s in %s: %s", id, e.ID, e.Messages)
		}
	}
}
