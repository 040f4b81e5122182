// Package attach is how packages of this module that feed a client in the background, such as otelbridge, reach what no program should. A client is given as any,
// because it cannot be named here; everything does nothing for one that records nothing. Package sentrial sets the variables when it is loaded.
package attach

import (
	"context"

	"github.com/sentrial/sentrial-go/types"
)

// Follow calls release at the start of each Flush and Close of the client, before anything is refused as closed, so that what waits outside of the client's queue
// comes into it. It is called outside of all locks, by several goroutines at once if they flush at once, with the context of Flush or Close, which always has a
// deadline: release must keep to it. stop ends that and may be called more than once; a call of release that has begun goes on.
var Follow func(client any, release func(context.Context)) (stop func())

// Refuse counts an event that could not be taken in Stats.Refused under the reason, and tells OnDrop of it. e may be nil.
var Refuse func(client any, reason string, e *types.Event, err error)

// Enrich gives the open call of a helper or a Start function that ctx comes from what somebody else knows of it, a *types.LLMCall or a *types.ToolCall, which then
// belongs to the client. At the call's end it fills in what the program left empty. The first to say something counts, but a call that succeeded counts before one
// that failed before it, as when a program asks another model then; their attempts are added up. It tells whether it was taken: false without such a call in ctx, after its
// end, for another kind of call, and for one that is known to be another, because its answer has another id.
var Enrich func(ctx context.Context, payload any) bool

// Attempts is what Enrich takes of an LLM call that goes on: how often it was sent by now. What is inside it may have said so already, so that the highest number
// counts, and nothing is added.
type Attempts int

// Displace is for who opened the LLM call: it takes call in the place of what Enrich was given before if that was of another one, as its answer has another id, and gives
// that back. nil is none.
var Displace func(ctx context.Context, call *types.LLMCall) (other *types.LLMCall)

// Overhear calls heard at the end of each LLM and tool call of a helper, a Start function or an adapter that began inside an OpenTelemetry span, on the program's
// goroutine: it must be quick. The event names that span; nothing of it may be kept or changed. stop ends it.
var Overhear func(client any, heard func(*types.Event)) (stop func())

// Hosts gives the host:port of the API that the client sends to, in lower case, the port always there.
var Hosts func(client any) []string

type closingKey struct{}

// WithClosing marks the context of a release by Close.
func WithClosing(ctx context.Context) context.Context {
	return context.WithValue(ctx, closingKey{}, true)
}

// Closing tells within release whether the client is being closed: it is the last call then.
func Closing(ctx context.Context) bool { return ctx.Value(closingKey{}) != nil }

// Outlet marks a hook that carries events elsewhere. It is shown them as they are sent, without the content that is not, and cannot change their metadata then.
type Outlet interface{ Outlet() }
