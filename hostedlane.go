package sentrial

import (
	"slices"
	"time"

	"github.com/sentrial/sentrial-go/internal/httpx"
)

// lane is the events of one session that the sender has in hand, in order. At most one request of a lane is under way: what comes later must not arrive first,
// and the creation of a session goes before all of it.
type lane struct {
	session   *hostedSession
	queue     []*batch // of one record each
	busy      bool
	notBefore time.Time // the trouble is this session's alone
	backoff   *httpx.Backoff
	missing   int // replies of 404 in a row
}

// lanes are in the order of their turns.
type lanes struct {
	bySession map[string]*lane
	turns     []*lane
	records   int
}

// hostedWindow is how many events are in lanes before no more are taken from the buffer. What is in a lane is out of the overflow policy's reach.
const hostedWindow = 1000

func newLanes() *lanes { return &lanes{bySession: make(map[string]*lane)} }

// add puts a record at the end of its session's lane.
func (l *lanes) add(sessions *hostedSessions, bt *batch) {
	_, _, id := identity(bt.records[0])
	ln := l.bySession[string(id)]
	if ln == nil {
		ln = &lane{session: sessions.of(string(id))}
		l.bySession[ln.session.local] = ln
		l.turns = append(l.turns, ln)
	}
	ln.queue = append(ln.queue, bt)
	l.records++
}

// next gives the lane whose turn it is, or how long until there is one.
func (l *lanes) next(now time.Time) (*lane, time.Duration) {
	wait := untilWoken
	for i, ln := range l.turns {
		left := ln.notBefore.Sub(now)
		switch {
		case ln.busy:
		case left > 0:
			wait = min(wait, left)
		default:
			l.turns = append(slices.Delete(l.turns, i, i+1), ln)
			return ln, 0
		}
	}
	return nil, wait
}

// waiting counts the records of lanes that may be sent now.
func (l *lanes) waiting(now time.Time) (n int) {
	for _, ln := range l.turns {
		if !ln.busy && !ln.notBefore.After(now) {
			n += len(ln.queue)
		}
	}
	return n
}

// pop takes the first record out of a lane, which is gone when it was the last.
func (l *lanes) pop(ln *lane) {
	ln.queue = ln.queue[1:]
	ln.backoff, ln.notBefore, ln.missing = nil, time.Time{}, 0
	l.records--
	if len(ln.queue) == 0 {
		l.remove(ln)
	}
}

func (l *lanes) remove(ln *lane) {
	l.records -= len(ln.queue)
	ln.queue = nil
	delete(l.bySession, ln.session.local)
	if i := slices.Index(l.turns, ln); i >= 0 {
		l.turns = slices.Delete(l.turns, i, i+1)
	}
}

// hold makes a lane wait by itself, so that others need not.
func (ln *lane) hold(now time.Time, atLeast time.Duration) {
	if ln.backoff == nil {
		ln.backoff = httpx.NewBackoff()
	}
	ln.notBefore = now.Add(max(ln.backoff.Next(), atLeast))
}

// idle gives the lanes without a request under way.
func (l *lanes) idle() (idle []*lane) {
	for _, ln := range l.turns {
		if !ln.busy {
			idle = append(idle, ln)
		}
	}
	return idle
}
