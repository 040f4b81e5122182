package sentrial_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// answer is a result that no other one equals.
type answer struct{ text *string }

// helperCalls runs fn under each of the helpers that run something, and gives what came back.
var helperCalls = map[string]func(ctx context.Context, fn func() (*answer, error)) (*answer, error){
	"Tool": func(ctx context.Context, fn func() (*answer, error)) (*answer, error) {
		return sentrial.Tool(ctx, "t", 1, func(context.Context, int) (*answer, error) { return fn() })
	},
	"WrapTool": func(ctx context.Context, fn func() (*answer, error)) (*answer, error) {
		return sentrial.WrapTool("t", func(context.Context, int) (*answer, error) { return fn() })(ctx, 1)
	},
	"LLM": func(ctx context.Context, fn func() (*answer, error)) (*answer, error) {
		return sentrial.LLM(ctx, types.LLMCall{Model: "m"}, func(context.Context, *types.LLMCall) (*answer, error) { return fn() })
	},
	"StepValue": func(ctx context.Context, fn func() (*answer, error)) (*answer, error) {
		return sentrial.StepValue(ctx, "s", func(context.Context) (*answer, error) { return fn() })
	},
	"Step": func(ctx context.Context, fn func() (*answer, error)) (a *answer, err error) {
		err = sentrial.Step(ctx, "s", func(context.Context) (err error) { a, err = fn(); return err })
		return a, err
	},
}

// only gives the one event that is neither a session's nor an error.
func only(t *testing.T, rec *sentrialtest.Recorder) types.Event {
	t.Helper()
	var found []types.Event
	for _, e := range rec.Events() {
		if e.Session == nil && e.Result == nil && e.Error == nil {
			found = append(found, e)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d events, want 1: %s", len(found), asJSON(found))
	}
	return found[0]
}

func errorTextOf(e types.Event) string {
	switch {
	case e.ToolCall != nil:
		return e.ToolCall.Error
	case e.LLMCall != nil:
		return e.LLMCall.Error
	case e.Step != nil:
		return e.Step.Error
	}
	return ""
}

func TestHelpersReturnWhatFnReturns(t *testing.T) {
	for name, call := range helperCalls {
		for _, err := range []error{nil, errBoom, hostileError{}, problems{"a"}} {
			rec := sentrialtest.New(t)
			ctx, _ := rec.Client().CreateSession(t.Context(), "s")
			want := &answer{text: new(string)}
			got, gotErr := call(ctx, func() (*answer, error) { return want, err })
			if got != want || !same(gotErr, err) {
				t.Errorf("%s returned %v, %#v; want fn's own results", name, got, gotErr)
			}
			e := only(t, rec)
			status, text := types.StatusSuccess, ""
			if err != nil {
				status, text = types.StatusError, "boom"
			}
			if e.Status != status || err == errBoom && errorTextOf(e) != text { //nolint:errorlint // which of the cases this is
				t.Errorf("%s with %T: recorded %s, %q", name, err, e.Status, errorTextOf(e))
			}
		}
	}
}

func TestHelpersLetPanicsThrough(t *testing.T) {
	for name, call := range helperCalls {
		for _, value := range []any{"boom", errBoom, &answer{}} {
			rec := sentrialtest.New(t)
			ctx, _ := rec.Client().CreateSession(t.Context(), "s")
			if v := caught(func() { _, _ = call(ctx, func() (*answer, error) { panic(value) }) }); v != value {
				t.Errorf("%s panicked with %v, want %v", name, v, value)
			}
			if e := only(t, rec); e.Status != types.StatusError || errorTextOf(e) != "panic" {
				t.Errorf("%s recorded %s, %q; want error, panic", name, e.Status, errorTextOf(e))
			}
			if n := len(rec.Errors()); n != 0 {
				t.Errorf("%s recorded %d error events, want none: the panic is not its to recover", name, n)
			}
		}
	}
}

func TestHelpersLetGoexitThrough(t *testing.T) {
	for name, call := range helperCalls {
		rec := sentrialtest.New(t)
		ctx, _ := rec.Client().CreateSession(t.Context(), "s")
		goexit(func() {
			_, _ = call(ctx, func() (*answer, error) { runtime.Goexit(); return nil, nil })
			t.Errorf("%s went on after Goexit", name)
		})
		if e := only(t, rec); e.Status != types.StatusError || !strings.Contains(errorTextOf(e), "goroutine ended") {
			t.Errorf("%s recorded %s, %q", name, e.Status, errorTextOf(e))
		}
	}
}

func TestHelpersNest(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, session := rec.Client().CreateSession(t.Context(), "s")
	_ = sentrial.Step(ctx, "plan", func(ctx context.Context) error {
		_, err := sentrial.Tool(ctx, "search", "q", func(ctx context.Context, _ string) (int, error) {
			return sentrial.LLM(ctx, types.LLMCall{Model: "m"}, func(ctx context.Context, _ *types.LLMCall) (int, error) {
				sentrial.Decide(ctx, types.Decision{Chosen: "x"})
				return 1, nil
			})
		})
		session.TrackFeedback(ctx, types.Feedback{Name: "f"})
		return err
	})
	step, tool, llm := oneEvent(t, rec, types.EventStep), oneEvent(t, rec, types.EventToolCall), oneEvent(t, rec, types.EventLLMCall)
	for _, link := range []struct{ name, got, want string }{
		{"step", step.ParentID, ""},
		{"tool", tool.ParentID, step.ID},
		{"llm", llm.ParentID, tool.ID},
		{"decision", oneEvent(t, rec, types.EventDecision).ParentID, llm.ID},
		{"feedback", oneEvent(t, rec, types.EventFeedback).ParentID, step.ID},
	} {
		if link.got != link.want {
			t.Errorf("%s is under %q, want %q", link.name, link.got, link.want)
		}
	}
	if step.Seq != 2 || tool.Seq != 3 || llm.Seq != 4 {
		t.Errorf("seqs %d %d %d, want 2 3 4: they are given when the operation starts", step.Seq, tool.Seq, llm.Seq)
	}
}

func TestToolInputIsWhatItWasAtTheStart(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	in := map[string]any{"list": []string{"before"}, "drop": true}
	_, _ = sentrial.Tool(ctx, "t", in, func(_ context.Context, in map[string]any) (int, error) {
		in["list"].([]string)[0] = "after"
		delete(in, "drop")
		return 1, nil
	})
	if got, want := oneEvent(t, rec, types.EventToolCall).ToolCall.ToolInput, (map[string]any{"list": []any{"before"}, "drop": true}); !reflect.DeepEqual(got, want) {
		t.Errorf("tool_input = %v, want %v", got, want)
	}
}

func TestToolOutput(t *testing.T) {
	type result struct{ N int }
	for name, c := range map[string]struct {
		run  func(ctx context.Context)
		want any
	}{
		"value":              {func(ctx context.Context) { runTool(ctx, result{1}, nil) }, map[string]any{"N": 1.0}},
		"zero value":         {func(ctx context.Context) { runTool(ctx, 0, nil) }, 0.0},
		"value beside error": {func(ctx context.Context) { runTool(ctx, "partly", errBoom) }, "partly"},
		"only an error":      {func(ctx context.Context) { runTool(ctx, result{}, errBoom) }, nil},
		"nil":                {func(ctx context.Context) { runTool[any](ctx, nil, nil) }, nil},
	} {
		rec := sentrialtest.New(t)
		ctx, _ := rec.Client().CreateSession(t.Context(), "s")
		c.run(ctx)
		if got := oneEvent(t, rec, types.EventToolCall).ToolCall.ToolOutput; !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: tool_output = %#v, want %#v", name, got, c.want)
		}
	}
}

func runTool[Out any](ctx context.Context, out Out, err error) {
	_, _ = sentrial.Tool(ctx, "t", 1, func(context.Context, int) (Out, error) { return out, err })
}

func TestLLMIsFilledInByFn(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	asked := types.LLMCall{RequestModel: "m", Provider: "p", Prompt: "hi"}
	_, err := sentrial.LLM(ctx, asked, func(_ context.Context, call *types.LLMCall) (struct{}, error) {
		if call.Prompt != "hi" {
			t.Errorf("fn was given %+v", call)
		}
		call.Model, call.Response, call.FinishReason, call.Usage = "m-1", "ho", "stop", types.Usage{PromptTokens: 3, CompletionTokens: 4}
		return struct{}{}, nil
	}, sentrial.WithCost(0.25))
	got := oneEvent(t, rec, types.EventLLMCall).LLMCall
	if err != nil || got.Model != "m-1" || got.RequestModel != "m" || got.Prompt != "hi" || got.Response != "ho" || got.Usage.CompletionTokens != 4 || got.Cost == nil || *got.Cost != 0.25 {
		t.Errorf("recorded %s (%v)", asJSON(got), err)
	}
	if asked.Model != "" {
		t.Error("the caller's own call was changed")
	}
}

func TestLLMTakesAStringForTheResponse(t *testing.T) {
	output := []types.Message{{Role: "assistant", Parts: []types.Part{{Type: types.PartText, Content: "message"}}}}
	for name, c := range map[string]struct {
		fill func(*types.LLMCall)
		want string
	}{
		"nothing filled in": {func(*types.LLMCall) {}, "returned"},
		"response":          {func(c *types.LLMCall) { c.Response = "filled in" }, "filled in"},
		"messages":          {func(c *types.LLMCall) { c.OutputMessages = output }, ""},
	} {
		rec := sentrialtest.New(t)
		ctx, _ := rec.Client().CreateSession(t.Context(), "s")
		_, _ = sentrial.LLM(ctx, types.LLMCall{Model: "m"}, func(_ context.Context, call *types.LLMCall) (string, error) {
			c.fill(call)
			return "returned", nil
		})
		if got := oneEvent(t, rec, types.EventLLMCall).LLMCall.Response; got != c.want {
			t.Errorf("%s: response = %q, want %q", name, got, c.want)
		}
	}
}

func TestStepValueRecordsItsOutput(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	n, err := sentrial.StepValue(ctx, "retrieve", func(context.Context) (int, error) { return 7, nil }, sentrial.WithKind("retrieval"))
	if e := oneEvent(t, rec, types.EventStep).Step; n != 7 || err != nil || e.Output != 7.0 || e.Kind != "retrieval" || e.Name != "retrieve" {
		t.Errorf("returned %d, %v; recorded %+v", n, err, e)
	}
}

func TestHelpersTakeTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, call := range helperCalls {
			rec := sentrialtest.New(t)
			ctx, _ := rec.Client().CreateSession(t.Context(), "s")
			begin := time.Now()
			_, _ = call(ctx, func() (*answer, error) { time.Sleep(1500 * time.Millisecond); return nil, nil })
			if e := only(t, rec); !e.Timestamp.Equal(begin) || e.Duration != 1500*time.Millisecond {
				t.Errorf("%s: began %v, took %v; want %v and 1.5s", name, e.Timestamp, e.Duration, begin)
			}
		}
	})
}

func TestOptionsOfHelpers(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	given := map[string]any{"a": 1, "b": 1}
	own := map[string]any{"own": true, "b": 0}
	shared := sentrial.WithMetadata(given)
	given["a"] = "changed later"
	for range 2 {
		_, span := sentrial.StartTool(ctx, types.ToolCall{ToolName: "t", Metadata: own}, shared, sentrial.WithMetadata(map[string]any{"c": 2}),
			sentrial.WithReasoning("why"), sentrial.WithCallID("call_1"), sentrial.WithCost(0.5))
		span.Metadata["span"] = "mine"
		span.End(nil)
	}
	_, bare := sentrial.StartTool(ctx, types.ToolCall{ToolName: "t"}, shared)
	bare.Metadata["leak"] = true
	_, next := sentrial.StartTool(ctx, types.ToolCall{ToolName: "t"}, shared)
	if next.Metadata["leak"] != nil {
		t.Error("the metadata of one call shows up in another that has the same option")
	}
	bare.End(nil)
	next.End(nil)
	if want := map[string]any{"own": true, "b": 0}; !reflect.DeepEqual(own, want) {
		t.Errorf("the caller's metadata became %v", own)
	}
	e := eventsOf(rec, types.EventToolCall)[0]
	if want := map[string]any{"own": true, "a": 1.0, "b": 1.0, "c": 2.0, "span": "mine"}; !reflect.DeepEqual(e.Metadata, want) {
		t.Errorf("metadata = %v, want %v", e.Metadata, want)
	}
	if c := e.ToolCall; c.Reasoning != "why" || c.CallID != "call_1" || *c.Cost != 0.5 {
		t.Errorf("recorded %s", asJSON(c))
	}
}

func TestMetadataOptionFitsEveryKind(t *testing.T) {
	rec := sentrialtest.New(t)
	with := sentrial.WithMetadata(map[string]any{"k": "v"})
	ctx, _ := rec.Client().CreateSession(t.Context(), "s", with)
	_, _ = sentrial.Tool(ctx, "t", 1, func(context.Context, int) (int, error) { return 1, nil }, with)
	_, _ = sentrial.LLM(ctx, types.LLMCall{Model: "m"}, func(context.Context, *types.LLMCall) (int, error) { return 1, nil }, with)
	_ = sentrial.Step(ctx, "s", func(context.Context) error { return nil }, with)
	sentrial.ReportError(ctx, errBoom, with)
	events := rec.Events()
	for _, e := range events {
		if e.Metadata["k"] != "v" {
			t.Errorf("%s has %v", e.Type, e.Metadata)
		}
	}
	if len(events) != 5 {
		t.Errorf("%d events, want 5", len(events))
	}
}

func TestWrappedToolIsConcurrentlySafe(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	double := sentrial.WrapTool("double", func(_ context.Context, n int) (int, error) { return 2 * n, nil }, sentrial.WithMetadata(map[string]any{"k": "v"}))
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			if n, err := double(ctx, i); n != 2*i || err != nil {
				t.Errorf("double(%d) = %d, %v", i, n, err)
			}
		})
	}
	wg.Wait()
	calls := rec.ToolCalls()
	for _, c := range calls {
		if c.ToolOutput != 2*c.ToolInput.(float64) || c.Metadata["k"] != "v" {
			t.Errorf("recorded %v of %v with %v", c.ToolOutput, c.ToolInput, c.Metadata)
		}
	}
	if len(calls) != 50 {
		t.Errorf("%d calls, want 50", len(calls))
	}
}

// TestHelpersWithoutASession run fn, and count that nothing is recorded of it.
func TestHelpersWithoutASession(t *testing.T) {
	wire := &wire{}
	client := newClient(t, wire)
	before := client.Stats().Unsessioned
	for name, call := range helperCalls {
		want := &answer{}
		if got, err := call(t.Context(), func() (*answer, error) { return want, errBoom }); got != want || !errors.Is(err, errBoom) {
			t.Errorf("%s returned %v, %v", name, got, err)
		}
	}
	if id := sentrial.Decide(t.Context(), types.Decision{}) + sentrial.ReportError(t.Context(), errBoom); id != "" {
		t.Errorf("an id %q without a session", id)
	}
	if n := client.Stats().Unsessioned - before; n != uint64(len(helperCalls)+2) {
		t.Errorf("%d calls counted, want %d", n, len(helperCalls)+2)
	}
	if err := client.Flush(t.Context()); err != nil || wire.text() != "" {
		t.Errorf("sent %s (%v)", wire.text(), err)
	}
}

func TestDecide(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	id := sentrial.Decide(ctx, types.Decision{Chosen: "a", Alternatives: []string{"a", "b"}})
	if e := oneEvent(t, rec, types.EventDecision); e.ID != id || e.Decision.Chosen != "a" {
		t.Errorf("recorded %s, id %q", asJSON(e), id)
	}
}

type typedError struct{}

func (*typedError) Error() string { return "typed" }

func TestReportErrorNamesTheType(t *testing.T) {
	for _, c := range []struct {
		err       error
		name, say string
	}{
		{errBoom, "error", "boom"},
		{&typedError{}, "*sentrial_test.typedError", "typed"},
		{fmt.Errorf("asking: %w", &typedError{}), "*sentrial_test.typedError", "asking: typed"},
		{fmt.Errorf("asking: %w", &fs.PathError{Op: "open", Path: "x", Err: fs.ErrNotExist}), "*fs.PathError", "asking: open x: file does not exist"},
		{(*typedError)(nil), "*sentrial_test.typedError", "typed"},
		{hostileError{}, "sentrial_test.hostileError", "(the Error method of sentrial_test.hostileError panicked: Error)"},
		{problems{"a"}, "sentrial_test.problems", "[a]"},
		{errors.Join(errBoom, errBoom), "error", "boom\nboom"},
		{context.DeadlineExceeded, "context.deadlineExceededError", "context deadline exceeded"},
	} {
		rec := sentrialtest.New(t)
		ctx, _ := rec.Client().CreateSession(t.Context(), "s")
		id := sentrial.ReportError(ctx, c.err)
		e := oneEvent(t, rec, types.EventError)
		if e.ID != id || e.Error.ErrorType != c.name || e.Error.ErrorMessage != c.say || e.Error.Recoverable {
			t.Errorf("%T: recorded %s", c.err, asJSON(e))
		}
	}
}

func TestReportErrorWithOptions(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	sentrial.ReportError(ctx, errBoom, sentrial.Recoverable("ask again"), sentrial.WithErrorType("Timeout"), sentrial.WithMetadata(map[string]any{"try": 1}))
	e := oneEvent(t, rec, types.EventError)
	if want := (types.ErrorEvent{ErrorType: "Timeout", ErrorMessage: "boom", Recoverable: true, RecoveryAction: "ask again"}); e.Error.ErrorType != want.ErrorType ||
		e.Error.ErrorMessage != want.ErrorMessage || !e.Error.Recoverable || e.Error.RecoveryAction != want.RecoveryAction || e.Metadata["try"] != 1.0 {
		t.Errorf("recorded %s, want %+v", asJSON(e), want)
	}
	if id := sentrial.ReportError(ctx, nil); id != "" || len(rec.Errors()) != 1 {
		t.Errorf("nil was recorded as %q", id)
	}
}

func TestRecoverPanicsOn(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	v := caught(func() {
		defer sentrial.Recover(ctx)
		fill := func(m map[string]int) { m["x"] = 1 }
		fill(nil)
	})
	if err, ok := v.(runtime.Error); !ok || !strings.Contains(err.Error(), "nil map") {
		t.Errorf("panicked with %v, want the runtime's own error", v)
	}
	e := oneEvent(t, rec, types.EventError).Error
	if e.ErrorType != "panic" || e.ErrorMessage != "panic: assignment to entry in nil map" || !strings.Contains(e.StackTrace, "TestRecoverPanicsOn") {
		t.Errorf("recorded %+v", e)
	}
	func() { defer sentrial.Recover(ctx) }()
	if n := len(rec.Errors()); n != 1 {
		t.Errorf("%d errors, want 1: there was no second panic", n)
	}
}

// TestPanicWithoutASession goes on all the same.
func TestPanicWithoutASession(t *testing.T) {
	if v := caught(func() { defer sentrial.Recover(t.Context()); panic("boom") }); v != "boom" {
		t.Errorf("panicked with %v, want boom", v)
	}
	var client *sentrial.Client
	if v := caught(func() {
		_ = client.Run(t.Context(), "s", func(context.Context) error { panic("boom") })
	}); v != "boom" {
		t.Errorf("Run of a nil client panicked with %v, want boom", v)
	}
}
