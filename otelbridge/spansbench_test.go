package otelbridge_test

import (
	"context"
	"log/slog"
	"net/http"
	"testing"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/types"
)

// BenchmarkTrackWithSpans is what a call costs that records an LLM call, without spans and with them. The spans themselves are OpenTelemetry's and go nowhere.
func BenchmarkTrackWithSpans(b *testing.B) {
	spans := func(opts ...otelbridge.SpanOption) []sentrial.Option {
		return []sentrial.Option{sentrial.WithHook(otelbridge.WithSpans(sdktrace.NewTracerProvider(), opts...))}
	}
	recorded := func(opts ...otelbridge.SpanOption) []sentrial.Option {
		tp := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(sdktrace.NewBatchSpanProcessor(nowhere{}, sdktrace.WithBatchTimeout(time.Hour))))
		return []sentrial.Option{sentrial.WithHook(otelbridge.WithSpans(tp, opts...))}
	}
	for _, c := range []struct {
		name string
		opts []sentrial.Option
	}{
		{"without", nil},
		{"hook of nothing", []sentrial.Option{sentrial.WithHook(otelbridge.WithSpans(noop.NewTracerProvider()))}},
		{"spans of nobody", spans()},
		{"spans", recorded()},
		{"spans with content", recorded(otelbridge.WithSpanContent())},
		{"metrics", []sentrial.Option{sentrial.WithHook(otelbridge.WithMetrics(newMeter().provider()))}},
	} {
		b.Run(c.name, func(b *testing.B) {
			client, err := sentrial.New(append(c.opts, sentrial.WithAPIURL("http://127.0.0.1"), sentrial.WithHTTPClient(&http.Client{Transport: silent{}}),
				sentrial.WithQueueBytes(8<<20), sentrial.WithLogger(slog.New(slog.DiscardHandler)))...)
			if err != nil {
				b.Fatal(err)
			}
			defer client.Close(expired(b))
			ctx, session := client.CreateSession(b.Context(), "bench")
			call := types.LLMCall{
				Model: "gpt", Provider: "openai", Prompt: "What is the weather in Lisbon?", Response: "It is 18 degrees and cloudy.", FinishReason: "stop",
				Usage: types.Usage{PromptTokens: 88, CompletionTokens: 21}, Duration: time.Second,
			}
			b.ReportAllocs()
			for b.Loop() {
				session.TrackLLMCall(ctx, call)
			}
		})
	}
}

type nowhere struct{}

func (nowhere) ExportSpans(context.Context, []sdktrace.ReadOnlySpan) error { return nil }

func (nowhere) Shutdown(context.Context) error { return nil }

// silent is a server that answers nothing, so that only the caller's part is measured.
type silent struct{}

func (silent) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func expired(b *testing.B) context.Context {
	ctx, cancel := context.WithCancel(b.Context())
	cancel()
	return ctx
}
