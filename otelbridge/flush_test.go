package otelbridge_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/sentrialtest"
)

// ForceFlush gives what there is, and what it cannot it says. Recording takes no time, so that is done in any case.
func TestForceFlush(t *testing.T) {
	rec := sentrialtest.New(t)
	r := newTraced(t, rec)
	ctx, root := r.tracer.Start(t.Context(), "GET /")
	defer root.End()
	work{name: "execute_tool x", attrs: op("execute_tool")}.run(ctx, r.tracer)
	if err := r.provider.ForceFlush(t.Context()); err != nil {
		t.Error(err)
	}
	if stats := rec.Client().Stats(); stats.Delivered != 2 || stats.Queued != 0 {
		t.Errorf("stats = %+v, want the opening and the call delivered", stats)
	}
	done, cancel := context.WithCancel(t.Context())
	cancel()
	work{name: "execute_tool y", attrs: op("execute_tool")}.run(ctx, r.tracer)
	if err := r.processor.ForceFlush(done); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("ForceFlush without time: %v", err)
	}
	if stats := rec.Client().Stats(); stats.Accepted != 3 {
		t.Errorf("stats = %+v, want the second call recorded, delivered or not", stats)
	}
	if names := toolNames(rec); !slices.Equal(names, []string{"x", "y"}) {
		t.Errorf("tools %v", names)
	}
}

func toolNames(rec *sentrialtest.Recorder) (names []string) {
	for _, c := range rec.ToolCalls() {
		names = append(names, c.ToolName)
	}
	slices.Sort(names)
	return names
}

// A processor for nobody does nothing.
func TestProcessorThatRecordsNothing(t *testing.T) {
	tp := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(otelbridge.NewSpanProcessor(nil)))
	var none *otelbridge.SpanProcessor
	tp.RegisterSpanProcessor(none)
	_, span := tp.Tracer("test").Start(t.Context(), "x", trace.WithAttributes(op("chat")...))
	span.End()
	none.CloseSession("s")
	if err := errors.Join(tp.ForceFlush(t.Context()), tp.Shutdown(t.Context())); err != nil {
		t.Error(err)
	}
}

// Flushes without time leave nothing behind while the bridge's goroutine is stuck in code of the program's.
func TestFlushesOfAStuckBridge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stuck := make(blocked)
		rec := sentrialtest.New(t, sentrial.WithRedactor(stuck))
		r := newTraced(t, rec)
		work{name: "execute_tool x", attrs: op("execute_tool")}.run(t.Context(), r.tracer)
		pass(time.Minute)
		done, cancel := context.WithCancel(t.Context())
		cancel()
		before := runtime.NumGoroutine()
		for range 50 {
			if err := r.processor.ForceFlush(done); !errors.Is(err, context.Canceled) {
				t.Errorf("ForceFlush: %v", err)
			}
			synctest.Wait()
		}
		if more := runtime.NumGoroutine() - before; more > 10 { // of which some may be the test binary's own
			t.Errorf("%d goroutines wait", more)
		}
		close(stuck)
		if names := toolNames(rec); !slices.Equal(names, []string{"x"}) {
			t.Errorf("tools %v", names)
		}
	})
}
