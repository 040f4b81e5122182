package otelbridge_test

import (
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go/types"
)

// fail makes a span end as an instrumentation does on an error.
func fail(message string) func(trace.Span) {
	return func(s trace.Span) {
		s.AddEvent("exception", trace.WithTimestamp(after(77)), trace.WithAttributes(attribute.String("exception.type", "RateLimit"),
			attribute.String("exception.message", message), attribute.String("exception.stacktrace", "at line 1")))
		s.SetStatus(codes.Error, "status of "+message)
	}
}

// failingRun is an agent whose model fails, with the failure on every span that it passes through.
func failingRun(message string) work {
	return work{name: "invoke_agent a", to: 100, attrs: op("invoke_agent", attribute.String("gen_ai.agent.name", "a")), end: fail(message), inside: []work{{
		name: "step", from: 10, to: 90, end: fail(message), inside: []work{{
			name: "chat m", from: 20, to: 80, end: fail(message), attrs: op("chat", attribute.String("gen_ai.request.model", "m")),
			inside: []work{{name: "POST", from: 30, to: 70, end: fail(message)}},
		}},
	}}}
}

func TestAFailureIsOneErrorEvent(t *testing.T) {
	events := once(t, spansOf(t, t.Context(), failingRun("too many"))...)
	var errors, calls, ends []types.Event
	for _, e := range events {
		switch e.Type {
		case types.EventError:
			errors = append(errors, e)
		case types.EventLLMCall:
			calls = append(calls, e)
		case types.EventSessionEnd:
			ends = append(ends, e)
		}
	}
	if len(errors) != 1 || len(calls) != 1 || len(ends) != 1 || len(events) != 4 {
		t.Fatalf("events = %v", events)
	}
	e, call, end := errors[0], calls[0], ends[0]
	want := types.ErrorEvent{ErrorType: "RateLimit", ErrorMessage: "too many", StackTrace: "at line 1", StartTime: after(77)}
	if e.Error.ErrorType != want.ErrorType || e.Error.ErrorMessage != want.ErrorMessage || e.Error.StackTrace != want.StackTrace || !e.Timestamp.Equal(after(77)) {
		t.Errorf("error = %+v at %v, want %+v", e.Error, e.Timestamp, want)
	}
	if e.ParentID != call.ID || e.SpanID != call.SpanID || e.ID != call.ID+".error" {
		t.Errorf("the error %s is in %q, want in the call %q", e.ID, e.ParentID, call.ID)
	}
	if call.Status != types.StatusError || call.LLMCall.Error != "too many" {
		t.Errorf("call: status %q, error %q", call.Status, call.LLMCall.Error)
	}
	if end.Status != types.StatusError || end.Result.Summary != "too many" {
		t.Errorf("session: status %q, summary %q", end.Status, end.Result.Summary)
	}
}

func TestWhatIsAFailure(t *testing.T) {
	kind := func(name string) attribute.KeyValue { return attribute.String("error.type", name) }
	noted := func(s trace.Span) {
		s.AddEvent("exception", trace.WithAttributes(attribute.String("exception.message", "handled")))
	}
	for name, test := range map[string]struct {
		attrs       []attribute.KeyValue
		end         func(trace.Span)
		failed      bool
		kind, error string
	}{
		"nothing said":              {},
		"exception that was noted":  {end: noted},
		"error type, status ok":     {attrs: op("", kind("timeout")), end: func(s trace.Span) { s.SetStatus(codes.Ok, "") }},
		"error type alone":          {attrs: op("", kind("timeout")), failed: true, kind: "timeout", error: "timeout"},
		"error type and message":    {attrs: op("", kind("timeout"), attribute.String("error.message", "slow")), failed: true, kind: "timeout", error: "slow"},
		"status alone":              {end: func(s trace.Span) { s.SetStatus(codes.Error, "refused") }, failed: true, error: "refused"},
		"status without a word":     {end: func(s trace.Span) { s.SetStatus(codes.Error, "") }, failed: true, error: "the span ended in an error and does not say which"},
		"a type wins over the Go's": {attrs: op("", kind("429")), end: fail("x"), failed: true, kind: "429", error: "x"},
		"a vague type does not":     {attrs: op("", kind("_OTHER")), end: fail("x"), failed: true, kind: "RateLimit", error: "x"},
	} {
		t.Run(name, func(t *testing.T) {
			tool := work{name: "execute_tool t", attrs: append(op("execute_tool"), test.attrs[min(1, len(test.attrs)):]...), to: 50, end: test.end}
			var call *types.ToolCall
			var found []*types.ErrorEvent
			for _, e := range once(t, spansOf(t, t.Context(), tool)...) {
				if e.ToolCall != nil {
					call = e.ToolCall
				}
				if e.Error != nil {
					found = append(found, e.Error)
				}
			}
			want := types.StatusSuccess
			if test.failed {
				want = types.StatusError
			}
			if call == nil || call.Status != want || call.Error != test.error {
				t.Fatalf("call = %+v, want status %s and error %q", call, want, test.error)
			}
			if test.failed != (len(found) == 1) || test.failed && (found[0].ErrorType != test.kind || found[0].ErrorMessage != test.error) {
				t.Errorf("errors = %+v", found)
			}
		})
	}
}

// Two calls that fail each by itself are two errors; the agent that got over one of them has not failed.
func TestEachOriginIsAnError(t *testing.T) {
	run := work{name: "invoke_agent a", to: 100, attrs: op("invoke_agent"), inside: []work{
		{name: "execute_tool x", from: 10, to: 20, attrs: op("execute_tool"), end: fail("first")},
		{name: "execute_tool x", from: 30, to: 40, attrs: op("execute_tool"), end: fail("second")},
	}}
	errors := 0
	for _, e := range once(t, spansOf(t, t.Context(), run)...) {
		if e.Error != nil {
			errors++
		}
		if e.Result != nil && e.Status != types.StatusSuccess {
			t.Errorf("session ended with %q", e.Status)
		}
	}
	if errors != 2 {
		t.Errorf("%d errors, want 2", errors)
	}
}

func TestAgentsOwnFailure(t *testing.T) {
	run := work{name: "GET /", to: 100, end: fail("gave up"), inside: []work{
		{name: "invoke_agent a", from: 10, to: 20, attrs: op("invoke_agent"), end: fail("gave up")},
	}}
	var found []types.Event
	for _, e := range once(t, spansOf(t, t.Context(), run)...) {
		if e.Error != nil {
			found = append(found, e)
		}
	}
	if len(found) != 1 || found[0].ParentID+".error" != found[0].ID {
		t.Errorf("errors = %+v", found)
	}
}
