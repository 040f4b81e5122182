package otelbridge_test

import (
	"context"
	"maps"
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// counts gives how many events of each type there are.
func (r *traced) counts() map[types.EventType]int {
	found := make(map[types.EventType]int)
	for t, events := range r.byType() {
		found[t] = len(events)
	}
	return found
}

// handled is a tool inside a handler, with a query in it and an agent beside it.
func handled() work {
	return work{name: "GET /", to: 100, inside: []work{
		{name: "execute_tool look", from: 10, to: 20, attrs: op("execute_tool"), inside: []work{{name: "SELECT", from: 11, to: 12}}},
		{name: "invoke_agent a", from: 30, to: 90, attrs: op("invoke_agent"), inside: []work{
			{name: "chat m", from: 40, to: 50, attrs: op("chat", attribute.String("gen_ai.request.model", "m"), attribute.String("gen_ai.input.messages", canary))},
		}},
	}}
}

func TestOptions(t *testing.T) {
	not := func(name string) func(sdktrace.ReadOnlySpan) bool {
		return func(s sdktrace.ReadOnlySpan) bool { return s.Name() != name }
	}
	all := map[types.EventType]int{"session_start": 2, "session_end": 1, "tool_call": 1, "step": 1, "llm_call": 1}
	with := func(changes map[types.EventType]int) map[types.EventType]int {
		want := maps.Clone(all)
		maps.Copy(want, changes)
		maps.DeleteFunc(want, func(_ types.EventType, n int) bool { return n == 0 })
		return want
	}
	for name, test := range map[string]struct {
		opt  otelbridge.Option
		want map[types.EventType]int
	}{
		"none":              {nil, all},
		"generic":           {otelbridge.WithGenericSpans(), with(map[types.EventType]int{"step": 2})},
		"a filter":          {otelbridge.WithSpanFilter(not("invoke_agent a")), with(map[types.EventType]int{"step": 0, "session_start": 1})},
		"a filter of calls": {otelbridge.WithSpanFilter(not("chat m")), with(map[types.EventType]int{"llm_call": 0, "session_start": 1})},
		"a broken filter":   {otelbridge.WithSpanFilter(func(sdktrace.ReadOnlySpan) bool { panic("no") }), with(map[types.EventType]int{"session_start": 1})},
		"without content":   {otelbridge.WithoutContent(), all},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newTraced(t, sentrialtest.New(t), test.opt)
				handled().run(t.Context(), r.tracer)
				pass(time.Second)
				if got := r.counts(); !maps.Equal(got, test.want) {
					t.Errorf("events %v, want %v", got, test.want)
				}
				for _, c := range r.LLMCalls() {
					if withheld := name == "without content"; withheld != (len(c.Messages) == 0) {
						t.Errorf("call = %+v", c)
					}
				}
			})
		})
	}
}

// What is inside of a span that is left out is put into what is around it.
func TestFilteredSpansArePassedOver(t *testing.T) {
	r := newTraced(t, sentrialtest.New(t), otelbridge.WithSpanFilter(func(s sdktrace.ReadOnlySpan) bool { return s.Name() != "invoke_agent a" }))
	handled().run(t.Context(), r.tracer)
	events := r.byType()
	if call, start := events["llm_call"][0], events["session_start"][0]; call.ParentID != start.ID {
		t.Errorf("the call is in %q, want %q", call.ParentID, start.ID)
	}
}

// A session with an id of its own goes on after its traces, until nothing is heard of it, or somebody ends it.
func TestSessionWithAnIDOfItsOwn(t *testing.T) {
	run := work{name: "invoke_agent a", attrs: op("invoke_agent", attribute.String("session.id", "s1"))}
	for name, test := range map[string]struct {
		opts []otelbridge.Option
		end  func(*traced)
		want time.Duration // after which it has ended; 0 = it has not
	}{
		"default":       {want: 5 * time.Minute},
		"sooner":        {opts: []otelbridge.Option{otelbridge.WithSessionIdle(time.Minute)}, want: time.Minute},
		"never":         {opts: []otelbridge.Option{otelbridge.WithSessionIdle(0)}},
		"CloseSession":  {end: func(r *traced) { r.processor.CloseSession("s1") }, want: time.Second},
		"another's":     {opts: []otelbridge.Option{otelbridge.WithSessionIdle(-1)}, end: func(r *traced) { r.processor.CloseSession("s2"); r.processor.CloseSession("") }},
		"Shutdown":      {end: func(r *traced) { _ = r.processor.Shutdown(context.Background()) }, want: time.Second},
		"client closed": {end: func(r *traced) { _ = r.Client().Close(context.Background()) }, want: time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newTraced(t, sentrialtest.New(t), test.opts...)
				run.run(t.Context(), r.tracer)
				pass(time.Second)
				if test.end == nil {
					test.end = func(*traced) {}
				}
				test.end(r)
				pass(test.want - 2*time.Second)
				if n := r.counts()["session_end"]; n > 0 && test.want > time.Second {
					t.Errorf("it has ended before %v", test.want)
				}
				pass(10 * time.Minute)
				if n := r.counts()["session_end"]; (n == 1) != (test.want > 0) || n > 1 {
					t.Errorf("it has ended %d times", n)
				}
			})
		})
	}
}

func TestTraceWait(t *testing.T) {
	for name, test := range map[string]struct {
		wait    time.Duration
		at      time.Duration
		waiting bool
	}{
		"longer":     {time.Minute, 50 * time.Second, true},
		"over":       {time.Minute, 61 * time.Second, false},
		"not at all": {0, time.Second, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				rec := sentrialtest.New(t)
				r := newTraced(t, rec, otelbridge.WithTraceWait(test.wait))
				ctx, root := r.tracer.Start(t.Context(), "GET /")
				defer root.End()
				work{name: "execute_tool x", attrs: op("execute_tool")}.run(ctx, r.tracer)
				pass(test.at)
				if n := rec.Client().Stats().Accepted; (n == 1) != test.waiting {
					t.Errorf("%d events after %v", n, test.at)
				}
			})
		})
	}
}
