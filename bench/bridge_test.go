package main

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
	coltracepb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/otelbridge"
)

// marshaller is the OTLP exporter's other half as far as its work on a span goes: the request's body, without compression and network.
type marshaller struct{ bytes int }

func (*marshaller) Start(context.Context) error { return nil }
func (*marshaller) Stop(context.Context) error  { return nil }

func (m *marshaller) UploadTraces(_ context.Context, spans []*tracepb.ResourceSpans) error {
	body, err := proto.Marshal(&coltracepb.ExportTraceServiceRequest{ResourceSpans: spans})
	m.bytes += len(body)
	return err
}

// nowhere is a server of ours that is not there: the client's queue takes the events, the oldest give way, and nothing is sent.
type nowhere struct{}

func (nowhere) RoundTrip(*http.Request) (*http.Response, error) { return nil, errors.New("no network") }

func messages(roles ...string) string {
	type part struct {
		Type    string `json:"type"`
		Content string `json:"content"`
	}
	type message struct {
		Role  string `json:"role"`
		Parts []part `json:"parts"`
	}
	var list []message
	for _, role := range roles {
		list = append(list, message{role, []part{{"text", strings.Repeat("the parcel was \"sent\" on Monday and has not come, so ", 8)}}})
	}
	text, err := json.Marshal(list)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// chats are n spans of calls of a model with about 2 KB of conversation, ten a trace. Each round has others.
func chats(n, round int) []sdktrace.ReadOnlySpan {
	start, spans := time.Unix(1_800_000_000, 0), make([]sdktrace.ReadOnlySpan, n)
	in, out := messages("system", "user", "assistant", "user"), messages("assistant")
	for i := range spans {
		var traceID trace.TraceID
		var spanID trace.SpanID
		binary.BigEndian.PutUint64(traceID[:], uint64(round*n+i)/10+1)
		binary.BigEndian.PutUint64(spanID[:], uint64(round*n+i)+2)
		spans[i] = tracetest.SpanStub{
			Name: "chat gpt-4o", SpanKind: trace.SpanKindClient, StartTime: start, EndTime: start.Add(800 * time.Millisecond),
			SpanContext: trace.NewSpanContext(trace.SpanContextConfig{TraceID: traceID, SpanID: spanID, TraceFlags: trace.FlagsSampled}),
			Parent:      trace.NewSpanContext(trace.SpanContextConfig{TraceID: traceID, SpanID: trace.SpanID{1}, TraceFlags: trace.FlagsSampled}),
			Attributes: []attribute.KeyValue{
				attribute.String("gen_ai.operation.name", "chat"), attribute.String("gen_ai.provider.name", "openai"),
				attribute.String("gen_ai.request.model", "gpt-4o"), attribute.String("gen_ai.response.model", "gpt-4o-2024-08-06"),
				attribute.String("gen_ai.response.id", fmt.Sprint("chatcmpl-", round*n+i)), attribute.StringSlice("gen_ai.response.finish_reasons", []string{"stop"}),
				attribute.Float64("gen_ai.request.temperature", 0.2), attribute.Int("gen_ai.request.max_tokens", 256),
				attribute.Int("gen_ai.usage.input_tokens", 480), attribute.Int("gen_ai.usage.output_tokens", 96), attribute.Int("gen_ai.usage.cache_read.input_tokens", 128),
				attribute.String("gen_ai.conversation.id", "conv-7"), attribute.String("server.address", "api.openai.com"), attribute.Int("server.port", 443),
				attribute.String("gen_ai.input.messages", in), attribute.String("gen_ai.output.messages", out),
			},
		}.Snapshot()
	}
	return spans
}

// BenchmarkBridge is what one finished span costs in the background: read, put into its trace and recorded by our bridge, or made a part of an OTLP request by
// OpenTelemetry's own exporter.
func BenchmarkBridge(b *testing.B) {
	const perRound = 500
	b.Run("sentrial", func(b *testing.B) {
		client, err := sentrial.New(sentrial.WithAPIURL("http://127.0.0.1"), sentrial.WithHTTPClient(&http.Client{Transport: nowhere{}}), sentrial.WithQueueBytes(8<<20),
			sentrial.WithLogger(slog.New(slog.DiscardHandler)))
		if err != nil {
			b.Fatal(err)
		}
		exportRounds(b, perRound, func() sdktrace.SpanExporter { return otelbridge.NewExporter(client) })
		expired, cancel := context.WithCancel(b.Context())
		cancel()
		if client.Close(expired) == nil {
			b.Error("events were delivered to nobody")
		}
	})
	b.Run("otlptrace", func(b *testing.B) {
		m := new(marshaller)
		exportRounds(b, perRound, func() sdktrace.SpanExporter {
			exporter, err := otlptrace.New(b.Context(), m)
			if err != nil {
				b.Fatal(err)
			}
			return exporter
		})
	})
}

func exportRounds(b *testing.B, n int, newExporter func() sdktrace.SpanExporter) {
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		spans := chats(n, i)
		exporter := newExporter()
		b.StartTimer()
		if err := exporter.ExportSpans(b.Context(), spans); err != nil {
			b.Fatal(err)
		}
		if err := exporter.Shutdown(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/span")
}
