package peer

import (
	"context"
	"encoding/json"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go/bench/work"
)

func otels() []Kind {
	kind := func(name, title, encoding string, opts ...otlptracehttp.Option) Kind {
		return Kind{
			Name: name, Title: title, Snapshot: true, Burst: burst, Encoding: encoding,
			New: func(c Config) (Peer, error) { return newOTel(c, opts) },
		}
	}
	return []Kind{
		kind(Reference, "OpenTelemetry", ""),
		kind(CompressedReference, "OpenTelemetry gzip", "gzip", otlptracehttp.WithCompression(otlptracehttp.GzipCompression)),
	}
}

// openTelemetry is the SDK with its batch processor and the OTLP/HTTP exporter. A call is a span below the agent's one; attributes hold no maps, so these are
// made JSON at the call.
type openTelemetry struct {
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
	ctx      context.Context //nolint:containedctx // what an agent would carry from call to call
	root     trace.Span
}

func newOTel(c Config, opts []otlptracehttp.Option) (Peer, error) {
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(error) {}))
	exporter, err := otlptracehttp.New(context.Background(), append(opts, otlptracehttp.WithEndpointURL(c.URL+"/v1/traces"))...)
	if err != nil {
		return nil, err
	}
	var batching []sdktrace.BatchSpanProcessorOption
	if c.Lossless {
		batching = append(batching, sdktrace.WithBlocking()) // a longer queue makes it neither faster nor cheaper, and takes 100 MB more
	}
	o := &openTelemetry{provider: sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter, batching...))}
	o.tracer = o.provider.Tracer("bench")
	o.ctx, o.root = o.tracer.Start(context.Background(), "answer")
	return o, nil
}

func (o *openTelemetry) ToolCall(t *work.Tool) {
	o.span("execute_tool", t.Duration,
		attribute.String("gen_ai.tool.name", t.Name),
		attribute.String("gen_ai.tool.call.arguments", jsonText(t.Input)),
		attribute.String("gen_ai.tool.call.result", jsonText(t.Output)),
		attribute.String("reasoning", t.Reasoning))
}

func (o *openTelemetry) LLMCall(l *work.LLM) {
	o.span("chat", l.Duration,
		attribute.String("gen_ai.request.model", l.Model),
		attribute.String("prompt", l.Prompt),
		attribute.String("response", l.Response),
		attribute.Int("gen_ai.usage.input_tokens", l.PromptTokens),
		attribute.Int("gen_ai.usage.output_tokens", l.CompletionTokens),
		attribute.Int("gen_ai.usage.total_tokens", l.TotalTokens),
		attribute.Float64("cost", l.Cost))
}

func (o *openTelemetry) span(name string, took time.Duration, attributes ...attribute.KeyValue) {
	now := time.Now()
	_, span := o.tracer.Start(o.ctx, name, trace.WithTimestamp(now.Add(-took)), trace.WithAttributes(attributes...))
	span.SetStatus(codes.Ok, "")
	span.End(trace.WithTimestamp(now))
}

func (o *openTelemetry) Close(ctx context.Context) error {
	o.root.End()
	return o.provider.Shutdown(ctx)
}

func jsonText(m map[string]any) string {
	b, err := json.Marshal(m)
	if err != nil {
		return err.Error()
	}
	return string(b)
}
