package otelbridge_test

import (
	"context"
	"testing"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// traced is a program with a processor between its spans and a recorder.
type traced struct {
	*sentrialtest.Recorder
	processor *otelbridge.SpanProcessor
	provider  *sdktrace.TracerProvider
	tracer    trace.Tracer
}

func newTraced(t *testing.T, rec *sentrialtest.Recorder, opts ...otelbridge.Option) *traced {
	t.Helper()
	p := otelbridge.NewSpanProcessor(rec.Client(), opts...)
	tp := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(p))
	t.Cleanup(func() {
		if err := tp.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return &traced{rec, p, tp, tp.Tracer("test")}
}

// byType gives the events of each type, in the order in which they began.
func (r *traced) byType() map[types.EventType][]types.Event {
	found := make(map[types.EventType][]types.Event)
	for _, e := range r.Events() {
		found[e.Type] = append(found[e.Type], e)
	}
	return found
}

// pass lets the time of a bubble go by.
func pass(d time.Duration) { time.Sleep(d) }
