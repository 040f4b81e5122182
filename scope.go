package sentrial

import "context"

// scope is what a context says about recording: the session, the event that new ones nest under, and the open span that middleware inside it may enrich.
type scope struct {
	session  *Session
	parentID string
	span     *openSpan
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

func scopeOf(ctx context.Context) scope {
	if ctx == nil {
		return scope{}
	}
	if sc, ok := ctx.Value(scopeKey{}).(*scope); ok {
		return *sc
	}
	return scope{}
}

// background makes nil contexts harmless.
func background(ctx context.Context) context.Context {
	if ctx == nil {
		return context.Background()
	}
	return ctx
}
