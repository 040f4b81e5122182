package server

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
)

const (
	firstAssembleRetry = time.Second
	lastAssembleRetry  = 30 * time.Second
	// lastRound bounds what is done when the server ends; what is left is done by the next one.
	lastRound = 10 * time.Second
)

// Assemble makes events of what came by OTLP, first of what an earlier process left, until ctx ends; then of the traces whose root has come. What is left stays in the
// store's inbox. [Server.Serve] does so by itself.
func (s *Server) Assemble(ctx context.Context) {
	a := &assembling{Server: s}
	for alive := true; alive; {
		err := a.round(ctx, s.inbox.take(s.now()))
		if err == nil {
			err = a.readBacklog(ctx)
		}
		a.note(ctx, err)
		alive = a.sleep(ctx)
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastRound)
	defer cancel()
	a.note(ctx, a.round(ending, s.inbox.takeComplete(s.now())))
}

// assembling is the state of Assemble.
type assembling struct {
	*Server
	waiting []*given // whose events could not be stored yet, those that failed behind the others
	settled settlement
	retry   time.Duration // 0 = all went well
	backlog int64         // the last request of earlier processes that was read
	caught  bool          // all of them were
	more    bool          // there may be more, and there is room for it
}

// round stores what is due, behind what could not be stored before.
func (a *assembling) round(ctx context.Context, due []*given) error {
	a.waiting = append(a.waiting, due...)
	return errors.Join(a.storeWaiting(ctx), a.settleAll(ctx))
}

// note decides when to go on after a failure of the store's.
func (a *assembling) note(ctx context.Context, err error) {
	switch {
	case err == nil:
		a.retry = 0
	case errors.Is(err, store.ErrReadOnly):
		a.retry = lastAssembleRetry
	case ctx.Err() == nil:
		a.retry = min(max(2*a.retry, firstAssembleRetry), lastAssembleRetry)
		a.log.LogAttrs(ctx, slog.LevelError, "what came by OTLP could not be stored as events, it is tried again", slog.Duration("after", a.retry), slog.Any("error", err))
	}
}

func (a *assembling) storeWaiting(ctx context.Context) error {
	if a.settled.done == nil {
		a.settled.done = make(map[*kept]bool)
	}
	for len(a.waiting) > 0 {
		g := a.waiting[0]
		if err := a.storeGiven(ctx, g); err != nil {
			a.waiting = append(a.waiting[1:], g) // the others must not wait for what the store will not take
			return err
		}
		a.retry = 0
		a.metrics.noteTrace(g)
		a.inbox.settle(g, &a.settled)
		a.waiting[0] = nil
		a.waiting = a.waiting[1:]
	}
	return nil
}

// settleAll tells the store. Until that has worked the requests count as held.
func (a *assembling) settleAll(ctx context.Context) error {
	if len(a.settled.done) == 0 && len(a.settled.parts) == 0 {
		return nil
	}
	if err := a.store.SettleInbox(ctx, a.settled.ids(), a.settled.parts); err != nil {
		return err
	}
	a.inbox.forget(&a.settled)
	a.settled = settlement{}
	return nil
}

// sleep waits until there is something to do; false means that ctx has ended.
func (a *assembling) sleep(ctx context.Context) bool {
	wait, wake := a.pause(), a.inbox.wake
	if a.retry > 0 { // what comes does not make the store well
		wait, wake = a.retry, nil
	}
	timer := time.NewTimer(max(wait, time.Millisecond))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-wake:
	case <-timer.C:
	}
	return true
}

// pause is how long nothing will be due, if nothing comes.
func (a *assembling) pause() time.Duration {
	at, some := a.inbox.next()
	switch {
	case a.more:
		return 0
	case some:
		return at.Sub(a.now())
	}
	return time.Hour
}
