package anthropic_test

import (
	"testing"

	"github.com/anthropics/anthropic-sdk-go/option"
	sdktrace "go.opentelemetry.io/otel/sdk/trace" //nolint:depguard // the client under test has spans

	sentrialanthropic "github.com/sentrial/sentrial-go/integrations/anthropic"
	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// The client makes spans of its calls by itself. With the bridge behind its tracer both see a call.
func TestTheClientsOwnSpansAreTheSameCall(t *testing.T) {
	rec, fake := sentrialtest.New(t), serve(t, nil)
	bridge := otelbridge.NewSpanProcessor(rec.Client())
	tracers := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(bridge))
	model := newClient(fake.URL(), sentrialanthropic.WithTracking(rec.Client()), option.WithTracerProvider(tracers))
	ctx, session := rec.Client().CreateSession(t.Context(), "both")
	if err := say(ctx, model); err != nil {
		t.Fatal(err)
	}
	if err := tracers.Shutdown(ctx); err != nil {
		t.Fatal(err)
	}
	session.Close(ctx, types.SessionResult{})
	if call := onlyCall(t, rec); len(call.OutputMessages) == 0 {
		t.Errorf("recorded %+v, want the answer, which the span does not have", call)
	}
}
