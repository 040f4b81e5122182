package sentrialtest

import (
	"context"
	"slices"
	"sync"

	"github.com/sentrial/sentrial-go/internal/hermetic"
)

// A helper that finds no session in its context knows no client, so it is not known by itself which test it belongs to. This file finds out: by a mark in the
// context, else by the goroutine, else because there is but one test that it can be.

func init() {
	hear := func(ctx context.Context) {
		c := callersNow()
		if w := responsible(ctx); w != nil {
			w.stray(c)
		}
	}
	hermetic.OnUnsessioned.Store(&hear)
}

type markKey struct{}

// Context marks ctx as this test's: a helper that is called under it with no session in its context fails this test and no other. Without the mark the call
// is known by its goroutine, if the test's own goroutine or one started from there made it; the mark helps where agents use workers that were there before.
func (r *Recorder) Context(ctx context.Context) context.Context {
	return context.WithValue(ctx, markKey{}, r.watch)
}

// responsible finds whose test made a helper call without a session, on the goroutine of the call. It is nil when that cannot be known: no test is blamed for
// another.
func responsible(ctx context.Context) *watch {
	if w, marked := ctx.Value(markKey{}).(*watch); marked {
		return w
	}
	return alive.owner(goroutine(), lineage)
}

// alive are the recorders whose test has not ended, the latest first.
var alive living

type living struct {
	mu      sync.Mutex
	watches []*watch
	gone    map[string]bool   // homes of recorders whose test has ended
	owners  map[string]*watch // found so far, by goroutine: to look for one takes the stacks of all; new with each recorder that comes or goes
}

func (l *living) add(w *watch) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.watches = slices.Insert(l.watches, 0, w)
	l.owners = nil
}

func (l *living) remove(w *watch) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.watches = slices.DeleteFunc(l.watches, func(other *watch) bool { return other == w })
	l.owners = nil
	if l.gone == nil {
		l.gone = make(map[string]bool)
	}
	l.gone[w.home] = true
}

// owner gives the recorder that the goroutine works for.
func (l *living) owner(id string, lineage func() ancestry) *watch {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.watches) == 0 {
		return nil
	}
	if w, known := l.owners[id]; known {
		return w
	}
	if l.owners == nil {
		l.owners = make(map[string]*watch)
	}
	w := l.ownerOf(lineage())
	l.owners[id] = w
	return w
}

// ownerOf is the recorder that was made on the nearest of the goroutines. Where none was, it may be the only one there is, unless another test is known to have
// started them, or may have: its goroutine may be among those that are gone.
func (l *living) ownerOf(a ancestry) *watch {
	for _, id := range a.ids {
		if i := slices.IndexFunc(l.watches, func(w *watch) bool { return w.home == id }); i >= 0 {
			return l.watches[i]
		}
		if l.gone[id] {
			return nil
		}
	}
	if len(l.watches) == 1 && a.whole && !a.isTest {
		return l.watches[0]
	}
	return nil
}
