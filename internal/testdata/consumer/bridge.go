package consumer

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/otelbridge"
)

// Shown is a client whose events are spans and metrics too, of the program's own providers.
func Shown(tp trace.TracerProvider, mp metric.MeterProvider, opts ...otelbridge.SpanOption) (*sentrial.Client, error) {
	return sentrial.New(sentrial.WithHook(otelbridge.WithSpans(tp, opts...)), sentrial.WithHook(otelbridge.WithMetrics(mp)))
}

// Everything is what the spans of a development machine say.
func Everything() []otelbridge.SpanOption {
	return []otelbridge.SpanOption{otelbridge.WithSpanContent(), otelbridge.WithOpenInference()}
}

// Traced is an agent that was instrumented with OpenTelemetry before: its spans become a session of the client.
func Traced(ctx context.Context, client *sentrial.Client) error {
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(otelbridge.NewExporter(client, otelbridge.WithSessionKeys("gen_ai.conversation.id"))))
	tracer := provider.Tracer("agent")
	conversation := attribute.String("gen_ai.conversation.id", "conversation-7")

	ctx, agent := tracer.Start(ctx, "invoke_agent helper", trace.WithAttributes(attribute.String("gen_ai.operation.name", "invoke_agent"), conversation))
	_, chat := tracer.Start(ctx, "chat small", trace.WithAttributes(
		attribute.String("gen_ai.operation.name", "chat"), attribute.String("gen_ai.request.model", "small"),
		attribute.Int("gen_ai.usage.input_tokens", 12), conversation))
	chat.End()
	_, tool := tracer.Start(ctx, "execute_tool search", trace.WithAttributes(
		attribute.String("gen_ai.operation.name", "execute_tool"), attribute.String("gen_ai.tool.name", "search"), conversation))
	tool.End()
	agent.End()
	return provider.Shutdown(ctx)
}
