package sentinel

import (
	"context"
	"sync"
	"time"
)

// watch cancels a request when nobody has moved for too long.
type watch struct {
	limit  time.Duration
	cancel context.CancelCauseFunc

	mu    sync.Mutex
	timer *time.Timer // nil = no limit, or over
}

func newWatch(limit time.Duration, cancel context.CancelCauseFunc) *watch {
	w := &watch{limit: limit, cancel: cancel}
	if limit > 0 {
		w.timer = time.AfterFunc(limit, func() { cancel(&SilenceError{limit}) })
	}
	return w
}

// pause stops the clock while it is not the platform's turn.
func (w *watch) pause() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer != nil {
		w.timer.Stop()
	}
}

// moved starts the clock anew.
func (w *watch) moved() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer != nil {
		w.timer.Reset(w.limit)
	}
}

func (w *watch) over() {
	w.pause()
	w.mu.Lock()
	w.timer = nil
	w.mu.Unlock()
	w.cancel(nil)
}
