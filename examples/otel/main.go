// Command otel is an agent that is instrumented with OpenTelemetry and nothing else: its spans are seen in Sentrial because of one line in main. The spans are written
// by hand here, after the GenAI conventions; in a real program an instrumentation of the model's client writes them, in whatever dialect it speaks.
//
//	SENTRIAL_API_URL=http://127.0.0.1:7437 go run ./examples/otel
package main

import (
	"context"
	"errors"
	"log"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/otelbridge"
)

func main() {
	client, err := sentrial.New()
	if err != nil {
		log.Fatal(err)
	}
	tp := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(otelbridge.NewSpanProcessor(client))) // the line
	ctx := context.Background()
	run(ctx, tp.Tracer("examples/otel"))
	if err := errors.Join(tp.Shutdown(ctx), client.Close(ctx)); err != nil {
		log.Fatal(err)
	}
}

// run asks for the weather: the model wants a tool, the tool answers, the model answers; a last question is one too many for the model.
func run(ctx context.Context, tracer trace.Tracer) {
	ctx, agent := tracer.Start(ctx, "invoke_agent weather", trace.WithAttributes(
		attribute.String("gen_ai.operation.name", "invoke_agent"), attribute.String("gen_ai.agent.name", "weather"),
		attribute.String("session.id", "weather-7"), attribute.String("user.id", "ada")))
	defer agent.End()
	chat(ctx, tracer, `[{"role":"user","parts":[{"type":"text","content":"Do I need a coat in Oslo?"}]}]`,
		`[{"role":"assistant","finish_reason":"tool_call","parts":[{"type":"tool_call","id":"c1","name":"forecast","arguments":{"city":"Oslo"}}]}]`)
	_, tool := tracer.Start(ctx, "execute_tool forecast", trace.WithAttributes(
		attribute.String("gen_ai.operation.name", "execute_tool"), attribute.String("gen_ai.tool.name", "forecast"),
		attribute.String("gen_ai.tool.call.id", "c1"), attribute.String("gen_ai.tool.call.arguments", `{"city":"Oslo"}`),
		attribute.String("gen_ai.tool.call.result", `{"celsius":-4,"snow":true}`)))
	tool.End()
	chat(ctx, tracer, `[{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":{"celsius":-4,"snow":true}}]}]`,
		`[{"role":"assistant","finish_reason":"stop","parts":[{"type":"text","content":"Yes, a warm one."}]}]`)
	_, failed := startChat(ctx, tracer, `[{"role":"user","parts":[{"type":"text","content":"And in Bergen?"}]}]`)
	failed.SetStatus(codes.Error, "429: slow down")
	failed.SetAttributes(attribute.String("error.type", "rate_limited"))
	failed.End()
}

// chat is a call of the model, as an instrumentation tells of it.
func chat(ctx context.Context, tracer trace.Tracer, in, out string) {
	_, span := startChat(ctx, tracer, in)
	span.SetAttributes(attribute.String("gen_ai.response.model", "gpt-4o-mini-2024-07-18"), attribute.String("gen_ai.output.messages", out),
		attribute.Int("gen_ai.usage.input_tokens", 60), attribute.Int("gen_ai.usage.output_tokens", 12))
	span.End()
}

func startChat(ctx context.Context, tracer trace.Tracer, in string) (context.Context, trace.Span) {
	return tracer.Start(ctx, "chat gpt-4o-mini", trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
		attribute.String("gen_ai.operation.name", "chat"), attribute.String("gen_ai.provider.name", "openai"),
		attribute.String("gen_ai.request.model", "gpt-4o-mini"), attribute.String("gen_ai.input.messages", in)))
}
