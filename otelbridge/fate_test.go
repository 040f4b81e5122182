package otelbridge_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/sentrialtest"
)

// Whatever is shut down, flushed and closed while spans end, each of them is an event or was refused, and nobody counts it twice.
func TestEverySpanHasAFate(t *testing.T) {
	for name, end := range map[string]func(*sentrial.Client, *otelbridge.SpanProcessor) error{
		"client":    func(c *sentrial.Client, _ *otelbridge.SpanProcessor) error { return c.Close(context.Background()) },
		"processor": func(_ *sentrial.Client, p *otelbridge.SpanProcessor) error { return p.Shutdown(context.Background()) },
		"flushes":   func(c *sentrial.Client, p *otelbridge.SpanProcessor) error { return p.ForceFlush(context.Background()) },
	} {
		t.Run(name, func(t *testing.T) {
			rec := sentrialtest.New(t)
			rec.Allow(sentrialtest.LostEvents)
			processor := otelbridge.NewSpanProcessor(rec.Client(), otelbridge.WithTraceBuffer(200)) // some find no room
			tracer := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(processor)).Tracer("test")
			const goroutines, spans = 8, 400
			var ended atomic.Int64
			var running sync.WaitGroup
			for range goroutines {
				running.Go(func() {
					for range spans {
						_, span := tracer.Start(context.Background(), "execute_tool x", trace.WithAttributes(op("execute_tool")...))
						span.End()
						if ended.Add(1) == goroutines*spans/2 {
							if err := end(rec.Client(), processor); err != nil {
								t.Error(err)
							}
						}
					}
				})
			}
			running.Wait()
			shutDown(t, processor)
			stats, refused := rec.Client().Stats(), 0
			for _, n := range stats.Refused {
				refused += int(n)
			}
			if calls := len(rec.ToolCalls()); calls+refused != goroutines*spans {
				t.Errorf("%d calls and %d refused of %d spans, stats %+v", calls, refused, goroutines*spans, stats)
			}
		})
	}
}
