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
	candidates := alive.all()
	if len(candidates) == 0 {
		return nil
	}
	ids, isTest := lineage()
	for _, id := range ids {
		if i := slices.IndexFunc(candidates, func(w *watch) bool { return w.home == id }); i >= 0 {
			return candidates[i]
		}
	}
	if len(candidates) == 1 && !isTest {
		return candidates[0]
	}
	return nil
}

// alive are the recorders whose test has not ended, the latest first.
var alive living

type living struct {
	mu      sync.Mutex
	watches []*watch
}

func (l *living) add(w *watch) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.watches = slices.Insert(l.watches, 0, w)
}

func (l *living) remove(w *watch) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.watches = slices.DeleteFunc(l.watches, func(other *watch) bool { return other == w })
}

func (l *living) all() []*watch {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.watches)
}
