package sentrial_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// anySpan is what the three kinds of spans have in common.
type anySpan interface {
	ID() string
	End(error)
}

var starts = map[types.EventType]func(context.Context) (context.Context, anySpan){
	types.EventToolCall: func(ctx context.Context) (context.Context, anySpan) {
		ctx, s := sentrial.StartTool(ctx, types.ToolCall{ToolName: "x", Metadata: map[string]any{"k": "v"}})
		return ctx, s
	},
	types.EventLLMCall: func(ctx context.Context) (context.Context, anySpan) {
		ctx, s := sentrial.StartLLM(ctx, types.LLMCall{Model: "x", Metadata: map[string]any{"k": "v"}})
		return ctx, s
	},
	types.EventStep: func(ctx context.Context) (context.Context, anySpan) {
		ctx, s := sentrial.StartStep(ctx, types.Step{Name: "x", Metadata: map[string]any{"k": "v"}})
		return ctx, s
	},
}

func TestSpanEndsOnce(t *testing.T) {
	for kind, start := range starts {
		rec := sentrialtest.New(t)
		ctx, _ := rec.Client().CreateSession(t.Context(), "s")
		_, span := start(ctx)
		span.End(errBoom)
		span.End(nil)
		e := oneEvent(t, rec, kind)
		if e.ID != span.ID() || e.Status != types.StatusError || errorTextOf(e) != "boom" || e.Metadata["k"] != "v" || e.Seq != 2 {
			t.Errorf("%s: recorded %s, want what the first End said", kind, asJSON(e))
		}
	}
}

func TestSpanEndsOnAnyGoroutine(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	_, span := sentrial.StartTool(ctx, types.ToolCall{ToolName: "x"})
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() { span.End(nil) })
	}
	wg.Wait()
	oneEvent(t, rec, types.EventToolCall)
}

func TestSpanTakesWhatItsOwnerFillsIn(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	_, llm := sentrial.StartLLM(ctx, types.LLMCall{RequestModel: "m"})
	llm.Model, llm.Response, llm.Usage.PromptTokens, llm.Duration, llm.TimeToFirstToken = "m-1", "hi", 5, time.Minute, time.Second
	llm.FirstToken()
	llm.End(nil)
	e := oneEvent(t, rec, types.EventLLMCall)
	if c := e.LLMCall; c.Model != "m-1" || c.RequestModel != "m" || c.Response != "hi" || c.Usage.PromptTokens != 5 || e.Duration != time.Minute || c.TimeToFirstToken != time.Second {
		t.Errorf("recorded %s", asJSON(e))
	}
}

func TestSpanWithoutASessionIsWritable(t *testing.T) {
	for _, ctx := range []context.Context{nil, context.Background(), (*sentrial.Client)(nil).Session("s").Context(context.Background())} {
		toolCtx, tool := sentrial.StartTool(ctx, types.ToolCall{ToolName: "x"})
		llmCtx, llm := sentrial.StartLLM(ctx, types.LLMCall{Model: "x"})
		stepCtx, step := sentrial.StartStep(ctx, types.Step{Name: "x"})
		tool.ToolOutput, llm.Response, step.Output = 1, "x", 1
		llm.FirstToken()
		tool.End(nil)
		llm.End(errBoom)
		step.End(nil)
		if toolCtx == nil || llmCtx == nil || stepCtx == nil || tool.ID()+llm.ID()+step.ID() != "" {
			t.Errorf("contexts %v %v %v, ids %q %q %q; want usable contexts and no ids", toolCtx, llmCtx, stepCtx, tool.ID(), llm.ID(), step.ID())
		}
	}
}

func TestSpanOutcomes(t *testing.T) {
	wrapped := fmt.Errorf("reading: %w", context.Canceled)
	for name, c := range map[string]struct {
		cancel bool
		fill   types.ToolCall
		err    error
		status types.Status
		text   string
	}{
		"success":                  {status: types.StatusSuccess},
		"error":                    {err: errBoom, status: types.StatusError, text: "boom"},
		"cancelled":                {cancel: true, err: wrapped, status: types.StatusCancelled, text: wrapped.Error()},
		"canceled by another":      {err: wrapped, status: types.StatusError, text: wrapped.Error()},
		"status by hand":           {fill: types.ToolCall{Status: types.StatusUnknown}, err: errBoom, status: types.StatusUnknown, text: "boom"},
		"error by hand":            {fill: types.ToolCall{Error: "own"}, status: types.StatusError, text: "own"},
		"error by hand and by End": {fill: types.ToolCall{Error: "own"}, err: errBoom, status: types.StatusError, text: "own"},
		"running makes no end":     {fill: types.ToolCall{Status: types.StatusRunning}, status: types.StatusSuccess},
		"hostile error":            {cancel: true, err: hostileError{}, status: types.StatusError, text: "(the Error method of sentrial_test.hostileError panicked: Error)"},
	} {
		rec := sentrialtest.New(t)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		ctx, _ = rec.Client().CreateSession(ctx, "s")
		_, span := sentrial.StartTool(ctx, types.ToolCall{ToolName: "x"})
		span.Status, span.Error = c.fill.Status, c.fill.Error
		if c.cancel {
			cancel()
		}
		span.End(c.err)
		e := oneEvent(t, rec, types.EventToolCall)
		if e.Status != c.status || e.ToolCall.Error != c.text {
			t.Errorf("%s: recorded %s, %q; want %s, %q", name, e.Status, e.ToolCall.Error, c.status, c.text)
		}
	}
}

func TestStreamCutShortIsPartial(t *testing.T) {
	for name, c := range map[string]struct {
		came func(*sentrial.LLMSpan)
		want any
	}{
		"nothing came":       {func(*sentrial.LLMSpan) {}, nil},
		"a first token came": {func(s *sentrial.LLMSpan) { s.FirstToken() }, true},
		"a text came":        {func(s *sentrial.LLMSpan) { s.Response = "To be" }, true},
		"a message came":     {func(s *sentrial.LLMSpan) { s.OutputMessages = []types.Message{{Role: "assistant"}} }, true},
	} {
		rec := sentrialtest.New(t)
		ctx, cancel := context.WithCancel(t.Context())
		ctx, _ = rec.Client().CreateSession(ctx, "s")
		_, span := sentrial.StartLLM(ctx, types.LLMCall{Model: "m"})
		c.came(span)
		cancel()
		span.End(ctx.Err())
		if e := oneEvent(t, rec, types.EventLLMCall); e.Status != types.StatusCancelled || e.Metadata["partial"] != c.want {
			t.Errorf("%s: recorded %s with %v, want cancelled with partial = %v", name, e.Status, e.Metadata, c.want)
		}
	}
}

func TestFirstTokenCountsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := sentrialtest.New(t)
		ctx, _ := rec.Client().CreateSession(t.Context(), "s")
		_, span := sentrial.StartLLM(ctx, types.LLMCall{Model: "m"})
		for range 3 {
			time.Sleep(300 * time.Millisecond)
			span.FirstToken()
		}
		span.End(nil)
		if e := oneEvent(t, rec, types.EventLLMCall); e.LLMCall.TimeToFirstToken != 300*time.Millisecond || e.Duration != 900*time.Millisecond {
			t.Errorf("first token after %v of %v, want 300ms of 900ms", e.LLMCall.TimeToFirstToken, e.Duration)
		}
	})
}

func TestSpanThatBeganInThePast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := sentrialtest.New(t)
		ctx, _ := rec.Client().CreateSession(t.Context(), "s")
		begin := time.Now().Add(-time.Minute)
		_, span := sentrial.StartLLM(ctx, types.LLMCall{Model: "m", StartTime: begin})
		time.Sleep(time.Second)
		span.FirstToken()
		span.End(nil)
		e := oneEvent(t, rec, types.EventLLMCall)
		if !e.Timestamp.Equal(begin) || e.Duration != 61*time.Second || e.LLMCall.TimeToFirstToken != 61*time.Second {
			t.Errorf("began %v, took %v, first token %v; want %v, 61s, 61s", e.Timestamp, e.Duration, e.LLMCall.TimeToFirstToken, begin)
		}
	})
}

// TestOpenSpanIsShownAsRunning: a copy goes out once, after 2 s, and the end replaces it.
func TestOpenSpanIsShownAsRunning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wire := &wire{}
		client := newClient(t, wire)
		ctx, _ := client.CreateSession(t.Context(), "s")
		_, short := sentrial.StartStep(ctx, types.Step{Name: "short"})
		_, long := sentrial.StartTool(ctx, types.ToolCall{ToolName: "long", ToolInput: "in"})
		time.Sleep(1900 * time.Millisecond)
		short.End(nil)
		if n := len(wire.events(t)); n != 1 {
			t.Errorf("%d events before 2 s, want session_start alone", n)
		}
		time.Sleep(10 * time.Second)
		running := wire.events(t)[2]
		if string(running["id"]) != `"`+long.ID()+`"` || string(running["status"]) != `"running"` || string(running["tool_input"]) != `"in"` || running["duration_ms"] != nil {
			t.Errorf("sent %s, want the open call as running", running)
		}
		long.End(nil)
		if err := client.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		events := wire.events(t)
		final := events[len(events)-1]
		if len(events) != 4 || string(final["id"]) != `"`+long.ID()+`"` || string(final["status"]) != `"success"` || string(final["seq"]) != string(running["seq"]) {
			t.Errorf("%d events, the last is %s; want 4 with the call's end at last", len(events), final)
		}
		if s := client.Stats(); s.Accepted != 3 || s.Delivered != 3 || s.Abandoned != 0 {
			t.Errorf("accepted %d, delivered %d; want 3 of each: a running copy is not counted", s.Accepted, s.Delivered)
		}
	})
}

func TestRunningThenFinalIsOneEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := sentrialtest.New(t)
		ctx, _ := rec.Client().CreateSession(t.Context(), "s")
		_, span := sentrial.StartStep(ctx, types.Step{Name: "x"})
		time.Sleep(5 * time.Second)
		if e := oneEvent(t, rec, types.EventStep); e.Status != types.StatusRunning {
			t.Errorf("status = %s, want running", e.Status)
		}
		span.Output = "done"
		span.End(nil)
		if e := oneEvent(t, rec, types.EventStep); e.Status != types.StatusSuccess || e.Step.Output != "done" || e.Duration != 5*time.Second {
			t.Errorf("recorded %s", asJSON(e))
		}
	})
}

func TestSpansNobodyEndedAreSentAtClose(t *testing.T) {
	rec := sentrialtest.New(t)
	rec.Allow(sentrialtest.OpenSpans)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	spans := map[string]types.EventType{}
	var left []anySpan
	for kind, start := range starts {
		_, span := start(ctx)
		spans[span.ID()], left = kind, append(left, span)
	}
	_, bare := sentrial.StartStep(ctx, types.Step{Name: "no metadata"})
	spans[bare.ID()] = types.EventStep
	_, ended := sentrial.StartStep(ctx, types.Step{Name: "ended"})
	ended.End(nil)
	if err := rec.Client().Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, span := range left {
		span.End(errBoom) // too late
	}
	abandoned := 0
	for _, e := range rec.Events() {
		if e.Metadata["abandoned"] != true {
			continue
		}
		abandoned++
		if spans[e.ID] != e.Type || e.Status != types.StatusUnknown || e.ID != bare.ID() && e.Metadata["k"] != "v" {
			t.Errorf("abandoned: %s", asJSON(e))
		}
	}
	if s := rec.Client().Stats(); abandoned != 4 || s.Abandoned != 4 || s.Accepted != 6 || s.Delivered != 6 {
		t.Errorf("%d abandoned arrived, stats = %+v; want 4 abandoned of 6", abandoned, s)
	}
}

// TestContextOfASpan keeps what it is derived from: values, deadline, cancellation.
func TestContextOfASpan(t *testing.T) {
	rec := sentrialtest.New(t)
	rec.Allow(sentrialtest.OpenSpans)
	type key struct{}
	ctx, cancel := context.WithCancelCause(context.WithValue(t.Context(), key{}, "v"))
	ctx, session := rec.Client().CreateSession(ctx, "s")
	for kind, start := range starts {
		spanCtx, span := start(ctx)
		if spanCtx.Value(key{}) != "v" || sentrial.SessionFromContext(spanCtx) != session {
			t.Errorf("%s: the context lost its values", kind)
		}
		span.End(nil)
	}
	spanCtx, _ := sentrial.StartStep(ctx, types.Step{Name: "x"})
	cancel(errBoom)
	if !errors.Is(context.Cause(spanCtx), errBoom) {
		t.Errorf("cause = %v, want boom", context.Cause(spanCtx))
	}
}

func TestSpanFieldsAreThoseOfTheCall(t *testing.T) {
	ctx := context.Background()
	call := types.ToolCall{ToolName: "x", ToolInput: 1}
	_, span := sentrial.StartTool(ctx, call, sentrial.WithCallID("c"))
	if want := (types.ToolCall{ToolName: "x", ToolInput: 1, CallID: "c"}); !reflect.DeepEqual(span.ToolCall, want) {
		t.Errorf("the span shows %+v, want %+v", span.ToolCall, want)
	}
}
