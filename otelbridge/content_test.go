package otelbridge_test

import (
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/sentrialtest"
)

// Without content it is told that something failed, and not in which words.
func TestFailuresWithoutContent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newTraced(t, sentrialtest.New(t), otelbridge.WithoutContent())
		work{name: "execute_tool t", attrs: op("execute_tool"), end: func(s trace.Span) { s.SetStatus(codes.Error, "canary") }}.run(t.Context(), r.tracer)
		pass(time.Second)
		events := r.byType()
		if len(events["error"]) != 1 || events["error"][0].Error.ErrorMessage == "canary" || len(events["tool_call"]) != 1 || events["tool_call"][0].ToolCall.Error != "" {
			t.Errorf("events %+v", events)
		}
	})
}
