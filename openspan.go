package sentrial

import (
	"context"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
	"github.com/sentrial/sentrial-go/types"
)

// openSpan is what an operation that has begun and not ended knows of its event: everything but the payload.
type openSpan struct {
	ctx     context.Context // what OnStart made of the caller's
	session *Session
	start   time.Time // of the operation, which may be before the span was opened
	opened  time.Time
	event   types.Event // identity and place only
	ended   atomic.Bool
	content contentSetting // its own option, or that of the span around it
	foreign bool           // content is that of another session's span
	mode    ContentMode    // of its beginning

	started []byte         // the record as of the start: sent as running, or as abandoned
	hooked  map[string]any // metadata that hooks added at the start
	input   startInput     // of a tool call or a step
	prompt  startPrompt    // of an LLM call
	besides enrichment     // what others say of the call

	previous, next *openSpan // guarded by openSpans.mu
}

// begin opens a span under the session in ctx; fill puts type and payload into its event. Without a session that records, the span is nil.
func begin(ctx context.Context, start time.Time, own contentSetting, fill func(*types.Event)) (context.Context, *openSpan) {
	ctx = background(ctx)
	session := sessionOf(ctx)
	if !session.begins() {
		return ctx, nil
	}
	opened := time.Now()
	if start.IsZero() {
		start = opened
	}
	o := &openSpan{session: session, start: start, opened: opened, event: types.Event{Timestamp: start}}
	identify(session.sessionState, &o.event, opened)
	sc := scopeOf(ctx)
	session.place(sc, &o.event)
	o.keepMode(sc, own)
	traced(ctx, &o.event)
	e := o.event
	e.Status = types.StatusRunning
	fill(&e)
	inside := scope{session: session, parentID: o.event.ID, span: o, content: o.content, foreign: o.foreign}
	o.ctx = withScope(session.client.begun(ctx, o, &e), inside)
	return o.ctx, o
}

// begins tells whether a span of the session is recorded, and accounts for one that is refused.
func (s *Session) begins() bool {
	switch {
	case s == nil || s.client == nil:
		return false
	case s.badID:
		s.client.refuse(&types.Event{SessionID: s.id}, DropInvalid, badSessionID(s.id))
		return false
	}
	return !s.client.refuses(s.sessionState)
}

// keepMode notes how the content of the span is recorded.
func (o *openSpan) keepMode(sc *scope, own contentSetting) {
	c := o.session.client
	if own == contentUnset {
		o.content, o.foreign = sc.content, sc.foreign
		o.mode = c.contentIn(sc, o.session.id, o.session.sessionState)
		return
	}
	o.content = c.checked(own)
	o.mode = own.mode()
}

// sessionOf finds the session for a helper call and accounts for one that has none.
func sessionOf(ctx context.Context) *Session {
	session := SessionFromContext(ctx)
	if session == nil {
		noteUnsessioned(ctx)
	}
	return session
}

// begun shows the beginning of a span to redactor and hooks, keeps its record and gives the context for what nests inside.
func (c *Client) begun(ctx context.Context, o *openSpan, e *types.Event) (next context.Context) {
	next = ctx
	defer func() {
		if v := recover(); v != nil {
			c.warnOnce("begin", "sentrial: beginning a span panicked", "panic", jsonenc.PanicText(v))
		}
	}()
	if c.shaped {
		next, e = c.shapeStart(ctx, o, e)
	}
	scratch := newScratch()
	defer scratch.free()
	scratch.mode = o.mode
	o.started = slices.Clone(scratch.snapshot(payloadOf(e), e, flagUncounted))
	c.spans.add(o)
	if c.spans.opened != nil {
		c.spans.opened(o.event.ID)
	}
	return next
}

func (o *openSpan) eventID() string {
	if o == nil {
		return ""
	}
	return o.event.ID
}

// close is true once: for whoever ends the span.
func (o *openSpan) close() bool {
	if o == nil || o.ended.Swap(true) {
		return false
	}
	o.session.client.spans.remove(o)
	return true
}

// finish records the span's event; e has payload, status and, if it is known better than by the clock, the duration.
func (o *openSpan) finish(e *types.Event) {
	e.ID, e.SessionID, e.ParentID, e.Seq = o.event.ID, o.event.SessionID, o.event.ParentID, o.event.Seq
	e.Timestamp, e.TraceID, e.SpanID = o.event.Timestamp, o.event.TraceID, o.event.SpanID
	if e.Duration == 0 {
		e.Duration = time.Since(o.start)
	}
	o.session.client.overheard(e)
	o.session.client.acceptEnd(o, e)
}

// openSpans knows every span that has begun and not ended, oldest first.
type openSpans struct {
	buffer    *batcher
	opened    func(id string) // hears of each; nil but under sentrialtest
	abandoned atomic.Uint64

	mu          sync.Mutex
	first, last *openSpan
	fresh       *openSpan // the first that was not announced; all after it were not either
	watched     bool      // the sender will look again by itself
}

// announceAfter is how long a span must be open before a copy of it is sent as running.
const announceAfter = 2 * time.Second

const noSpans = time.Duration(math.MaxInt64)

func newOpenSpans(buffer *batcher) *openSpans { return &openSpans{buffer: buffer} }

func (o *openSpans) add(s *openSpan) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if s.previous = o.last; o.last != nil {
		o.last.next = s
	} else {
		o.first = s
	}
	o.last = s
	if o.fresh == nil {
		o.fresh = s
	}
	if !o.watched {
		o.watched = true
		signal(o.buffer.wake)
	}
}

func (o *openSpans) remove(s *openSpan) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if s.previous == nil && s != o.first {
		return // its beginning failed: it was never added
	}
	if s == o.fresh {
		o.fresh = s.next
	}
	if s.previous != nil {
		s.previous.next = s.next
	} else {
		o.first = s.next
	}
	if s.next != nil {
		s.next.previous = s.previous
	} else {
		o.last = s.previous
	}
	s.previous, s.next = nil, nil
}

// announce sends a copy of each span that has been open for announceAfter, once, and tells when to look again. A beginning that says more than may be said by
// now is not sent: the copy is in no counter, and the end will tell.
func (o *openSpans) announce(now time.Time) (wait time.Duration) {
	due, wait := o.dueAt(now)
	for _, s := range due {
		if s.contentNow() > s.mode {
			continue
		}
		o.buffer.put(context.Background(), s.started, new(uint8)) // a copy that finds no room is no loss, and waits for none
	}
	return wait
}

func (o *openSpans) dueAt(now time.Time) (due []*openSpan, wait time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for ; o.fresh != nil; o.fresh = o.fresh.next {
		if wait := announceAfter - now.Sub(o.fresh.opened); wait > 0 {
			return due, wait
		}
		due = append(due, o.fresh)
	}
	o.watched = false
	return due, noSpans
}

// abandon records every span still open, as of its start, with status unknown and metadata.abandoned.
func (o *openSpans) abandon(ctx context.Context, c *Client) {
	for s := o.oldest(); s != nil; s = o.oldest() {
		if !s.close() {
			runtime.Gosched() // its owner is ending it right now
			continue
		}
		o.abandoned.Add(1)
		if _, reason := o.buffer.put(ctx, abandonedRecord(s.startedAsOfNow()), new(uint8)); reason != "" {
			id, eventType, sessionID := identity(s.started)
			c.notices.drop(Drop{Reason: reason, EventID: string(id), Type: types.EventType(eventType), SessionID: string(sessionID)})
		}
	}
}

func (o *openSpans) oldest() *openSpan {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.first
}

// startedAsOfNow is the starting record with no more of its content than may be said by now.
func (o *openSpan) startedAsOfNow() []byte {
	if now := o.contentNow(); now > o.mode {
		return withheldRecord(o.started, now)
	}
	return o.started
}

// abandonedRecord makes of a span's starting record the event that stands for its missing end.
func abandonedRecord(started []byte) []byte {
	fields := slices.DeleteFunc(fieldsOf(started), func(f field) bool { return f.tag == tagStatus })
	return recordOf(0, marked(append(fields, field{tagStatus, kindText, []byte(types.StatusUnknown)}), `"abandoned":true`))
}
