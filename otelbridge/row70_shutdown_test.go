package otelbridge_test

import (
	"context"
	"errors"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/leaktest"
	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/sentrialtest"
)

// ways are how a program may plug the bridge in.
var ways = map[string]func(*sentrial.Client) sdktrace.SpanProcessor{
	"processor": func(c *sentrial.Client) sdktrace.SpanProcessor { return otelbridge.NewSpanProcessor(c) },
	"exporter, batched": func(c *sentrial.Client) sdktrace.SpanProcessor {
		return sdktrace.NewBatchSpanProcessor(otelbridge.NewExporter(c))
	},
	"exporter, one by one": func(c *sentrial.Client) sdktrace.SpanProcessor {
		return sdktrace.NewSimpleSpanProcessor(otelbridge.NewExporter(c))
	},
}

// TestRow70ProviderFirst is the order of the documentation: everything that had ended is there, once, and nothing is left running.
func TestRow70ProviderFirst(t *testing.T) {
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			leaktest.Check(t)
			rec := sentrialtest.New(t)
			tp := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(way(rec.Client())))
			weather().run(t.Context(), tp.Tracer("test"))
			if err := errors.Join(tp.Shutdown(t.Context()), rec.Client().Close(t.Context())); err != nil {
				t.Fatal(err)
			}
			wantRun(t, rec)
		})
	}
}

// TestRow70ClientFirst: closing the client takes along what had ended, so only what the batch processor of OpenTelemetry still holds comes too late. It is counted.
func TestRow70ClientFirst(t *testing.T) {
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			leaktest.Check(t)
			rec := sentrialtest.New(t)
			tp := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(way(rec.Client())))
			weather().run(t.Context(), tp.Tracer("test"))
			if err := rec.Client().Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			err := tp.Shutdown(t.Context())
			stats := rec.Client().Stats()
			if name == "exporter, batched" {
				rec.Allow(sentrialtest.LostEvents)
				if stats.Accepted != 0 || stats.Refused[sentrial.DropClosed] != 6 {
					t.Errorf("stats = %+v, want 6 spans refused as closed", stats)
				}
				return
			}
			if err != nil || len(stats.Refused) > 0 {
				t.Errorf("Shutdown: %v, stats %+v", err, stats)
			}
			wantRun(t, rec)
		})
	}
}

func wantRun(t *testing.T, rec *sentrialtest.Recorder) {
	t.Helper()
	if calls, tools := rec.LLMCalls(), rec.ToolCalls(); len(calls) != 2 || len(tools) != 1 {
		t.Errorf("%d calls of models and %d of tools, want 2 and 1", len(calls), len(tools))
	}
	checkSession(t, rec)
	if stats := rec.Client().Stats(); stats.Duplicates > 0 || stats.Delivered != stats.Accepted || stats.Queued > 0 {
		t.Errorf("stats = %+v", stats)
	}
}

// TestRow70AfterTheEnd: spans that end after the client was closed, or the bridge shut down, are refused and counted; nothing hangs or panics.
func TestRow70AfterTheEnd(t *testing.T) {
	for name, end := range map[string]func(*sentrial.Client, *otelbridge.Exporter, *otelbridge.SpanProcessor) error{
		"closed": func(c *sentrial.Client, _ *otelbridge.Exporter, _ *otelbridge.SpanProcessor) error {
			return c.Close(context.Background())
		},
		"shut down": func(_ *sentrial.Client, e *otelbridge.Exporter, p *otelbridge.SpanProcessor) error {
			return errors.Join(e.Shutdown(context.Background()), p.Shutdown(context.Background()), e.Shutdown(context.Background()), p.Shutdown(context.Background()))
		},
	} {
		t.Run(name, func(t *testing.T) {
			leaktest.Check(t)
			rec := sentrialtest.New(t)
			rec.Allow(sentrialtest.LostEvents)
			exporter, processor := otelbridge.NewExporter(rec.Client()), otelbridge.NewSpanProcessor(rec.Client())
			spans := spansOf(t, t.Context(), weather())
			if err := end(rec.Client(), exporter, processor); err != nil {
				t.Fatal(err)
			}
			err := exporter.ExportSpans(t.Context(), spans)
			if err == nil || errors.Is(err, sentrial.ErrClosed) != (name == "closed") {
				t.Errorf("ExportSpans: %v", err)
			}
			for _, s := range spans {
				processor.OnEnd(s)
			}
			processor.CloseSession("s")
			if stats := rec.Client().Stats(); stats.Refused[sentrial.DropClosed] != uint64(2*len(spans)+1) || stats.Accepted > 0 {
				t.Errorf("stats = %+v, want %d refused", stats, 2*len(spans)+1)
			}
		})
	}
}

// TestRow70ShutdownWithoutTime: what takes no waiting is done without time too.
func TestRow70ShutdownWithoutTime(t *testing.T) {
	done, cancel := context.WithCancel(t.Context())
	cancel()
	for range 20 {
		rec := sentrialtest.New(t)
		processor := otelbridge.NewSpanProcessor(rec.Client())
		for _, s := range spansOf(t, t.Context(), weather()) {
			processor.OnEnd(s)
		}
		if err := processor.Shutdown(done); err != nil {
			t.Fatalf("nobody else was at it, and yet: %v", err)
		}
		wantRun(t, rec)
	}
}

// TestRow70EndedByAll: providers, bridges and the client may be ended at once, from anywhere.
func TestRow70EndedByAll(t *testing.T) {
	leaktest.Check(t)
	for range 20 {
		rec := sentrialtest.New(t)
		processor := otelbridge.NewSpanProcessor(rec.Client())
		tp := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(processor))
		weather().run(t.Context(), tp.Tracer("test"))
		done := make(chan error, 4)
		for _, end := range []func(context.Context) error{tp.Shutdown, processor.Shutdown, tp.ForceFlush, rec.Client().Close} {
			go func() { done <- end(t.Context()) }()
		}
		for range cap(done) {
			if err := <-done; err != nil && !errors.Is(err, sentrial.ErrClosed) {
				t.Error(err)
			}
		}
		wantRun(t, rec)
	}
}
