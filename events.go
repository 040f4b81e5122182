package sentrial

import (
	"context"
	"fmt"
	"time"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
	"github.com/sentrial/sentrial-go/types"
)

// TrackToolCall records one finished call of a tool. Without a StartTime it began Duration ago. It returns the event's id, empty if and only if the event was
// not accepted, as all Track methods do.
func (s *Session) TrackToolCall(ctx context.Context, call types.ToolCall) string {
	defer s.enter(ctx).leave()
	return s.record(ctx, &payload{toolCall: &call}, &types.Event{
		Type: types.EventToolCall, Timestamp: call.StartTime, Duration: call.Duration, Status: statusOr(call.Status, call.Error), Metadata: call.Metadata,
	})
}

// TrackDecision records a choice of the agent's.
func (s *Session) TrackDecision(ctx context.Context, d types.Decision) string {
	defer s.enter(ctx).leave()
	return s.record(ctx, &payload{decision: &d}, &types.Event{Type: types.EventDecision, Timestamp: d.StartTime, Metadata: d.Metadata})
}

// TrackLLMCall records one finished call of a model. Without a StartTime it began Duration ago.
func (s *Session) TrackLLMCall(ctx context.Context, call types.LLMCall) string {
	defer s.enter(ctx).leave()
	return s.record(ctx, &payload{llmCall: &call}, &types.Event{
		Type: types.EventLLMCall, Timestamp: call.StartTime, Duration: call.Duration, Status: statusOr(call.Status, call.Error), Metadata: call.Metadata,
	})
}

// TrackError records an error. ReportError makes one from a Go error.
func (s *Session) TrackError(ctx context.Context, e types.ErrorEvent) string {
	return s.trackError(ctx, contentUnset, &e)
}

func (s *Session) trackError(ctx context.Context, own contentSetting, e *types.ErrorEvent) string {
	defer s.enter(ctx).leave()
	return s.recordAs(ctx, own, &payload{err: e}, &types.Event{Type: types.EventError, Timestamp: e.StartTime, Metadata: e.Metadata})
}

// TrackStep records a finished piece of work that is neither a tool nor an LLM call.
func (s *Session) TrackStep(ctx context.Context, step types.Step) string {
	defer s.enter(ctx).leave()
	return s.record(ctx, &payload{step: &step}, &types.Event{
		Type: types.EventStep, Timestamp: step.StartTime, Duration: step.Duration, Status: statusOr(step.Status, step.Error), Metadata: step.Metadata,
	})
}

// TrackFeedback records a judgement of an event, or of the session when f.EventID is empty.
func (s *Session) TrackFeedback(ctx context.Context, f types.Feedback) string {
	defer s.enter(ctx).leave()
	return s.record(ctx, &payload{feedback: &f}, &types.Event{Type: types.EventFeedback, Metadata: f.Metadata})
}

func statusOr(s types.Status, err string) types.Status {
	switch {
	case s != "":
		return s
	case err != "":
		return types.StatusError
	}
	return types.StatusSuccess
}

// record gives e its session, its place and its identity and hands it on with its payload.
func (s *Session) record(ctx context.Context, p *payload, e *types.Event) string {
	return s.recordAs(ctx, contentUnset, p, e)
}

// recordAs is record for an event that may have a content mode of its own.
func (s *Session) recordAs(ctx context.Context, own contentSetting, p *payload, e *types.Event) string {
	if s == nil || s.client == nil {
		return ""
	}
	ctx = background(ctx)
	sc := scopeOf(ctx)
	s.place(sc, e)
	mode := s.client.contentIn(sc, s.id, s.sessionState)
	if own != contentUnset {
		mode = own.mode()
	}
	return s.client.accept(ctx, s.sessionState, mode, p, e)
}

// place says where an event belongs: its session, and the event that it happened inside.
func (s *Session) place(sc *scope, e *types.Event) {
	e.SessionID = s.id
	if e.ParentID == "" && sc.session.ID() == s.id {
		e.ParentID = sc.parentID
	}
}

// accept is the way of every event into the buffer. It fills in what is empty (id, seq, time, trace), lets redactor and hooks see it, and takes the snapshot.
func (c *Client) accept(ctx context.Context, st *sessionState, mode ContentMode, p *payload, e *types.Event) (id string) {
	defer func() {
		if v := recover(); v != nil {
			id = ""
			c.refuse(e, DropInvalid, fmt.Errorf("sentrial: recording panicked: %s", jsonenc.PanicText(v)))
		}
	}()
	if st.badID {
		return c.refuse(e, DropInvalid, badSessionID(e.SessionID))
	}
	if c.refuses(st) {
		return ""
	}
	scratch := newScratch()
	defer scratch.free()
	scratch.ids.identify(st, e, time.Now())
	if !c.shaped {
		scratch.estimate = c.estimateOf(p.llmCall)
		return c.putTraced(ctx, scratch, mode, p, e)
	}
	whole := c.estimated(p.in(e))
	traced(ctx, whole)
	whole, p.inside = c.shape(ctx, mode, whole)
	return c.put(ctx, scratch, mode, payloadOf(whole), whole)
}

func badSessionID(id string) error {
	return fmt.Errorf("sentrial: session id %q: want 1 to 128 characters of [A-Za-z0-9_.:-]", clip(id, 200))
}

// acceptEnd takes the event of a span that has ended, whose identity is known since its start.
func (c *Client) acceptEnd(o *openSpan, e *types.Event) {
	defer c.gate.enter(o.ctx).leave()
	defer func() {
		if v := recover(); v != nil {
			c.refuse(e, DropInvalid, fmt.Errorf("sentrial: recording panicked: %s", jsonenc.PanicText(v)))
		}
	}()
	mode := o.contentNow()
	var est estimate
	if c.shaped {
		e = c.shapeEnd(o, mode, c.estimated(e))
	} else {
		est = c.estimateOf(e.LLMCall)
	}
	scratch := newScratch()
	defer scratch.free()
	scratch.estimate = est
	c.put(o.ctx, scratch, max(mode, o.contentNow()), payloadOf(e), e)
}

// put takes the snapshot of a finished event and commits it to the buffer.
func (c *Client) put(ctx context.Context, scratch *scratch, mode ContentMode, p *payload, e *types.Event) string {
	scratch.mode = mode
	record := scratch.snapshot(p, e, 0)
	if c.cfg.overflow == Degrade && c.buffer.crowding.high.Load() {
		light := lightenings.Get().(*lightening)
		defer light.free()
		record = light.degraded(record)
	}
	if reason := c.buffer.add(ctx, record, &scratch.shard); reason != "" {
		return c.refuse(e, reason, nil)
	}
	return e.ID
}

// add copies a finished record into the buffer, and where the program wants that waits until it is on the disk.
func (b *batcher) add(ctx context.Context, record []byte, hint *uint8) DropReason {
	inFile, reason := b.put(ctx, record, hint)
	if inFile && b.slabs.spool.every == 0 {
		b.slabs.spool.syncNow()
	}
	return reason
}

// put is add without waiting for the disk. It tells whether the record is in a file.
func (b *batcher) put(ctx context.Context, record []byte, hint *uint8) (inFile bool, reason DropReason) {
	r, reason := b.reserve(ctx, len(record), record[4], hint)
	if reason != "" {
		return false, reason
	}
	copy(r.buf, record)
	b.commit(r)
	return r.slab.segment != nil, ""
}

// refuse accounts for an event that was not accepted. What the buffer refused it has counted itself.
func (c *Client) refuse(e *types.Event, reason DropReason, err error) string {
	if reason == DropInvalid {
		c.buffer.countRefused(reason)
	}
	if reason != DropClosed {
		c.notices.drop(Drop{Reason: reason, EventID: e.ID, SessionID: e.SessionID, Type: e.Type, Err: err})
	}
	return ""
}
