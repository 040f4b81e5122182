package main

import (
	"fmt"
	"runtime"
	"time"

	"github.com/sentrial/sentrial-go/bench/peer"
	"github.com/sentrial/sentrial-go/bench/usage"
)

func enqueue() table {
	return table{
		name: "enqueue",
		title: func(s settings) string {
			return fmt.Sprintf("a. What a call costs the caller: processor time of its thread, %s of %d calls of each kind", rounds(s.rounds), s.burstEvents())
		},
		columns: []column{
			{head: "tool µs", figure: "tool us", format: "%.2f"},
			{head: "LLM µs", figure: "llm us", format: "%.2f"},
			{head: "mixed µs", figure: "mixed us", format: "%.2f"},
			{head: "OTel ÷ it", figure: "mixed us", format: "%.1f", ratio: lessIsBetter},
			{head: "allocs tool", figure: "tool allocs", format: "%.1f"},
			{head: "LLM", figure: "llm allocs", format: "%.1f"},
			{head: "B tool", figure: "tool bytes", format: "%.0f"},
			{head: "LLM", figure: "llm bytes", format: "%.0f"},
		},
		leaves: []string{"sentrial-gzip", "sentrial-zstd", "sentrial-small", "otel-gzip"},
		sink:   healthy,
		spec:   func(s settings) spec { return spec{Measure: "enqueue", Events: s.burstEvents(), Patience: s.patience} },
	}
}

func (s settings) burstEvents() int { return max(s.events/5, 1) }

// measureEnqueue is what a call costs the caller: processor time of its thread and allocations, while the peer delivers in the background. Calls come in bursts
// that nobody has to wait in, with pauses in which the peer can deliver.
func measureEnqueue(s spec, kind peer.Kind) (*result, error) {
	runtime.LockOSThread()
	p, err := kind.New(s.lossless())
	if err != nil {
		return nil, err
	}
	defer closePeer(p, s.Patience) //nolint:errcheck // nobody expects anything of it any more
	stop, err := profile(s.Profile)
	if err != nil {
		return nil, err
	}
	e := enqueuer{kind: kind, peer: p, idle: peer.Idle(), caller: newCaller(kind.Snapshot, s.Still)}
	r := newResult()
	for _, w := range []struct {
		name string
		call func(*caller, peer.Peer)
	}{{"tool", (*caller).tool}, {"llm", (*caller).llm}, {"mixed", (*caller).mixed}} {
		r.set(w.name+" us", e.cpu(w.call, s.Events))
	}
	stop()
	e.allocations(r, "tool", (*caller).tool)
	e.allocations(r, "llm", (*caller).llm)
	return r, nil
}

type enqueuer struct {
	kind   peer.Kind
	peer   peer.Peer
	idle   peer.Peer
	caller *caller
}

// cpu is the microseconds of a call, without those of the loop around it.
func (e *enqueuer) cpu(call func(*caller, peer.Peer), events int) float64 {
	bursts := max(events/e.kind.Burst, 2)
	for range max(bursts/4, 2) { // memory and caches as in the middle of a day
		e.burst(call, e.peer, e.kind.Burst)
		rest(e.kind.Burst)
	}
	var with, without time.Duration
	for range bursts {
		with += e.burst(call, e.peer, e.kind.Burst)
		without += e.burst(call, e.idle, e.kind.Burst)
		rest(e.kind.Burst)
	}
	return (with - without).Seconds() * 1e6 / float64(bursts*e.kind.Burst)
}

func (e *enqueuer) burst(call func(*caller, peer.Peer), p peer.Peer, n int) time.Duration {
	began := usage.ThreadCPU()
	for range n {
		call(e.caller, p)
	}
	return usage.ThreadCPU() - began
}

// rest lets the slowest peer deliver n events.
func rest(n int) { time.Sleep(time.Duration(n) * 40 * time.Microsecond) }

const (
	allocationBursts = 100
	allocationCalls  = 64
)

// allocations counts what a call allocates. There is one processor, so that within a burst nothing but the caller runs; the median leaves out the bursts in
// which something did.
func (e *enqueuer) allocations(r *result, name string, call func(*caller, peer.Peer)) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var objects, bytes []float64
	for range allocationBursts {
		o, b := e.allocated(call)
		objects, bytes = append(objects, o), append(bytes, b)
		rest(allocationCalls)
	}
	r.set(name+" allocs", median(objects))
	r.set(name+" bytes", median(bytes))
}

func (e *enqueuer) allocated(call func(*caller, peer.Peer)) (objects, bytes float64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range allocationCalls {
		call(e.caller, e.peer)
	}
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / allocationCalls, float64(after.TotalAlloc-before.TotalAlloc) / allocationCalls
}
