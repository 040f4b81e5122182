package otelbridge_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

func manyAttributes(n int) (list []attribute.KeyValue) {
	for i := range n {
		list = append(list, attribute.String(fmt.Sprintf("app.key.%d", i), "value"))
	}
	return list
}

func manyEvents(n int) (list []sdktrace.Event) {
	for i := range n {
		list = append(list, sdktrace.Event{Name: "exception", Time: after(i), Attributes: op("chat", attribute.String("exception.message", "x"))})
	}
	return list
}

// nobodys are a trace and a span that other spans may name.
func sampled(traceID byte, spanID byte) trace.SpanContext {
	return trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{15: traceID}, SpanID: trace.SpanID{7: spanID}, TraceFlags: trace.FlagsSampled})
}

// TestRow69HostileSpans: whatever a span is like, it becomes an event or is refused under a reason, and OnEnd takes none of anybody's time.
func TestRow69HostileSpans(t *testing.T) {
	chat := func(s tracetest.SpanStub) tracetest.SpanStub {
		s.Name, s.Attributes = "chat m", append(op("chat", attribute.String("gen_ai.request.model", "m")), s.Attributes...)
		if !s.SpanContext.IsValid() && s.SpanContext.TraceFlags() == 0 {
			s.SpanContext = sampled(1, 1)
		}
		return s
	}
	whole := tracetest.SpanStub{StartTime: after(0), EndTime: after(10)}
	with := func(change func(*tracetest.SpanStub)) tracetest.SpanStub {
		s := whole
		change(&s)
		return chat(s)
	}
	for name, test := range map[string]struct {
		span  tracetest.SpanStub
		check func(*testing.T, types.Event)
		bad   bool // no event, refused as invalid
	}{
		"10,000 attributes": {span: with(func(s *tracetest.SpanStub) { s.Attributes = manyAttributes(10_000) })},
		"10,000 events":     {span: with(func(s *tracetest.SpanStub) { s.Events = manyEvents(10_000) })},
		"10,000 links":      {span: with(func(s *tracetest.SpanStub) { s.Links = make([]sdktrace.Link, 10_000) })},
		"a megabyte in a value": {span: with(func(s *tracetest.SpanStub) {
			s.Attributes = []attribute.KeyValue{attribute.String("gen_ai.input.messages", strings.Repeat("x", 2<<20))}
		})},
		"no times": {span: with(func(s *tracetest.SpanStub) { s.StartTime, s.EndTime = time.Time{}, time.Time{} }), check: func(t *testing.T, e types.Event) {
			if e.Duration != 0 || e.Timestamp.IsZero() {
				t.Errorf("it begins at %v and takes %v", e.Timestamp, e.Duration)
			}
		}},
		"an end before the start": {span: with(func(s *tracetest.SpanStub) { s.StartTime, s.EndTime = after(50), after(10) }), check: func(t *testing.T, e types.Event) {
			if e.Duration != 0 || !e.Timestamp.Equal(after(50)) {
				t.Errorf("it begins at %v and takes %v", e.Timestamp, e.Duration)
			}
		}},
		"a time beyond years":       {span: with(func(s *tracetest.SpanStub) { s.EndTime = time.Unix(1<<40, 0) })},
		"its own parent":            {span: with(func(s *tracetest.SpanStub) { s.Parent = sampled(1, 1) })},
		"a parent of another trace": {span: with(func(s *tracetest.SpanStub) { s.Parent = sampled(2, 1) })},
		"no trace id":               {span: with(func(s *tracetest.SpanStub) { s.SpanContext = sampled(0, 1) }), bad: true},
		"no span id":                {span: with(func(s *tracetest.SpanStub) { s.SpanContext = sampled(1, 0) }), bad: true},
		"texts that are none": {span: with(func(s *tracetest.SpanStub) {
			s.Attributes = []attribute.KeyValue{attribute.String("gen_ai.output.messages", "\xff\xfe"), attribute.String("\xff", "\x00"), attribute.String("", "x"), {}}
			s.Status = sdktrace.Status{Code: codes.Error, Description: "\xff"}
		})},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				rec := sentrialtest.New(t)
				if test.bad {
					rec.Allow(sentrialtest.LostEvents)
				}
				processor := otelbridge.NewSpanProcessor(rec.Client())
				processor.OnEnd(test.span.Snapshot())
				processor.OnEnd(nil)
				if err := otelbridge.NewExporter(rec.Client()).ExportSpans(t.Context(), []sdktrace.ReadOnlySpan{nil}); err != nil {
					t.Error(err)
				}
				calls := 0
				for _, e := range rec.Events() {
					if e.LLMCall != nil {
						calls++
						if test.check != nil {
							test.check(t, e)
						}
					}
				}
				stats := rec.Client().Stats()
				if test.bad != (calls == 0) || test.bad != (stats.Refused[sentrial.DropInvalid] == 1) {
					t.Errorf("%d calls, stats %+v", calls, stats)
				}
				if err := processor.Shutdown(t.Context()); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// blocked is a redactor of a program that hangs.
type blocked chan struct{}

func (b blocked) Redact(context.Context, *types.Event) error {
	<-b
	return nil
}

// TestRow69OnEndNeverWaits: with the bridge's goroutine stuck in code of the program's, OnEnd and ExportSpans go on, and what does not fit is counted.
func TestRow69OnEndNeverWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stuck := make(blocked)
		rec := sentrialtest.New(t, sentrial.WithRedactor(stuck))
		rec.Allow(sentrialtest.LostEvents)
		const room = 10
		processor := otelbridge.NewSpanProcessor(rec.Client(), otelbridge.WithTraceBuffer(room))
		exporter := otelbridge.NewExporter(rec.Client(), otelbridge.WithTraceBuffer(room))
		span := func(i int) sdktrace.ReadOnlySpan {
			return tracetest.SpanStub{Name: "execute_tool x", SpanContext: sampled(byte(i+1), 1), StartTime: after(0), EndTime: after(1), Attributes: op("execute_tool")}.Snapshot()
		}
		begun := time.Now()
		processor.OnEnd(span(0))
		if err := exporter.ExportSpans(t.Context(), []sdktrace.ReadOnlySpan{span(200)}); err != nil {
			t.Error(err)
		}
		pass(time.Minute) // both are in the redactor
		began := time.Now()
		var many []sdktrace.ReadOnlySpan
		for i := range 3 * room {
			processor.OnEnd(span(100 + i))
			many = append(many, span(150+i))
		}
		err := exporter.ExportSpans(t.Context(), many)
		if took := time.Since(began); took != 0 || begun.After(began) {
			t.Errorf("it took %v", took)
		}
		if err == nil || !strings.Contains(err.Error(), "20 of 30 spans") {
			t.Errorf("ExportSpans: %v, want an error that says that 20 of 30 were refused", err)
		}
		if refused := rec.Client().Stats().Refused[sentrial.DropOverflow]; refused != 2*2*room {
			t.Errorf("%d spans refused, want %d", refused, 2*2*room)
		}
		close(stuck)
		if calls := rec.ToolCalls(); len(calls) != 2*(room+1) {
			t.Errorf("%d calls, want the %d that found room", len(calls), 2*(room+1))
		}
	})
}
