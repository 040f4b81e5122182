package sentrial

import (
	"slices"
	"time"
)

// lane is the events of one session that the sender has in hand, in order. At most one request of a lane is under way: what comes later must not arrive first,
// and the creation of a session goes before all of it.
type lane struct {
	session *hostedSession
	queue   []*batch // of one record each
	busy    bool
}

// lanes are in the order of their turns.
type lanes struct {
	bySession map[string]*lane
	turns     []*lane
	records   int
	bytes     int // of the records
}

// hostedWindow is how many events that may be sent are in lanes before no more are taken from the buffer, a batch at a time. What is in a lane is out of the
// overflow policy's reach.
const hostedWindow = 1000

// full tells whether no more is to be taken from the buffer.
func (l *lanes) full(now time.Time) bool {
	return l.records >= 4*hostedWindow || l.bytes >= maxUnderwayBytes || l.waiting(now) >= hostedWindow
}

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
	l.bytes += len(bt.records[0])
}

// probe gives the lane that is to find out whether a server that is down is up again: the one whose session's trouble is the oldest, so that a session in trouble
// does not stand for all.
func (l *lanes) probe() (oldest *lane) {
	for _, ln := range l.turns {
		if !ln.busy && (oldest == nil || ln.session.failedAt.Before(oldest.session.failedAt)) {
			oldest = ln
		}
	}
	return oldest
}

// next gives the lane whose turn it is, or how long until there is one.
func (l *lanes) next(now time.Time) (*lane, time.Duration) {
	wait := untilWoken
	for i, ln := range l.turns {
		left := ln.session.notBefore.Sub(now)
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
		if !ln.busy && !ln.session.notBefore.After(now) {
			n += len(ln.queue)
		}
	}
	return n
}

// pop takes the first record out of a lane, which is gone when it was the last.
func (l *lanes) pop(ln *lane) {
	l.records--
	l.bytes -= len(ln.queue[0].records[0])
	ln.queue = ln.queue[1:]
	if len(ln.queue) == 0 {
		l.remove(ln)
	}
}

func (l *lanes) remove(ln *lane) {
	l.records -= len(ln.queue)
	for _, bt := range ln.queue {
		l.bytes -= len(bt.records[0])
	}
	ln.queue = nil
	delete(l.bySession, ln.session.local)
	if i := slices.Index(l.turns, ln); i >= 0 {
		l.turns = slices.Delete(l.turns, i, i+1)
	}
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
