package attach

import (
	"context"

	"github.com/sentrial/sentrial-go/types"
)

// Place is where in a client's sessions a context is. The zero value is outside of all.
type Place struct {
	Session string          // its id, also of one that is left out of the sample
	Event   string          // the open event that new ones nest under; "" = none
	Call    types.EventType // what the innermost open helper call is that Enrich would give something to; "" = none
	Content context.Context //nolint:containedctx // to record in what belongs there and may hold content, where the spans around restrict it; nil = they do not
}

// PlaceIn tells where in the sessions of the client ctx is. A session of another client is none.
var PlaceIn func(client any, ctx context.Context) Place

// LeftOut tells whether the session of ctx is one that the sample leaves out.
var LeftOut func(ctx context.Context) bool

// Entered gives ctx with the place that its goroutine has entered by an adapter whose framework hands no context on. Package adapter sets it.
var Entered func(client any, ctx context.Context) context.Context

// Closed tells whether Close was called.
var Closed func(client any) bool

// OpenCall tells what the innermost open helper call of ctx is that Enrich would give something to, whose client's it is; "" = none.
var OpenCall func(ctx context.Context) types.EventType

// OpenTool tells the name of the tool where OpenCall is a tool call.
var OpenTool func(ctx context.Context) string

// Unsessioned counts a call that found no session in ctx, in Stats.Unsessioned.
var Unsessioned func(ctx context.Context)
