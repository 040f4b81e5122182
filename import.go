package sentrial

import (
	"context"
	"errors"
	"fmt"

	"github.com/sentrial/sentrial-go/types"
)

// Record takes an event whose id, time, session and parent the caller already has: for bridges, importers, replay. What is empty is filled in: the id, the
// session from ctx, seq, the time, the type from the payload. Ids are any 1 to 128 characters of [A-Za-z0-9_.:-]. The server keeps the first event of an id, so
// recording the same again adds nothing. The id comes back, empty if the event was not accepted; an event outside the rules is refused as DropInvalid, and
// OnDrop hears why.
func (c *Client) Record(ctx context.Context, e types.Event) string {
	if c.live() == nil {
		return ""
	}
	ctx = background(ctx)
	sc := scopeOf(ctx)
	if e.SessionID == "" && sc.session != nil {
		sc.session.place(sc, &e)
	}
	if err := check(&e); err != nil {
		return c.refuse(&e, DropInvalid, err)
	}
	st := c.states.of(e.SessionID)
	st.countOn(e.Seq)
	return c.accept(ctx, st, c.contentIn(sc, e.SessionID, st), payloadOf(&e), &e)
}

// check completes an event made elsewhere and says what is wrong with it.
func check(e *types.Event) error {
	if err := e.Complete(); err != nil {
		return fmt.Errorf("sentrial: %w", err)
	}
	if e.Status == "" {
		e.Status = ownStatus(e)
	}
	if !e.Type.Valid() {
		return fmt.Errorf("sentrial: event type %q: want 1 to 64 characters of [a-z0-9_] that begin with a letter", clip(string(e.Type), 200))
	}
	for _, id := range []struct{ name, value string }{{"id", e.ID}, {"parent_id", e.ParentID}} {
		if id.value != "" && !types.ValidID(id.value) {
			return fmt.Errorf("sentrial: %s %q: want 1 to 128 characters of [A-Za-z0-9_.:-]", id.name, clip(id.value, 200))
		}
	}
	if e.SessionID == "" {
		return errors.New("sentrial: the event names no session and there is none in the context")
	}
	return nil
}

// ownStatus is what a payload says of its outcome where the event says nothing.
func ownStatus(e *types.Event) types.Status {
	switch {
	case e.ToolCall != nil:
		return statusOr("", e.ToolCall.Error)
	case e.LLMCall != nil:
		return statusOr("", e.LLMCall.Error)
	case e.Step != nil:
		return statusOr("", e.Step.Error)
	}
	return ""
}

// maxSeq is more events than a session can have, and far below maxCount. A seq beyond it is no count to go on from.
const maxSeq = maxCount / 2

// countOn makes the session's own count go on after a seq that was given from outside.
func (s *sessionState) countOn(seq int64) {
	if seq > maxSeq {
		return
	}
	for {
		last := s.seq.Load()
		if seq <= last || s.seq.CompareAndSwap(last, seq) {
			return
		}
	}
}
