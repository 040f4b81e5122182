package langchaingo

import (
	"context"
	"reflect"
	"slices"
	"sync"
)

// threads are the operations that goroutines are in. Callbacks neither give a context back nor say what they belong to, but an operation begins and ends on one
// goroutine, and those of one goroutine are inside each other.
var threads struct {
	mu     sync.Mutex
	of     map[uint64][]*operation // the outermost first
	number int
	begun  uint64 // how many ever
}

// push adds an operation that has begun here.
func (o *operation) push() {
	given := o.add()
	o.handler.follower.begun(o.handler)
	for _, other := range given {
		other.finish(ending{})
	}
}

// add gives those up that are kept in vain.
func (o *operation) add() (given []*operation) {
	threads.mu.Lock()
	defer threads.mu.Unlock()
	if threads.of == nil {
		threads.of = map[uint64][]*operation{}
	}
	threads.of[o.at.goroutine] = append(threads.of[o.at.goroutine], o)
	threads.number++
	threads.begun++
	return takeVain(o)
}

// takeAt takes an operation from its thread. threads.mu is held.
func takeAt(goroutine uint64, i int) *operation {
	stack := threads.of[goroutine]
	o := stack[i]
	if stack = slices.Delete(stack, i, i+1); len(stack) == 0 {
		delete(threads.of, goroutine)
	} else {
		threads.of[goroutine] = stack
	}
	threads.number--
	return o
}

// takeIf takes those operations of a goroutine that are chosen, the innermost first.
func takeIf(goroutine uint64, chosen func(*operation) bool) (taken []*operation) {
	threads.mu.Lock()
	defer threads.mu.Unlock()
	return takeFrom(goroutine, chosen)
}

// takeFrom is takeIf while threads.mu is held.
func takeFrom(goroutine uint64, chosen func(*operation) bool) (taken []*operation) {
	for i, o := range slices.Backward(threads.of[goroutine]) {
		if chosen(o) {
			taken = append(taken, takeAt(goroutine, i))
		}
	}
	return taken
}

// takeAll is takeIf for all goroutines.
func takeAll(chosen func(*operation) bool) []*operation {
	threads.mu.Lock()
	defer threads.mu.Unlock()
	return takeFromAll(chosen)
}

// takeFromAll is takeAll while threads.mu is held.
func takeFromAll(chosen func(*operation) bool) (taken []*operation) {
	for goroutine := range threads.of {
		taken = append(taken, takeFrom(goroutine, chosen)...)
	}
	return taken
}

// settle ends what this goroutine has left without telling. It is called before anything new is put in, or something taken.
func (h *Handler) settle(now spot, beginning kind, how ending) {
	over := takeIf(now.goroutine, func(o *operation) bool {
		return o.handler.client == h.client && (!now.stack.inside(o.at.stack) || o.handler == h && beginning == o.kind && now.stack.again(o.at.stack))
	})
	for _, o := range over {
		o.finish(how)
	}
}

// none is for settle where nothing begins.
const none kind = -1

func (o *operation) finish(how ending) {
	quietly(func() { o.endUnheard(how) })
	o.handler.follower.ended()
}

// take finds the innermost operation of a kind on this goroutine, which a callback tells the end of. What other goroutines are in is not for it to end, even in the
// same context: some providers tell of errors without a beginning, and an error would end the call of somebody else.
func (h *Handler) take(now spot, k kind) *operation {
	o := takeOne(now.goroutine, func(o *operation) bool { return o.handler == h && o.kind == k })
	if o != nil {
		h.follower.ended()
	}
	return o
}

func takeOne(goroutine uint64, chosen func(*operation) bool) *operation {
	threads.mu.Lock()
	defer threads.mu.Unlock()
	for i, o := range slices.Backward(threads.of[goroutine]) {
		if chosen(o) {
			return takeAt(goroutine, i)
		}
	}
	return nil
}

// look shows the innermost operation of the handler's client on this goroutine that is chosen, if there is one, and tells whether there was.
func (h *Handler) look(now spot, chosen func(*operation) bool, see func(*operation)) bool {
	threads.mu.Lock()
	defer threads.mu.Unlock()
	for _, o := range slices.Backward(threads.of[now.goroutine]) {
		if o.handler.client == h.client && chosen(o) {
			see(o)
			return true
		}
	}
	return false
}

// lookElsewhere is look for a goroutine that is in nothing: it shows the only operation of any other that is chosen, unless there are several.
func lookElsewhere(now spot, chosen func(*operation) bool, see func(*operation)) {
	threads.mu.Lock()
	defer threads.mu.Unlock()
	if len(threads.of[now.goroutine]) > 0 {
		return
	}
	var found *operation
	for _, stack := range threads.of {
		for _, o := range stack {
			if !chosen(o) {
				continue
			}
			if found != nil {
				return
			}
			found = o
		}
	}
	if found != nil {
		see(found)
	}
}

// sameContext compares contexts of any type.
func sameContext(a, b context.Context) bool {
	return reflect.ValueOf(a).Comparable() && reflect.ValueOf(b).Comparable() && a == b
}
