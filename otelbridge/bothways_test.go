package otelbridge_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// Both ways over one provider: each call is one event, and each event of the client one span, also of a run that goes on when the client is closed, as it is first.
func TestBothWaysOverOneProvider(t *testing.T) {
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			kept := tracetest.NewInMemoryExporter()
			tp := sdktrace.NewTracerProvider(sdktrace.WithSyncer(keeping{kept}))
			rec := sentrialtest.New(t, sentrial.WithHook(otelbridge.WithSpans(tp)))
			rec.Allow(sentrialtest.OpenSpans)
			tp.RegisterSpanProcessor(way(rec.Client()))
			weather().run(t.Context(), tp.Tracer("instrumentation"))
			ctx, _ := rec.Client().CreateSession(t.Context(), "ours")
			inside, _ := sentrial.StartStep(ctx, types.Step{Name: "goes on"})
			chatSpan(inside, tp.Tracer("instrumentation"))
			if err := errors.Join(tp.ForceFlush(t.Context()), rec.Client().Close(t.Context()), tp.Shutdown(t.Context())); err != nil {
				t.Error(err)
			}
			wantSpans(t, kept.GetSpans(), "POST", "chat gpt", "chat gpt", "chat gpt", "execute_tool get_weather", "goes on", "invoke_agent ours", "invoke_agent weather", "step 2")
			if stats := rec.Client().Stats(); len(rec.LLMCalls()) != 3 || len(rec.ToolCalls()) != 1 || len(stats.Refused) > 0 {
				t.Errorf("calls %v, stats %+v", rec.LLMCalls(), stats)
			}
		})
	}
}

func wantSpans(t *testing.T, spans tracetest.SpanStubs, want ...string) {
	t.Helper()
	var names []string
	for _, s := range spans {
		names = append(names, s.Name)
	}
	if slices.Sort(names); !slices.Equal(names, want) {
		t.Errorf("spans %q, want %q", names, want)
	}
}

// keeping keeps the spans after Shutdown too.
type keeping struct{ *tracetest.InMemoryExporter }

func (keeping) Shutdown(context.Context) error { return nil }
