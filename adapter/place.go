package adapter

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/attach"
	"github.com/sentrial/sentrial-go/types"
)

// places are where goroutines are that cannot say so by a context.
var places struct {
	entered atomic.Int64 // how many there are: while there is none, calls do not look for one
	mu      sync.Mutex
	of      map[uint64][]*place // by goroutine, the outermost first
}

type place struct {
	outer, inside context.Context //nolint:containedctx // both are compared by what they say of sessions
	running       func() bool
}

func init() {
	attach.Entered = func(client any, ctx context.Context) context.Context {
		c, _ := client.(*sentrial.Client)
		return (&Recorder{client: c}).placed(ctx)
	}
}

// Enter is for frameworks whose callbacks give no context back. Until leave is called, what adapters record on this goroutine in a context that is where outer is,
// in the same session under the same event, comes to where inside is. outer is the context that the framework's callback was given, inside the one that a Recorder
// or a Start function made of it. Whose context is already further inside is left alone. leave may be called more than once, and on any goroutine.
//
// running is for frameworks that do not always tell of the end: it is asked, on this goroutine and each time that something is to come inside, whether what was
// entered still runs, and must say no if that is not known. It must not use the Recorder. nil means until leave.
func (r *Recorder) Enter(outer, inside context.Context, running func() bool) (leave func()) {
	if r == nil || r.client == nil {
		return func() {}
	}
	goroutine := Goroutine()
	p := &place{r.placed(outer), inside, running}
	places.mu.Lock()
	defer places.mu.Unlock()
	if places.of == nil {
		places.of = map[uint64][]*place{}
	}
	places.of[goroutine] = append(places.of[goroutine], p)
	places.entered.Add(1)
	return sync.OnceFunc(func() { p.leave(goroutine) })
}

func (p *place) leave(goroutine uint64) {
	places.mu.Lock()
	defer places.mu.Unlock()
	rest := slices.DeleteFunc(places.of[goroutine], func(other *place) bool { return other == p })
	if places.of[goroutine] = rest; len(rest) == 0 {
		delete(places.of, goroutine)
	}
	places.entered.Add(-1)
}

// placed gives ctx with the place that its goroutine has entered from where ctx is.
func (r *Recorder) placed(ctx context.Context) context.Context {
	if ctx == nil || places.entered.Load() == 0 {
		return ctx
	}
	for _, p := range placesHere() {
		if attach.SamePlace(ctx, p.outer) && r.mayEnter(p) && p.runs() {
			ctx = graft(ctx, p.inside)
		}
	}
	return ctx
}

func placesHere() []*place {
	goroutine := Goroutine()
	places.mu.Lock()
	defer places.mu.Unlock()
	return slices.Clone(places.of[goroutine])
}

func (p *place) runs() bool { return p.running == nil || p.running() }

// mayEnter keeps the sessions of one client out of what another one records. A place without a session is one that is not recorded.
func (r *Recorder) mayEnter(p *place) bool {
	return attach.PlaceIn(r.client, p.inside).Session != "" || mutes(p.inside)
}

// graft brings along what is not recorded, too, so that it is counted once.
func graft(ctx, inside context.Context) context.Context {
	ctx = attach.Graft(ctx, inside)
	for _, kind := range []types.EventType{types.EventLLMCall, types.EventToolCall} {
		if unheard(inside, kind) {
			ctx = muted(ctx, kind)
		}
	}
	return ctx
}

func mutes(ctx context.Context) bool {
	return unheard(ctx, types.EventLLMCall) || unheard(ctx, types.EventToolCall)
}
