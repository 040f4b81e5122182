package sentrial

import (
	"context"

	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
	"github.com/sentrial/sentrial-go/types"
)

// Carrier is what crosses from one process to another: headers of a request, attributes of a message. http.Header is one.
type Carrier interface {
	Get(key string) string
	Set(key, value string)
}

// MapCarrier is a Carrier for messages whose attributes are a map. Keys are taken as they are.
type MapCarrier map[string]string

// Get gives the value of key, empty if there is none.
func (m MapCarrier) Get(key string) string { return m[key] }

// Set sets the value of key.
func (m MapCarrier) Set(key, value string) { m[key] = value }

// Inject writes the session and the open event of ctx into the carrier, so that another process can go on in that session: as members of the W3C baggage
// header, other members kept, and traceparent/tracestate when there is an OpenTelemetry span in ctx. Without a session that records only the latter are
// written. A baggage header that would become longer than the 8192 bytes that everyone has to read stays as it is. On the hosted protocol a session cannot be
// handed on: that is logged once, and no baggage is written.
func Inject(ctx context.Context, into Carrier) {
	if into == nil {
		return
	}
	ctx = background(ctx)
	sc := scopeOf(ctx)
	defer sc.session.owner().quietly("inject", "sentrial: Inject: the carrier panicked")
	if trace.SpanContextFromContext(ctx).IsValid() {
		propagation.TraceContext{}.Inject(ctx, carrier{into})
	}
	if sc.session.owner() == nil || !types.ValidID(sc.session.ID()) {
		return
	}
	if sc.session.owner().sender.onHostedWire.Load() {
		sc.session.owner().warnOnce("inject hosted", "sentrial: Inject: on the hosted protocol a session cannot be handed to another process, which does not learn the server's id; nothing is written")
		return
	}
	header, fits := baggageOf(into).with(baggage.FromContext(ctx), sc.session.ID(), sc.parentID)
	if !fits {
		sc.session.owner().warnOnce("baggage", "sentrial: Inject: the baggage header has no room left for the session", "limit", maxBaggage)
		return
	}
	into.Set(baggageHeader, header)
}

// Extract puts the session named by the carrier into ctx, with the event that the work is part of, and the remote trace unless ctx already has a span. A
// carrier that names no session, or none by the rules for ids, leaves ctx as it is. WithContent of spans that ctx comes from holds as it does for
// Session.Context. Use it only where the sender is trusted: whoever writes the header chooses
// the session that is written to.
func (c *Client) Extract(ctx context.Context, from Carrier) (next context.Context) {
	next = background(ctx)
	if c.live() == nil || from == nil {
		return next
	}
	defer c.quietly("extract", "sentrial: Extract: the carrier panicked")
	held := baggageOf(from)
	id := held.id(baggageSession)
	if id == "" {
		return next
	}
	remote := next
	if !trace.SpanContextFromContext(remote).IsValid() {
		remote = propagation.TraceContext{}.Extract(remote, carrier{from})
	}
	if baggage.FromContext(remote).Len() == 0 {
		remote = baggage.ContextWithBaggage(remote, held.parsed()) // so that Inject passes the other members on
	}
	sc := scopeOf(next).of(c.Session(id))
	sc.parentID = held.id(baggageParent)
	return withScope(remote, sc)
}

// quietly is deferred around code of the program's that is no part of its work: a panic there is logged and goes no further.
func (c *Client) quietly(cause, msg string) {
	if v := recover(); v != nil {
		c.warnOnce(cause, msg, "panic", jsonenc.PanicText(v))
	}
}

// carrier adapts a Carrier to OpenTelemetry's propagators.
type carrier struct{ Carrier }

func (carrier) Keys() []string { return nil }
