package sentrial

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/sentrial/sentrial-go/types"
)

// ToolSpan is an open tool call. Fill in its fields before End; they belong to the caller until then. Every method works on nil.
type ToolSpan struct {
	types.ToolCall
	open *openSpan
}

// LLMSpan is an open LLM call. Fill in its fields before End; they belong to the caller until then. Every method works on nil.
type LLMSpan struct {
	types.LLMCall
	open       *openSpan
	firstToken atomic.Int64 // nanoseconds since the start
}

// StepSpan is an open step. Fill in its fields before End; they belong to the caller until then. Every method works on nil.
type StepSpan struct {
	types.Step
	open *openSpan
}

// StartTool begins a tool call that ends by End: for callbacks and middleware. What is recorded under the returned context nests inside it. Without a session
// in ctx nothing is recorded; the span is never nil.
func StartTool(ctx context.Context, call types.ToolCall, opts ...ToolOption) (context.Context, *ToolSpan) {
	set := toolSetup{ToolCall: call}
	applyTool(&set, opts)
	s := &ToolSpan{ToolCall: set.ToolCall}
	ctx, s.open = begin(ctx, set.StartTime, set.content, func(e *types.Event) {
		e.Type, e.Metadata, e.ToolCall = types.EventToolCall, set.Metadata, &set.ToolCall
	})
	s.open.keepInput(tagToolInput, set.ToolInput)
	return ctx, s
}

// StartLLM begins an LLM call that ends by End: for streams. What is recorded under the returned context nests inside it. Without a session in ctx nothing is
// recorded; the span is never nil.
func StartLLM(ctx context.Context, call types.LLMCall, opts ...LLMOption) (context.Context, *LLMSpan) {
	set := llmSetup{LLMCall: call}
	applyLLM(&set, opts)
	s := &LLMSpan{LLMCall: set.LLMCall}
	ctx, s.open = begin(ctx, set.StartTime, set.content, func(e *types.Event) {
		e.Type, e.Metadata, e.LLMCall = types.EventLLMCall, set.Metadata, &set.LLMCall
	})
	s.open.keepPrompt(&set.LLMCall)
	return ctx, s
}

// StartStep begins a step that ends by End. What is recorded under the returned context nests inside it. Without a session in ctx nothing is recorded; the span
// is never nil.
func StartStep(ctx context.Context, step types.Step, opts ...StepOption) (context.Context, *StepSpan) {
	set := stepSetup{Step: step}
	applyStep(&set, opts)
	s := &StepSpan{Step: set.Step}
	ctx, s.open = begin(ctx, set.StartTime, set.content, func(e *types.Event) {
		e.Type, e.Metadata, e.Step = types.EventStep, set.Metadata, &set.Step
	})
	s.open.keepInput(tagInput, set.Input)
	return ctx, s
}

// ID is the event's id, empty without a session.
func (s *ToolSpan) ID() string {
	if s == nil {
		return ""
	}
	return s.open.eventID()
}

// ID is the event's id, empty without a session.
func (s *LLMSpan) ID() string {
	if s == nil {
		return ""
	}
	return s.open.eventID()
}

// ID is the event's id, empty without a session.
func (s *StepSpan) ID() string {
	if s == nil {
		return ""
	}
	return s.open.eventID()
}

// End records the call with what its fields say and how long it took. err is the tool's error, nil for success. The first End counts, from any goroutine.
func (s *ToolSpan) End(err error) {
	if s == nil || !s.open.close() {
		return
	}
	call := s.ToolCall
	call.ToolInput = s.open.inputOf(call.ToolInput)
	s.open.enrichTool(&call)
	status := s.open.outcome(&call.Status, &call.Error, err)
	s.open.finish(&types.Event{Type: types.EventToolCall, Status: status, Duration: call.Duration, Metadata: call.Metadata, ToolCall: &call})
}

// FirstToken notes that the first token of a stream has come: the time to it is recorded, unless TimeToFirstToken is set by hand. Only the first call counts.
func (s *LLMSpan) FirstToken() {
	if s != nil && s.open != nil {
		s.firstToken.CompareAndSwap(0, max(1, int64(time.Since(s.open.start))))
	}
}

// End records the call with what its fields say and how long it took. err is the call's error, nil for success. A stream that the caller walked away from (err
// wraps context.Canceled while the context is cancelled) is cancelled, with partial = true in its metadata if anything had come. The first End counts, from any
// goroutine.
func (s *LLMSpan) End(err error) {
	if s == nil || !s.open.close() {
		return
	}
	call := s.LLMCall
	s.open.prompt.restore(&call)
	if call.TimeToFirstToken == 0 {
		call.TimeToFirstToken = time.Duration(s.firstToken.Load())
	}
	s.open.enrichLLM(&call)
	status := s.open.outcome(&call.Status, &call.Error, err)
	if status == types.StatusCancelled && (call.TimeToFirstToken > 0 || call.Response != "" || len(call.OutputMessages) > 0) {
		call.Metadata = merged(call.Metadata, map[string]any{"partial": true})
	}
	s.open.finish(&types.Event{Type: types.EventLLMCall, Status: status, Duration: call.Duration, Metadata: call.Metadata, LLMCall: &call})
}

// End records the step with what its fields say and how long it took. err is the step's error, nil for success. The first End counts, from any goroutine.
func (s *StepSpan) End(err error) {
	if s == nil || !s.open.close() {
		return
	}
	step := s.Step
	step.Input = s.open.inputOf(step.Input)
	status := s.open.outcome(&step.Status, &step.Error, err)
	s.open.finish(&types.Event{Type: types.EventStep, Status: status, Duration: step.Duration, Metadata: step.Metadata, Step: &step})
}

// outcome gives a span's status: what its owner set, else what err says, whose text goes to *text unless there is one.
func (o *openSpan) outcome(set *types.Status, text *string, err error) types.Status {
	if err != nil && *text == "" {
		*text = errorText(err)
	}
	if *set == "" || *set == types.StatusRunning {
		if *set = outcomeOf(o.ctx, err); err == nil {
			*set = statusOr("", *text)
		}
	}
	return *set
}
