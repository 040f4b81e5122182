package sentrial

import (
	"context"
	"log/slog"
	"reflect"
	"runtime"
	"strings"

	"github.com/sentrial/sentrial-go/internal/hermetic"
	"github.com/sentrial/sentrial-go/types"
)

// The helpers of an agent loop. Each finds its session in ctx, times fn, records input, output or error, nests what happens inside, and returns fn's own
// results unchanged. Without a session in ctx fn just runs, which is counted in Stats.Unsessioned. A panic in fn is recorded and goes on.

// Tool runs fn as a call of the tool name with input in.
func Tool[In, Out any](ctx context.Context, name string, in In, fn func(context.Context, In) (Out, error), opts ...ToolOption) (out Out, err error) {
	ctx, span := StartTool(ctx, types.ToolCall{ToolName: name, ToolInput: in}, opts...)
	span.ToolInput = span.fixedInput() // fn may change what in points to
	defer span.endUnreturned()
	out, err = fn(ctx, in)
	span.ToolOutput = outputOf(out, err)
	span.End(err)
	return out, err
}

// WrapTool gives fn as a function that records each of its calls as Tool does.
func WrapTool[In, Out any](name string, fn func(context.Context, In) (Out, error), opts ...ToolOption) func(context.Context, In) (Out, error) {
	return func(ctx context.Context, in In) (Out, error) {
		return Tool(ctx, name, in, fn, opts...)
	}
}

// LLM runs fn as one call of a model. call says what is asked; fn gets a copy of it to fill in the answer: response or output messages, usage, finish reason.
// When fn returns a string and fills in neither, the string is the response.
func LLM[Out any](ctx context.Context, call types.LLMCall, fn func(context.Context, *types.LLMCall) (Out, error), opts ...LLMOption) (out Out, err error) {
	ctx, span := StartLLM(ctx, call, opts...)
	defer span.endUnreturned()
	out, err = fn(ctx, &span.LLMCall)
	if text, ok := any(out).(string); ok && span.Response == "" && len(span.OutputMessages) == 0 {
		span.Response = text
	}
	span.End(err)
	return out, err
}

// Step runs fn as a named piece of work, such as a phase of the agent.
func Step(ctx context.Context, name string, fn func(context.Context) error, opts ...StepOption) error {
	ctx, span := StartStep(ctx, types.Step{Name: name}, opts...)
	defer span.endUnreturned()
	err := fn(ctx)
	span.End(err)
	return err
}

// StepValue is Step for an fn with a result, which is recorded as the step's output.
func StepValue[Out any](ctx context.Context, name string, fn func(context.Context) (Out, error), opts ...StepOption) (out Out, err error) {
	ctx, span := StartStep(ctx, types.Step{Name: name}, opts...)
	defer span.endUnreturned()
	out, err = fn(ctx)
	span.Output = outputOf(out, err)
	span.End(err)
	return out, err
}

// Decide records a choice of the agent's under the session in ctx. It returns the event's id, empty if it was not accepted.
func Decide(ctx context.Context, d types.Decision) string {
	return sessionOf(ctx).TrackDecision(ctx, d)
}

// ReportError records err as an error event under the session in ctx. nil records nothing. It returns the event's id, empty if it was not accepted.
func ReportError(ctx context.Context, err error, opts ...ErrorOption) string {
	if err == nil {
		return ""
	}
	var set errorSetup
	applyErr(&set, opts)
	return sessionOf(ctx).report(ctx, err, &set)
}

// Recover records a panic as an error event under the session in ctx, then panics on. Defer it directly:
//
//	defer sentrial.Recover(ctx)
func Recover(ctx context.Context) {
	if v := recover(); v != nil {
		sessionOf(ctx).reportPanic(ctx, v)
		panic(v)
	}
}

// outputOf is out, unless there is an error and out says nothing.
func outputOf[Out any](out Out, err error) any {
	if err != nil && reflect.ValueOf(&out).Elem().IsZero() {
		return nil
	}
	return out
}

func (s *ToolSpan) endUnreturned() { endUnreturned(s.open, s.End) }
func (s *LLMSpan) endUnreturned()  { endUnreturned(s.open, s.End) }
func (s *StepSpan) endUnreturned() { endUnreturned(s.open, s.End) }

// endUnreturned is deferred: it ends the span of a function that did not return, without recovering its panic.
func endUnreturned(o *openSpan, end func(error)) {
	if o == nil || o.ended.Load() {
		return
	}
	if err := unwinding(); err != nil {
		end(err)
		return
	}
	end(errGoexit)
}

// unwinding tells what runs the deferred function that asks, or the closure around it, without recovering: a panic, runtime.Goexit (which is how
// testing.T.FailNow leaves a function), or, with nil, neither.
func unwinding() error {
	var callers [3]uintptr // the function that asks, perhaps a closure, and what runs them
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers[:])])
	frames.Next()
	for range 2 {
		frame, more := frames.Next()
		switch {
		case frame.Function == "runtime.gopanic":
			return errPanicked
		case frame.Function == "runtime.Goexit":
			return errGoexit
		case !more || !strings.Contains(frame.Function, ".func") && !strings.HasSuffix(frame.Function, ".endUnreturned"):
			return nil
		}
	}
	return nil
}

// noteUnsessioned counts a helper call that found no session, and says so once.
func noteUnsessioned(ctx context.Context) {
	if hear := hermetic.OnUnsessioned.Load(); hear != nil {
		(*hear)(background(ctx))
	}
	if unsessioned.Add(1) == 1 {
		defer func() { _ = recover() }() // the program's log handler must not stop the agent
		slog.Debug("sentrial: a helper was called with no session in its context and records nothing; CreateSession or Run puts one there")
	}
}
