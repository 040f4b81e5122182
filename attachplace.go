package sentrial

import (
	"context"

	"github.com/sentrial/sentrial-go/internal/attach"
	"github.com/sentrial/sentrial-go/types"
)

func init() {
	attach.PlaceIn, attach.Closed, attach.Unsessioned = placeIn, closedFor, noteUnsessioned
	attach.OpenCall = func(ctx context.Context) types.EventType { return scopeOf(ctx).span.openCall() }
	attach.LeftOut = leftOutIn
	attach.OpenTool = func(ctx context.Context) string { return scopeOf(ctx).span.openTool() }
}

func placeIn(client any, ctx context.Context) attach.Place { //nolint:revive // the client goes first, as in the other functions of attach
	sc := scopeOf(ctx)
	if sc.session == nil || sc.session.client == nil || !types.ValidID(sc.session.ID()) || sc.session.client != attached(client) {
		return attach.Place{}
	}
	place := attach.Place{Session: sc.session.ID(), Event: sc.parentID, Call: sc.span.openCall()}
	if sc.content != contentUnset {
		place.Content = withScope(context.Background(), scope{session: sc.session, content: sc.content, foreign: sc.foreign})
	}
	return place
}

// openCall is the type of the span's event while others may say more of it.
func (o *openSpan) openCall() types.EventType {
	if o == nil || o.started == nil || o.ended.Load() {
		return ""
	}
	for _, t := range []types.EventType{types.EventLLMCall, types.EventToolCall} {
		if isOfType(o.started, t) {
			return t
		}
	}
	return ""
}

// openTool is the tool's name while openCall is a tool call.
func (o *openSpan) openTool() string {
	if o.openCall() != types.EventToolCall {
		return ""
	}
	return string(fieldOf(o.started, tagToolName))
}

func leftOutIn(ctx context.Context) bool {
	s := SessionFromContext(ctx)
	return s != nil && s.client != nil && s.leftOut
}

func closedFor(client any) bool {
	c := attached(client)
	return c != nil && c.closing.Load()
}
