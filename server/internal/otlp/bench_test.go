package otlp_test

import (
	"fmt"
	"strings"
	"testing"

	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"github.com/sentrial/sentrial-go/server/internal/otlp"
)

// chat is a span as instrumentations make one of a call to a model, with its content.
func chat(n int) *tracepb.Span {
	s := aSpan(byte(n))
	s.SpanId = fmt.Appendf(nil, "%08d", n)
	s.Attributes = []*commonpb.KeyValue{
		kv("gen_ai.operation.name", str("chat")), kv("gen_ai.provider.name", str("openai")), kv("gen_ai.request.model", str("gpt-5")), kv("gen_ai.response.model", str("gpt-5-2026-01-01")),
		kv("gen_ai.usage.input_tokens", integer(1200)), kv("gen_ai.usage.output_tokens", integer(80)), kv("gen_ai.conversation.id", str("conversation-7")),
		kv("gen_ai.response.finish_reasons", array(str("stop"))), kv("server.address", str("api.openai.com")), kv("server.port", integer(443)),
		kv("gen_ai.input.messages", str(`[{"role":"user","parts":[{"type":"text","content":"`+strings.Repeat("What is it like outside? ", 40)+`"}]}]`)),
		kv("gen_ai.output.messages", kvlist(kv("role", str("assistant")), kv("parts", array(kvlist(kv("type", str("text")), kv("content", str(strings.Repeat("Rain. ", 40)))))))),
	}
	return s
}

// BenchmarkTraces reads a batch of 500 such spans.
func BenchmarkTraces(b *testing.B) {
	var spans []*tracepb.Span
	for n := range 500 {
		spans = append(spans, chat(n))
	}
	forms := inForms(b, traces(spans...))
	for _, name := range []string{"protobuf", "JSON"} {
		b.Run(name, func(b *testing.B) {
			f := forms[name]
			b.SetBytes(int64(len(f.Body)))
			b.ReportAllocs()
			for b.Loop() {
				if got, _, err := otlp.Traces(f.Body, f.Form, otlp.StandardLimits()); err != nil || len(got) != len(spans) {
					b.Fatal(len(got), err)
				}
			}
		})
	}
}
