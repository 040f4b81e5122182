package otelbridge_test

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/types"
)

// sink is a server that takes everything.
type sink struct{}

func (sink) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	r.Body.Close()
	if err != nil {
		return nil, err
	}
	return answered(r, countEvents(body)), nil
}

func benchClient(b *testing.B) *sentrial.Client {
	client, err := sentrial.New(sentrial.WithAPIURL("http://127.0.0.1"), sentrial.WithHTTPClient(&http.Client{Transport: sink{}}), sentrial.WithProtocol(sentrial.ProtocolBatch),
		sentrial.WithCompression(sentrial.CompressionNone), sentrial.WithLogger(slog.New(slog.DiscardHandler)), sentrial.WithOverflow(sentrial.Block))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := client.Close(context.Background()); err != nil {
			b.Error(err)
		}
		if s := client.Stats(); s.Delivered != s.Accepted || len(s.Refused) > 0 {
			b.Errorf("stats = %+v", s)
		}
	})
	return client
}

// conversation is a question and an answer of about 2 KB with what came before, as a model is given them.
func conversation() (in, out []types.Message) {
	text := func(role, s string) types.Message {
		return types.Message{Role: role, Parts: []types.Part{{Type: "text", Content: s}}}
	}
	words := strings.Repeat("the parcel was \"sent\" on Monday and has not come, so ", 8)
	return []types.Message{text("system", words), text("user", words), text("assistant", words), text("user", words)}, []types.Message{text("assistant", words)}
}

func chatCall() types.LLMCall {
	in, out := conversation()
	return types.LLMCall{
		Model: "gpt-4o-2024-08-06", RequestModel: "gpt-4o", Provider: "openai", Operation: "chat", ResponseID: "chatcmpl-1", Messages: in, OutputMessages: out,
		Parameters: map[string]any{"temperature": 0.2, "max_tokens": 256}, Usage: types.Usage{PromptTokens: 480, CompletionTokens: 96, TotalTokens: 576, CachedTokens: 128},
		FinishReason: "stop", StartTime: after(0), Duration: 800 * time.Millisecond, Status: types.StatusSuccess,
	}
}

func asAttribute(messages []types.Message) string {
	type part struct {
		Type    string `json:"type"`
		Content string `json:"content"`
	}
	type message struct {
		Role  string `json:"role"`
		Parts []part `json:"parts"`
	}
	var list []message
	for _, m := range messages {
		list = append(list, message{m.Role, []part{{"text", m.Parts[0].Content}}})
	}
	data, err := json.Marshal(list)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// chatStub is the same call as a span of the conventions.
func chatStub() tracetest.SpanStub {
	in, out := conversation()
	return tracetest.SpanStub{
		Name: "chat gpt-4o", SpanKind: trace.SpanKindClient, StartTime: after(0), EndTime: after(800),
		Attributes: op("chat",
			attribute.String("gen_ai.provider.name", "openai"), attribute.String("gen_ai.request.model", "gpt-4o"), attribute.String("gen_ai.response.model", "gpt-4o-2024-08-06"),
			attribute.String("gen_ai.response.id", "chatcmpl-1"), attribute.StringSlice("gen_ai.response.finish_reasons", []string{"stop"}),
			attribute.Float64("gen_ai.request.temperature", 0.2), attribute.Int("gen_ai.request.max_tokens", 256),
			attribute.Int("gen_ai.usage.input_tokens", 480), attribute.Int("gen_ai.usage.output_tokens", 96), attribute.Int("gen_ai.usage.cache_read.input_tokens", 128),
			attribute.String("gen_ai.conversation.id", "conv-7"), attribute.String("server.address", "api.openai.com"), attribute.Int("server.port", 443),
			attribute.String("gen_ai.input.messages", asAttribute(in)), attribute.String("gen_ai.output.messages", asAttribute(out))),
	}
}

// chatSpans are n such spans in traces of ten, below an agent that is not among them. Each call gives others.
func chatSpans(n, call int) []sdktrace.ReadOnlySpan {
	stub, spans := chatStub(), make([]sdktrace.ReadOnlySpan, n)
	for i := range spans {
		var traceID trace.TraceID
		var spanID trace.SpanID
		binary.BigEndian.PutUint64(traceID[:], uint64(call*n+i)/10+1)
		binary.BigEndian.PutUint64(spanID[:], uint64(call*n+i)+2)
		stub.SpanContext = trace.NewSpanContext(trace.SpanContextConfig{TraceID: traceID, SpanID: spanID, TraceFlags: trace.FlagsSampled})
		stub.Parent = trace.NewSpanContext(trace.SpanContextConfig{TraceID: traceID, SpanID: trace.SpanID{1}, TraceFlags: trace.FlagsSampled})
		stub.Attributes[3] = attribute.String("gen_ai.response.id", fmt.Sprint("chatcmpl-", call*n+i))
		spans[i] = stub.Snapshot()
		stub.Attributes = append([]attribute.KeyValue(nil), stub.Attributes...)
	}
	return spans
}

const perRound = 500

// BenchmarkOnEnd is what a span that ends costs the program. BenchmarkTrackChat is the same call recorded by hand.
func BenchmarkOnEnd(b *testing.B) {
	processor := otelbridge.NewSpanProcessor(benchClient(b), otelbridge.WithTraceBuffer(100*perRound))
	spans := chatSpans(perRound, 0)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if processor.OnEnd(spans[i%perRound]); i%perRound == perRound-1 {
			b.StopTimer()
			if err := processor.ForceFlush(b.Context()); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
		}
	}
}

func BenchmarkTrackChat(b *testing.B) {
	session := benchClient(b).Session("bench")
	call := chatCall()
	b.ReportAllocs()
	for b.Loop() {
		session.TrackLLMCall(b.Context(), call)
	}
}

// BenchmarkOnStart is what a span that begins costs the program besides.
func BenchmarkOnStart(b *testing.B) {
	for name, attrs := range map[string][]attribute.KeyValue{
		"chat": chatStub().Attributes[:6],
		"http": {attribute.String("http.request.method", "GET"), attribute.String("http.route", "/users/{id}"), attribute.String("url.path", "/users/7"), attribute.Int("server.port", 80)},
	} {
		b.Run(name, func(b *testing.B) {
			processor := otelbridge.NewSpanProcessor(benchClient(b))
			tp := sdktrace.NewTracerProvider()
			ctx, root := tp.Tracer("bench").Start(b.Context(), "GET /")
			_, span := tp.Tracer("bench").Start(ctx, "inner", trace.WithAttributes(attrs...))
			processor.OnStart(b.Context(), root.(sdktrace.ReadWriteSpan))
			b.ReportAllocs()
			for b.Loop() {
				processor.OnStart(ctx, span.(sdktrace.ReadWriteSpan))
			}
		})
	}
}

// outage is a server that is not there, so that nothing but the mapping works.
type outage struct{}

func (outage) RoundTrip(*http.Request) (*http.Response, error) { return nil, errors.New("no network") }

// BenchmarkMap is the work of the bridge's goroutine on one span, up to the client's queue, whose oldest events give way. The module bench has it beside
// OpenTelemetry's own export.
func BenchmarkMap(b *testing.B) {
	client, err := sentrial.New(sentrial.WithAPIURL("http://127.0.0.1"), sentrial.WithHTTPClient(&http.Client{Transport: outage{}}), sentrial.WithLogger(slog.New(slog.DiscardHandler)),
		sentrial.WithQueueBytes(8<<20))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		spans := chatSpans(perRound, i)
		exporter := otelbridge.NewExporter(client)
		b.StartTimer()
		if err := errors.Join(exporter.ExportSpans(b.Context(), spans), exporter.Shutdown(b.Context())); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*perRound), "ns/span")
	expired, cancel := context.WithCancel(b.Context())
	cancel()
	if client.Close(expired) == nil {
		b.Error("events were delivered to nobody")
	}
}
