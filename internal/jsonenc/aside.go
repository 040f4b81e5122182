package jsonenc

import (
	"reflect"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// maxAside is how many foreign methods may run at once in the process, stuck ones
	// included.
	maxAside = 4

	// spins is how often a caller yields for a free place before it sleeps.
	spins = 32
)

// patience is how long one Append waits for foreign methods altogether.
var patience = 10 * time.Millisecond

// answered is what came of a foreign method.
type answered struct {
	made   []byte
	reason string // why nothing came of it
}

// aside calls methods of types that nobody vouches for, one after the other on another
// goroutine, and waits for them no longer than patience allows. The one that takes too
// long then runs on alone: its result goes nowhere. There is an answer for each.
func aside(methods []owed) []answered {
	deadline := time.Now().Add(patience)
	if !places.take(deadline) {
		return slices.Repeat([]answered{{reason: reasonTimedOut}}, len(methods))
	}
	r := &run{methods: methods, answers: make([]answered, len(methods)), done: make(chan struct{})}
	go r.do()
	if r.wait(time.Until(deadline)) {
		return r.answers // all there, or their goroutine was ended
	}
	answers := slices.Repeat([]answered{{reason: reasonTimedOut}}, len(methods))
	copy(answers, r.answers[:r.count.Load()])
	return answers
}

// run calls foreign methods. Of the answers, count have been given and stay as they are.
type run struct {
	methods []owed
	answers []answered
	count   atomic.Int64
	done    chan struct{}
	ended   bool // guarded by places
	stuck   bool // guarded by places
}

func (r *run) do() {
	defer close(r.done)
	defer places.free(r)
	defer r.exited()
	for i := range r.methods {
		if places.isStuck(r) {
			return
		}
		made, reason := guarded(r.methods[i].call)
		r.answers[i] = answered{made, reason}
		r.count.Add(1)
	}
}

// exited answers for the methods that were not called because one before them ended the
// goroutine with runtime.Goexit, and for that one.
func (r *run) exited() {
	for i := int(r.count.Load()); i < len(r.answers); i++ {
		r.answers[i].reason = reasonPanic + "the goroutine was ended"
	}
}

// wait tells whether the run ended in time.
func (r *run) wait(patience time.Duration) bool {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-r.done:
		return true
	case <-timer.C:
	}
	if places.giveUp(r) {
		return false
	}
	<-r.done // it ended at the last moment: to close done is all that it still does
	return true
}

// places counts the goroutines that run foreign methods. It is a mutex and not a channel
// because callers in different synctest bubbles share it.
var places asidePlaces

type asidePlaces struct {
	mu             sync.Mutex
	running, stuck int // stuck ones are running too
}

// take waits for a place until the deadline. It does not wait when every place is stuck,
// nor inside a foreign method: that one holds a place itself, and a method that encodes
// its own kind again would keep them all for ever.
func (p *asidePlaces) take(deadline time.Time) bool {
	for tries := 0; ; tries++ {
		taken, hopeless := p.tryTake()
		switch {
		case taken || hopeless || !time.Now().Before(deadline):
			return taken
		case tries == 0 && insideRun():
			return false
		case tries < spins:
			runtime.Gosched()
		default:
			time.Sleep(100 * time.Microsecond)
		}
	}
}

// insideRun tells whether this goroutine was started to run a foreign method: its first
// function is at the bottom of its stack.
func insideRun() bool {
	var pcs [64]uintptr
	for skip := 0; ; skip += len(pcs) {
		n := runtime.Callers(skip, pcs[:])
		frames := runtime.CallersFrames(pcs[:n])
		for more := n > 0; more; {
			var frame runtime.Frame
			frame, more = frames.Next()
			if frame.Function == runFunction {
				return true
			}
		}
		if n < len(pcs) {
			return false
		}
	}
}

// runFunction is the name of (*run).do on a stack.
var runFunction = reflect.TypeFor[run]().PkgPath() + ".(*run).do"

func (p *asidePlaces) tryTake() (taken, hopeless bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running < maxAside {
		p.running++
		return true, false
	}
	return false, p.stuck >= maxAside
}

func (p *asidePlaces) isStuck(r *run) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return r.stuck
}

// giveUp notes that nobody waits for r any more, unless it has ended.
func (p *asidePlaces) giveUp(r *run) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.ended {
		return false
	}
	r.stuck = true
	p.stuck++
	return true
}

func (p *asidePlaces) free(r *run) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r.ended = true
	p.running--
	if r.stuck {
		p.stuck--
	}
}
