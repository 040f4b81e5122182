package genai_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// What it costs to find out what one call of a model is, and all that it says. The conversation is of about 2 KB.
func BenchmarkRead(b *testing.B) {
	for _, bench := range []struct {
		name string
		span *genai.Span
	}{
		{"semconv", semconvCall()}, {"openinference", openInferenceCall()}, {"outside", outsideSpan()},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				genai.Read(bench.span)
			}
		})
	}
}

var (
	benchSystem = strings.Repeat("You sell books and know every shelf by heart. ", 12)
	benchAsked  = strings.Repeat("Do you have that book about the whale, \\\"Moby-Dick\\\"? ", 12)
	benchFound  = `{"shelf":"C4","copies":2,"notes":"` + strings.Repeat("slightly worn; ", 20) + `"}`
)

func callOf(scope string, attributes ...genai.Attribute) *genai.Span {
	start := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	return &genai.Span{
		TraceID: genai.TraceID{1}, SpanID: genai.SpanID{2}, ParentID: genai.SpanID{1}, Name: "chat gpt-4o", Kind: genai.SpanKindClient,
		Start: start, End: start.Add(time.Second), Scope: genai.Scope{Name: scope}, Attributes: attributes,
	}
}

func semconvCall() *genai.Span {
	input := fmt.Sprintf(`[{"role":"user","parts":[{"type":"text","content":"%s"}]},`+
		`{"role":"assistant","parts":[{"type":"tool_call","id":"call_1","name":"find_book","arguments":{"title":"Moby-Dick"}}]},`+
		`{"role":"tool","parts":[{"type":"tool_call_response","id":"call_1","response":%s}]}]`, benchAsked, benchFound)
	return callOf("example.org/shop",
		genai.Attribute{Key: "gen_ai.operation.name", Value: "chat"}, genai.Attribute{Key: "gen_ai.provider.name", Value: "openai"},
		genai.Attribute{Key: "gen_ai.request.model", Value: "gpt-4o"}, genai.Attribute{Key: "gen_ai.response.model", Value: "gpt-4o-2024-11-20"},
		genai.Attribute{Key: "gen_ai.response.id", Value: "chatcmpl-1"}, genai.Attribute{Key: "gen_ai.request.temperature", Value: 0.2},
		genai.Attribute{Key: "gen_ai.request.max_tokens", Value: int64(256)}, genai.Attribute{Key: "gen_ai.conversation.id", Value: "visit-1"},
		genai.Attribute{Key: "gen_ai.response.finish_reasons", Value: []string{"stop"}}, genai.Attribute{Key: "gen_ai.usage.input_tokens", Value: int64(420)},
		genai.Attribute{Key: "gen_ai.usage.output_tokens", Value: int64(17)}, genai.Attribute{Key: "server.address", Value: "api.openai.com"},
		genai.Attribute{Key: "gen_ai.system_instructions", Value: `[{"type":"text","content":"` + benchSystem + `"}]`},
		genai.Attribute{Key: "gen_ai.input.messages", Value: input},
		genai.Attribute{Key: "gen_ai.output.messages", Value: `[{"role":"assistant","parts":[{"type":"text","content":"Yes, two copies on shelf C4."}],"finish_reason":"stop"}]`},
	)
}

func openInferenceCall() *genai.Span {
	body := `{"id":"chatcmpl-1","object":"chat.completion","model":"gpt-4o-2024-11-20","choices":[{"index":0,"finish_reason":"stop",` +
		`"message":{"role":"assistant","content":"Yes, two copies on shelf C4."}}],"usage":{"prompt_tokens":420,"completion_tokens":17,"total_tokens":437}}`
	return callOf("@arizeai/openinference-instrumentation-openai",
		genai.Attribute{Key: "openinference.span.kind", Value: "LLM"}, genai.Attribute{Key: "llm.model_name", Value: "gpt-4o-2024-11-20"},
		genai.Attribute{Key: "llm.provider", Value: "openai"}, genai.Attribute{Key: "llm.system", Value: "openai"},
		genai.Attribute{Key: "llm.invocation_parameters", Value: `{"model":"gpt-4o","temperature":0.2,"max_tokens":256}`},
		genai.Attribute{Key: "session.id", Value: "visit-1"}, genai.Attribute{Key: "metadata", Value: `{"shop":"Porto"}`},
		genai.Attribute{Key: "input.value", Value: `{"model":"gpt-4o","messages":[{"role":"system","content":"` + benchSystem + `"},{"role":"user","content":"` + benchAsked + `"}]}`},
		genai.Attribute{Key: "input.mime_type", Value: "application/json"},
		genai.Attribute{Key: "llm.input_messages.0.message.role", Value: "system"}, genai.Attribute{Key: "llm.input_messages.0.message.content", Value: benchSystem},
		genai.Attribute{Key: "llm.input_messages.1.message.role", Value: "user"}, genai.Attribute{Key: "llm.input_messages.1.message.content", Value: benchAsked},
		genai.Attribute{Key: "llm.input_messages.2.message.role", Value: "assistant"},
		genai.Attribute{Key: "llm.input_messages.2.message.tool_calls.0.tool_call.id", Value: "call_1"},
		genai.Attribute{Key: "llm.input_messages.2.message.tool_calls.0.tool_call.function.name", Value: "find_book"},
		genai.Attribute{Key: "llm.input_messages.2.message.tool_calls.0.tool_call.function.arguments", Value: `{"title":"Moby-Dick"}`},
		genai.Attribute{Key: "llm.input_messages.3.message.role", Value: "tool"}, genai.Attribute{Key: "llm.input_messages.3.message.tool_call_id", Value: "call_1"},
		genai.Attribute{Key: "llm.input_messages.3.message.content", Value: benchFound},
		genai.Attribute{Key: "llm.output_messages.0.message.role", Value: "assistant"},
		genai.Attribute{Key: "llm.output_messages.0.message.content", Value: "Yes, two copies on shelf C4."},
		genai.Attribute{Key: "output.value", Value: body}, genai.Attribute{Key: "output.mime_type", Value: "application/json"},
		genai.Attribute{Key: "llm.finish_reason", Value: "stop"}, genai.Attribute{Key: "llm.token_count.prompt", Value: int64(420)},
		genai.Attribute{Key: "llm.token_count.completion", Value: int64(17)}, genai.Attribute{Key: "llm.token_count.total", Value: int64(437)},
	)
}

func outsideSpan() *genai.Span {
	return callOf("@opentelemetry/instrumentation-http",
		genai.Attribute{Key: "http.request.method", Value: "GET"}, genai.Attribute{Key: "url.full", Value: "https://shop.example/books"},
		genai.Attribute{Key: "http.response.status_code", Value: int64(200)}, genai.Attribute{Key: "server.address", Value: "shop.example"},
		genai.Attribute{Key: "server.port", Value: int64(443)}, genai.Attribute{Key: "network.protocol.version", Value: "1.1"},
	)
}
