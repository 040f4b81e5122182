package sentrial

import "context"

// scope is what a context says about recording: the session, the event that new ones nest under, and the open span that middleware inside it may enrich.
type scope struct {
	session  *Session
	parentID string
	span     *openSpan
	content  contentSetting // of the spans that the context comes from
	foreign  bool           // these are of another session: of their content only strictness counts
}

type scopeKey struct{}

// scopeContext carries a scope in one allocation, where context.WithValue takes two.
type scopeContext struct {
	context.Context
	scope scope
}

func withScope(ctx context.Context, sc scope) context.Context { return &scopeContext{ctx, sc} }

// Value makes the scope findable through contexts derived from this one.
func (c *scopeContext) Value(key any) any {
	if _, ok := key.(scopeKey); ok {
		return &c.scope
	}
	return c.Context.Value(key)
}

// of is the scope of a session in a context that has this one: no event is around, but what the spans that it comes from said of content.
func (sc *scope) of(s *Session) scope {
	return scope{session: s, content: sc.content, foreign: sc.foreign || sc.session.ID() != s.id}
}

// noScope is that of a context which says nothing.
var noScope scope

// scopeOf gives the scope of a context, which nobody may change.
func scopeOf(ctx context.Context) *scope {
	if ctx == nil {
		return &noScope
	}
	if sc, ok := ctx.Value(scopeKey{}).(*scope); ok {
		return sc
	}
	return &noScope
}

// background makes nil contexts harmless.
func background(ctx context.Context) context.Context {
	if ctx == nil {
		return context.Background()
	}
	return ctx
}
