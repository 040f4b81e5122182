package sentrialtest

import (
	"fmt"
	"sync"

	sentrial "github.com/sentrial/sentrial-go"
)

// watch collects what may fail a test when it ends.
type watch struct {
	home string // the goroutine that made the recorder: the test's

	mu      sync.Mutex
	allowed map[Flaw]bool
	drops   []sentrial.Drop
	begins  map[string]*callers // of spans, by id
	strays  map[string]int      // helper calls without a session, as they are told, and how many there were
	order   []string            // of strays
}

// maxDrops is how many lost events are told one by one; the others are counted.
const maxDrops = 8

func newWatch() *watch {
	w := &watch{home: goroutine(), allowed: make(map[Flaw]bool), begins: make(map[string]*callers), strays: make(map[string]int)}
	alive.add(w)
	return w
}

func (w *watch) leave() { alive.remove(w) }

func (w *watch) allows(f Flaw) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.allowed[f]
}

// dropped is the client's OnDrop.
func (w *watch) dropped(d sentrial.Drop) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.drops) < maxDrops {
		w.drops = append(w.drops, d)
	}
}

func (w *watch) heard() []sentrial.Drop {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.drops
}

// opened hears of each span that begins, where it begins.
func (w *watch) opened(id string) {
	c := callersNow()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.begins[id] = c
}

func (w *watch) beganAt(id string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c := w.begins[id]; c != nil {
		helper, place := c.helper()
		return fmt.Sprintf(", begun by %s at %s", helper, place)
	}
	return ""
}

// stray hears of a helper call that found no session.
func (w *watch) stray(c *callers) {
	helper, place := c.helper()
	call := fmt.Sprintf("%s at %s", helper, place)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.strays[call]++; w.strays[call] == 1 {
		w.order = append(w.order, call)
	}
}

func (w *watch) unsessioned() (lines []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, call := range w.order {
		if n := w.strays[call]; n > 1 {
			call += fmt.Sprintf(", %d times", n)
		}
		lines = append(lines, call)
	}
	if len(lines) > 0 {
		lines = append([]string{"helpers were called with no session in their context and recorded nothing (pass on the context of Run or CreateSession):"}, lines...)
	}
	return lines
}
