package sentrial

import (
	"context"
	"math/rand/v2"
	"runtime"
	"sync/atomic"
)

// gate bounds how many callers are inside a Track method or the end of a span at once. Each has a record in the making and a deeper stack: without a bound, 100,000
// goroutines that find the queue full, or have to help the garbage collector, would hold many times what the queue may. Whoever waits here holds nothing yet.
//
// Nobody inside waits for a server, nor for code that may never return, though with WithSpoolSync(0) for the disk. So there is no gate for clients with hooks, which may
// record events themselves, and under Block only for those whose context is done already.
type gate struct {
	block bool
	lanes [gateLanes]gateLane // several, so that callers on many processors do not all write to the same word
	most  int32               // callers inside a lane
}

type gateLane struct {
	callers atomic.Int32 // inside and waiting
	next    chan struct{}
	_       [48]byte // the rest of a cache line
}

const (
	gateLanes   = 8
	gatePerLane = 16 // and one for each processor
)

func newGate(block bool) *gate {
	g := &gate{block: block, most: int32(gatePerLane + min(runtime.GOMAXPROCS(0), 1<<10))}
	for i := range g.lanes {
		g.lanes[i].next = make(chan struct{}, g.most) // so that leave does not wait
	}
	return g
}

// pass is a place inside, or none.
type pass struct {
	lane *gateLane
	most int32
}

func (g *gate) enter(ctx context.Context) pass {
	if g == nil || g.block && !isOver(ctx) {
		return pass{}
	}
	p := pass{&g.lanes[rand.Uint32()%gateLanes], g.most} //nolint:gosec // no secret
	if p.lane.callers.Add(1) > p.most {
		<-p.lane.next
	}
	return p
}

// isOver tells whether a context of the program's, which may be of any kind, is done.
func isOver(ctx context.Context) (over bool) {
	defer func() { _ = recover() }()
	return ctx != nil && ctx.Err() != nil
}

// leave lets the next one in.
func (p pass) leave() {
	if p.lane != nil && p.lane.callers.Add(-1) >= p.most {
		p.lane.next <- struct{}{}
	}
}

// enter is the gate's, for a session that records.
func (s *Session) enter(ctx context.Context) pass {
	if s == nil || s.client == nil {
		return pass{}
	}
	return s.client.gate.enter(ctx)
}
