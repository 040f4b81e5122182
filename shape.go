package sentrial

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"

	"github.com/sentrial/sentrial-go/internal/attach"
	"github.com/sentrial/sentrial-go/types"
)

// Shaping is what redactor and hooks do to an event before its snapshot. Clients that have neither never come here. Events arrive by pointer and leave as a
// copy, because the caller's memory is used again.

// shape is for events whose operation is over when they are recorded: they begin and end at once.
func (c *Client) shape(ctx context.Context, mode ContentMode, e *types.Event) (private *types.Event, inside context.Context) {
	private = c.privateCopy(ctx, mode, e)
	inside = c.runStartHooks(ctx, mode, private)
	c.runEndHooks(inside, mode, private)
	return private, inside
}

// shapeStart is for the beginning of a span. The context is what the hooks made of ctx; o keeps what they said of the event.
func (c *Client) shapeStart(ctx context.Context, o *openSpan, e *types.Event) (context.Context, *types.Event) {
	private := c.privateCopy(ctx, o.mode, e)
	if len(c.cfg.hooks) > 0 {
		before := maps.Clone(private.Metadata)
		ctx = c.runStartHooks(ctx, o.mode, private)
		o.hooked = changes(before, private.Metadata)
	}
	o.event.TraceID, o.event.SpanID = private.TraceID, private.SpanID
	return ctx, private
}

// changes gives the members of after that before does not have, or has otherwise.
func changes(before, after map[string]any) map[string]any {
	news := make(map[string]any)
	for name, v := range after {
		if old, ok := before[name]; !ok || !sameReference(old, v) {
			news[name] = v
		}
	}
	return news
}

// shapeEnd is for the end of a span. What hooks said at its beginning still holds.
func (c *Client) shapeEnd(o *openSpan, mode ContentMode, e *types.Event) *types.Event {
	private := c.privateCopy(o.ctx, mode, e)
	maps.Copy(private.Metadata, o.hooked)
	c.runEndHooks(o.ctx, mode, private)
	return private
}

func (c *Client) runStartHooks(ctx context.Context, mode ContentMode, e *types.Event) context.Context {
	before := *e
	for _, h := range c.cfg.hooks {
		if hook, ok := h.(StartHook); ok {
			shown := shownTo(h, mode, e)
			ctx = c.onStart(ctx, hook, shown)
			e.TraceID, e.SpanID = shown.TraceID, shown.SpanID
		}
	}
	keepIdentity(e, &before)
	return ctx
}

func (c *Client) runEndHooks(ctx context.Context, mode ContentMode, e *types.Event) {
	before := *e
	for _, h := range c.cfg.hooks {
		if hook, ok := h.(EndHook); ok {
			shown := shownTo(h, mode, e)
			c.onEnd(ctx, hook, shown)
			e.TraceID, e.SpanID = shown.TraceID, shown.SpanID
		}
	}
	keepIdentity(e, &before)
}

// shownTo is what a hook sees of an event: all of it, or what is sent if the hook carries events elsewhere. The mode holds there too.
func shownTo(h Hook, mode ContentMode, e *types.Event) *types.Event {
	if _, outlet := h.(attach.Outlet); !outlet || mode == ContentFull {
		return e
	}
	scratch := newScratch()
	defer scratch.free()
	scratch.mode = mode
	sent := new(types.Event)
	if err := json.Unmarshal(appendEvent(nil, scratch.snapshot(payloadOf(e), e, 0)), sent); err != nil {
		return withheld(e)
	}
	return sent
}

func (c *Client) onStart(ctx context.Context, hook StartHook, e *types.Event) (next context.Context) {
	defer func() {
		if v := recover(); v != nil {
			c.warnOnce("hook", "sentrial: a hook panicked", "panic", valueNamed(v))
			next = ctx
		}
	}()
	if next = hook.OnStart(ctx, e); next == nil {
		next = ctx
	}
	return next
}

func (c *Client) onEnd(ctx context.Context, hook EndHook, e *types.Event) {
	defer func() {
		if v := recover(); v != nil {
			c.warnOnce("hook", "sentrial: a hook panicked", "panic", valueNamed(v))
		}
	}()
	hook.OnEnd(ctx, e)
}

// tellHooks shows the finished client to hooks that want to see it.
func (c *Client) tellHooks() {
	for _, h := range c.cfg.hooks {
		if hook, ok := h.(ClientHook); ok {
			c.onClient(hook)
		}
	}
}

func (c *Client) onClient(hook ClientHook) {
	defer func() {
		if v := recover(); v != nil {
			c.warnOnce("hook", "sentrial: a hook panicked", "panic", valueNamed(v))
		}
	}()
	hook.OnClient(c)
}

// keepIdentity undoes changes to what others rely on already: ids handed out, order, time.
func keepIdentity(e, before *types.Event) {
	e.ID, e.Type, e.SessionID, e.ParentID, e.Seq = before.ID, before.Type, before.SessionID, before.ParentID, before.Seq
	e.Timestamp, e.Duration = before.Timestamp, before.Duration
}

// privateCopy gives the event that hooks may work on: redacted if there is a redactor, else a copy that shares what is inside the payload with the caller.
// Metadata is never shared and never nil, for hooks to write to.
func (c *Client) privateCopy(ctx context.Context, mode ContentMode, e *types.Event) *types.Event {
	if c.cfg.redactor == nil {
		private := shallowCopy(e)
		private.Metadata = merged(e.Metadata, nil)
		oneMetadata(private)
		return private
	}
	private := c.redacted(ctx, mode, e)
	if private.Metadata == nil {
		private.Metadata = make(map[string]any)
	}
	return private
}

func (c *Client) redacted(ctx context.Context, mode ContentMode, e *types.Event) *types.Event {
	private, err := deepCopy(e, mode)
	failure := errorNamed(err)
	if err == nil {
		before := *private
		failure = c.redact(ctx, private)
		keepIdentity(private, &before)
	}
	if failure != "" {
		c.warnOnce("redactor", "sentrial: the redactor failed, content is withheld", "error", failure)
		return c.keepEstimate(withheld(e), e)
	}
	return private
}

// redact tells what the redactor failed with, "" if it did not.
func (c *Client) redact(ctx context.Context, e *types.Event) (failure string) {
	defer func() {
		if v := recover(); v != nil {
			failure = "panic: " + valueNamed(v)
		}
	}()
	return errorNamed(c.cfg.redactor.Redact(ctx, e))
}

// errorNamed and valueNamed say of a failure its Go type alone: its text may well quote the event.
func errorNamed(err error) string {
	if err == nil {
		return ""
	}
	return "an error of type " + errorType(err)
}

func valueNamed(v any) string { return fmt.Sprintf("a value of type %T", v) }

// deepCopy is made of the very record that would be sent, so that the redactor sees all of it and the markers too. What
// had no place in that record is said in the metadata, which no mode withholds later, so the mode counts there.
func deepCopy(e *types.Event, mode ContentMode) (*types.Event, error) {
	scratch := newScratch()
	defer scratch.free()
	scratch.uncut = true // a secret must not be cut in two before the redactor sees it
	scratch.bare = mode != ContentFull
	record := scratch.snapshot(payloadOf(e), e, 0)
	private, ok := viewOf(record, e)
	if !ok {
		private = new(types.Event)
		if err := json.Unmarshal(appendEvent(nil, record), private); err != nil {
			return nil, err
		}
	}
	private.Timestamp, private.Duration = e.Timestamp, e.Duration
	oneMetadata(private)
	oneForm(private)
	return private, nil
}

// oneForm leaves known message parts without their raw form, so that what is redacted in one place is not sent from another.
func oneForm(e *types.Event) {
	if e.LLMCall != nil {
		dropRaw(e.LLMCall.Messages)
		dropRaw(e.LLMCall.OutputMessages)
	}
}

// oneMetadata leaves the metadata in one place, for the same reason.
func oneMetadata(e *types.Event) {
	switch {
	case e.ToolCall != nil:
		e.ToolCall.Metadata = nil
	case e.LLMCall != nil:
		e.LLMCall.Metadata = nil
	case e.Decision != nil:
		e.Decision.Metadata = nil
	case e.Error != nil:
		e.Error.Metadata = nil
	case e.Step != nil:
		e.Step.Metadata = nil
	case e.Feedback != nil:
		e.Feedback.Metadata = nil
	}
}

func dropRaw(messages []types.Message) {
	for i := range messages {
		for j := range messages[i].Parts {
			switch p := &messages[i].Parts[j]; p.Type {
			case types.PartText, types.PartReasoning, types.PartToolCall, types.PartToolCallResponse:
				p.Raw = nil
			}
		}
	}
}

// shallowCopy copies the event and its payload, but not the maps and slices inside.
func shallowCopy(e *types.Event) *types.Event {
	private := *e
	private.Session, private.Result, private.ToolCall = clonePtr(e.Session), clonePtr(e.Result), clonePtr(e.ToolCall)
	private.Decision, private.LLMCall, private.Error = clonePtr(e.Decision), clonePtr(e.LLMCall), clonePtr(e.Error)
	private.Step, private.Feedback = clonePtr(e.Step), clonePtr(e.Feedback)
	return &private
}

func clonePtr[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}

// withheld keeps of an event what is fact (names, counts, times, costs) and nothing that a person or a model wrote.
func withheld(e *types.Event) *types.Event {
	kept := types.Event{
		ID: e.ID, Type: e.Type, SessionID: e.SessionID, ParentID: e.ParentID, Seq: e.Seq, Timestamp: e.Timestamp, Duration: e.Duration,
		Status: statusOfWire(e.Status), TraceID: e.TraceID, SpanID: e.SpanID, Metadata: map[string]any{"withheld": "the redactor failed"},
	}
	switch {
	case e.ToolCall != nil:
		kept.ToolCall = &types.ToolCall{ToolName: e.ToolCall.ToolName, CallID: e.ToolCall.CallID, Attempt: e.ToolCall.Attempt, Cost: e.ToolCall.Cost}
	case e.LLMCall != nil:
		c := e.LLMCall
		kept.LLMCall = &types.LLMCall{
			Model: c.Model, RequestModel: c.RequestModel, Provider: c.Provider, Operation: c.Operation, ResponseID: c.ResponseID, PromptName: c.PromptName,
			PromptVersion: c.PromptVersion, Usage: c.Usage, Cost: c.Cost, FinishReason: c.FinishReason, Attempts: c.Attempts, TimeToFirstToken: c.TimeToFirstToken,
		}
	case e.Decision != nil:
		kept.Decision = &types.Decision{Confidence: e.Decision.Confidence}
	case e.Error != nil:
		kept.Error = &types.ErrorEvent{ErrorType: e.Error.ErrorType, Recoverable: e.Error.Recoverable}
	case e.Step != nil:
		kept.Step = &types.Step{Name: e.Step.Name, Kind: e.Step.Kind}
	case e.Session != nil:
		kept.Session = &types.SessionFields{
			Name: e.Session.Name, AgentName: e.Session.AgentName, AgentVersion: e.Session.AgentVersion,
			ConversationID: e.Session.ConversationID, ParentSessionID: e.Session.ParentSessionID,
		}
	case e.Result != nil:
		kept.Result = &types.SessionResult{Status: e.Result.Status, Metrics: e.Result.Metrics}
	case e.Feedback != nil:
		kept.Feedback = &types.Feedback{Name: e.Feedback.Name, Score: e.Feedback.Score, EventID: e.Feedback.EventID}
	}
	return &kept
}
