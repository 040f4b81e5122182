package sentrial

import (
	"context"
	"maps"
	"runtime/debug"
	"slices"
	"time"

	"github.com/sentrial/sentrial-go/types"
)

// Session is one run of an agent: the events recorded through it, or through the helpers under its context, belong together. It is safe for concurrent use, and
// every method works on nil.
type Session struct {
	client *Client // nil: records nothing
	id     string
	*sessionState
}

const maxReported = 16

// CreateSession opens a session and puts it in the returned context, so that the helpers find it. It never waits on the network. Created inside another
// session's context it names that one as its parent.
func (c *Client) CreateSession(ctx context.Context, name string, opts ...SessionOption) (context.Context, *Session) {
	ctx = background(ctx)
	set := setup(opts)
	set.fields.Name = name
	if around := SessionFromContext(ctx).ID(); set.fields.ParentSessionID == "" && around != set.id {
		set.fields.ParentSessionID = around
	}
	s := c.live().newSession(&set)
	s.openedWith(c.checked(set.content), c.inherited(scopeOf(ctx)))
	p := &payload{session: &set.fields}
	s.recordAs(ctx, s.contentSetting(), p, &types.Event{Type: types.EventSessionStart, Metadata: set.metadata})
	if p.inside != nil {
		ctx = p.inside
	}
	return withScope(ctx, scope{session: s}), s
}

// Session is a local handle on a session made elsewhere: no I/O, no session_start, no session_end unless Close is called on it. An id outside the rules gives
// a handle whose events are refused as DropInvalid.
func (c *Client) Session(id string) *Session {
	if c = c.live(); c == nil {
		return &Session{id: id, sessionState: newSessionState(new(lasting))}
	}
	return &Session{client: c, id: id, sessionState: c.states.of(id)}
}

func (c *Client) newSession(set *sessionSetup) *Session {
	id := set.id
	if id != "" && !types.ValidID(id) {
		c.warnOnce("session id", "sentrial: a session id was replaced: want 1 to 128 characters of [A-Za-z0-9_.:-]; the one given is in its metadata", "given", clip(id, 200))
		set.metadata = merged(set.metadata, map[string]any{"requested_session_id": id})
		id = ""
	}
	if id == "" {
		id = newID(sessionPrefix, time.Now())
	}
	if c == nil {
		return &Session{id: id, sessionState: newSessionState(new(lasting))}
	}
	return &Session{client: c, id: id, sessionState: c.states.reopened(id)}
}

// ID is the session's id, empty for a nil session.
func (s *Session) ID() string {
	if s == nil {
		return ""
	}
	return s.id
}

// Context puts the session in ctx, for the helpers. What they record there has no parent event. The WithContent of spans that ctx comes from still
// holds: for spans of another session where it is the stricter one.
func (s *Session) Context(ctx context.Context) context.Context {
	if s == nil {
		return background(ctx)
	}
	ctx = background(ctx)
	return withScope(ctx, scopeOf(ctx).of(s))
}

// SessionFromContext gives the session that the helpers would record under, or nil.
func SessionFromContext(ctx context.Context) *Session { return scopeOf(ctx).session }

// Update sends what became known of the session after it began: user, tags, metadata. Only what is given changes. WithContent holds for what is recorded from
// then on.
func (s *Session) Update(ctx context.Context, opts ...SessionOption) {
	set := setup(opts)
	if set.id != "" && set.id != s.ID() {
		s.owner().warnOnce("update id", "sentrial: Session.Update ignores WithSessionID: a session keeps its id", "session_id", s.ID())
	}
	if s.owner() != nil {
		s.setContent(s.client.checked(set.content))
	}
	s.recordAs(ctx, set.content, &payload{session: &set.fields}, &types.Event{Type: types.EventSessionUpdate, Metadata: set.metadata})
}

// SetResult prepares what Close and Run will say. An error given to Run or CloseErr overrides its status.
func (s *Session) SetResult(result types.SessionResult) {
	if s == nil || s.sessionState == nil {
		return
	}
	result.Output, result.Metrics = asOfNow(result.Output), maps.Clone(result.Metrics) // the caller may change its own at once
	s.mu.Lock()
	defer s.mu.Unlock()
	s.result = result
}

// Close ends the session. Fields left empty in result are taken from SetResult; a status nobody gave is success. The first Close of a session wins, later ones
// do nothing.
func (s *Session) Close(ctx context.Context, result types.SessionResult) {
	if s == nil || s.client == nil || s.closed.Swap(true) {
		return
	}
	result = s.filled(result)
	s.record(ctx, &payload{result: &result}, &types.Event{Type: types.EventSessionEnd, Status: result.Status})
}

func (s *Session) filled(r types.SessionResult) types.SessionResult {
	s.mu.Lock()
	prepared := s.result
	s.mu.Unlock()
	if r.Status == "" {
		r.Status = prepared.Status
	}
	if r.Status == "" {
		r.Status = types.StatusSuccess
	}
	if r.Summary == "" {
		r.Summary = prepared.Summary
	}
	if r.Output == nil {
		r.Output = prepared.Output
	}
	if r.Metrics == nil {
		r.Metrics = prepared.Metrics
	}
	return r
}

// CloseErr ends the session by *err, for defer with a named result:
//
//	func answer(ctx context.Context) (err error) {
//		ctx, session := client.CreateSession(ctx, "answer")
//		defer session.CloseErr(ctx, &err)
//
// nil is success; an error wrapping context.Canceled while ctx is cancelled is cancelled; another one is an error and is recorded as an event unless it already
// was. A panic is recorded and goes on. A goroutine that ends (runtime.Goexit, as testing.T.FailNow calls it) is an error. Inside a deferred closure a panic is
// an error too, but what it said is not recorded.
func (s *Session) CloseErr(ctx context.Context, err *error) {
	if v := recover(); v != nil {
		s.reportPanic(ctx, v)
		s.Close(ctx, types.SessionResult{Status: types.StatusError})
		panic(v)
	}
	var outcome error
	if err != nil {
		outcome = *err
	}
	if outcome == nil {
		outcome = unwinding()
	}
	s.closeWith(ctx, outcome)
}

func (s *Session) closeWith(ctx context.Context, err error) {
	if s == nil || s.client == nil {
		return
	}
	status := outcomeOf(ctx, err)
	if status == types.StatusError && !s.wasReported(err) {
		s.report(ctx, err, &errorSetup{})
	}
	if err == nil {
		status = "" // SetResult may say otherwise
	}
	s.Close(ctx, types.SessionResult{Status: status})
}

// outcomeOf is the status that an error returned by the agent's own code stands for.
func outcomeOf(ctx context.Context, err error) types.Status {
	switch {
	case err == nil:
		return types.StatusSuccess
	case background(ctx).Err() != nil && isOrWraps(err, context.Canceled):
		return types.StatusCancelled
	}
	return types.StatusError
}

// report records err as an error event and remembers it.
func (s *Session) report(ctx context.Context, err error, set *errorSetup) string {
	if s == nil || s.client == nil {
		return ""
	}
	if set.ErrorMessage == "" {
		set.ErrorMessage = errorText(err)
	}
	if set.ErrorType == "" {
		set.ErrorType = errorType(err)
	}
	s.remember(err)
	return s.trackError(ctx, s.client.checked(set.content), &set.ErrorEvent)
}

// remember notes that err was reported; of a panic with an error that error is noted, as it may be recovered and returned.
func (s *Session) remember(err error) {
	if p, ok := err.(panicked); ok && p.Unwrap() != nil { //nolint:errorlint // one that is wrapped is the program's
		err = p.Unwrap()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.reported) == maxReported {
		s.reported = append(s.reported[:0], s.reported[1:]...)
	}
	s.reported = append(s.reported, err)
}

// reportPanic records a panic as an error event, once for all the places of a session that it passes on its way up.
func (s *Session) reportPanic(ctx context.Context, v any) {
	if s == nil || s.client == nil {
		return
	}
	stack := debug.Stack()
	if passedOn(stack) && s.wasReported(panicked{v}) {
		return
	}
	s.report(ctx, panicked{v}, &errorSetup{ErrorEvent: types.ErrorEvent{ErrorType: "panic", StackTrace: string(stack)}})
}

func (s *Session) wasReported(err error) bool {
	s.mu.Lock()
	known := slices.Clone(s.reported)
	s.mu.Unlock()
	return isAmong(err, known)
}

// owner is the client behind the session, nil when it records nothing.
func (s *Session) owner() *Client {
	if s == nil {
		return nil
	}
	return s.client
}
