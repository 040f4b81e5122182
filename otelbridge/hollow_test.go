package otelbridge_test

import (
	"strings"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/sentrialtest"
)

// hollow is a wrapper around no span: its methods panic.
type hollow struct{ sdktrace.ReadWriteSpan }

// A span whose methods panic is counted as refused, and takes nothing else along: neither the program nor the spans that are held.
func TestHollowSpans(t *testing.T) {
	rec := sentrialtest.New(t)
	rec.Allow(sentrialtest.LostEvents)
	spans := spansOf(t, t.Context(), weather())
	exporter, processor := otelbridge.NewExporter(rec.Client()), otelbridge.NewSpanProcessor(rec.Client(), otelbridge.WithUnsampledSpans())
	export(t, exporter, spans[:4]...)
	export(t, exporter, hollow{})
	export(t, exporter, spans[4:]...)
	processor.OnStart(t.Context(), hollow{})
	processor.OnEnd(hollow{})
	shutDown(t, exporter)
	shutDown(t, processor)
	if err := exporter.ExportSpans(t.Context(), []sdktrace.ReadOnlySpan{hollow{}}); err == nil {
		t.Error("a span was taken after Shutdown")
	}
	if refused := rec.Client().Stats().Refused; refused[sentrial.DropInvalid] != 2 || refused[sentrial.DropClosed] != 1 {
		t.Errorf("refused = %v, want two of the spans as invalid and one that came too late", refused)
	}
	wantRun(t, rec)
}

// A mistake in the reading of one span loses that one alone.
func TestADialectThatPanics(t *testing.T) {
	rec := sentrialtest.New(t)
	rec.Allow(sentrialtest.LostEvents)
	processor := otelbridge.NewSpanProcessor(rec.Client(), otelbridge.WithMapperFilter(func(s *genai.Span) bool {
		if strings.HasPrefix(s.Name, "bad") {
			panic("a dialect")
		}
		return true
	}))
	for _, s := range spansOf(t, t.Context(), work{name: "invoke_agent a", attrs: op("invoke_agent"), inside: []work{
		{name: "execute_tool x", attrs: op("execute_tool")}, {name: "bad", attrs: op("chat")}, {name: "execute_tool y", attrs: op("execute_tool")},
	}}) {
		processor.OnEnd(s)
	}
	for _, s := range spansOf(t, t.Context(), work{name: "bad", attrs: op("chat")}) {
		processor.OnEnd(s)
	}
	shutDown(t, processor)
	if refused := rec.Client().Stats().Refused[sentrial.DropInvalid]; refused != 2 {
		t.Errorf("%d spans refused, want 2", refused)
	}
	if tools, sessions := rec.ToolCalls(), rec.Sessions(); len(tools) != 2 || len(sessions) != 1 {
		t.Errorf("tools %v in sessions %v", tools, sessions)
	}
}
