package otelbridge

import (
	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/otelbridge/internal/spans"
)

// WithSpans makes OpenTelemetry spans of what a client records, as it happens, for backends beside Sentrial:
//
//	client, err := sentrial.New(sentrial.WithHook(otelbridge.WithSpans(tp)))
//
// A session is a span invoke_agent, a call of a model chat (or its operation), one of a tool execute_tool, a decision plan, with the attributes of the GenAI
// conventions and, for what they have no name for, ours under sentrial. What the program's own instrumentation does inside nests in them. An error is an exception
// on the span it happened in. The spans carry no prompts, answers, reasons, inputs or outputs unless WithSpanContent says so, but error messages and metadata; what
// sentrial.WithContent keeps back is in none. They are marked sentrial.source=sdk, so a bridge to Sentrial in the same process leaves them out.
//
// tp is the program's own: flush it and shut it down after the client is closed, which ends spans that are still open.
func WithSpans(tp trace.TracerProvider, opts ...SpanOption) sentrial.Hook {
	var c spans.Config
	for _, o := range opts {
		if o != nil {
			o.applySpan(&c)
		}
	}
	return spans.New(tp, c)
}

// SpanOption configures WithSpans.
type SpanOption interface{ applySpan(*spans.Config) }

type spanOptionFunc func(*spans.Config)

func (f spanOptionFunc) applySpan(c *spans.Config) { f(c) }

// WithSpanContent puts into the spans what was said: messages, inputs and outputs, reasons and summaries. Whoever sees the traces reads it then.
func WithSpanContent() SpanOption {
	return spanOptionFunc(func(c *spans.Config) { c.Content = true })
}

// WithOpenInference also writes the attributes of OpenInference, for backends that read those alone, such as Phoenix.
func WithOpenInference() SpanOption {
	return spanOptionFunc(func(c *spans.Config) { c.OpenInference = true })
}
