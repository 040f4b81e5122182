package genai

import (
	"cmp"
	"container/list"
	"slices"
	"time"
)

// openSession is one that goes on after its roots have ended.
type openSession struct {
	id     string
	heard  time.Time // when the latest span of it came
	ending Event     // how it ends, by what is known so far
	ranked int       // how much the span behind ending has to say
}

// openSessions are sessions that end when nothing was heard of them for a while. They are in the order in which they were heard of.
type openSessions struct {
	after time.Duration // less than 0: never
	most  int
	byID  map[string]*list.Element
	order *list.List
}

func newOpenSessions(after time.Duration, most int) *openSessions {
	return &openSessions{after: after, most: most, byID: make(map[string]*list.Element), order: list.New()}
}

// touch notes that something of a session came, if it is open.
func (o *openSessions) touch(id string, now time.Time) {
	if el := o.byID[id]; el != nil {
		el.Value.(*openSession).heard = now
		o.order.MoveToBack(el)
	}
}

// open gives the session with an id, which is open from then on.
func (o *openSessions) open(id string, now time.Time) *openSession {
	el := o.byID[id]
	if el == nil {
		el = o.order.PushBack(&openSession{id: id})
		o.byID[id] = el
	}
	o.touch(id, now)
	return el.Value.(*openSession)
}

// remove forgets a session and gives it.
func (o *openSessions) remove(id string) *openSession {
	el := o.byID[id]
	if el == nil {
		return nil
	}
	delete(o.byID, id)
	return o.order.Remove(el).(*openSession)
}

// next is when the first session ends, if nothing is heard of it.
func (o *openSessions) next() (time.Time, bool) {
	front := o.order.Front()
	switch {
	case front == nil:
		return time.Time{}, false
	case len(o.byID) > o.most:
		return front.Value.(*openSession).heard, true
	case o.after < 0:
		return time.Time{}, false
	}
	return front.Value.(*openSession).heard.Add(o.after), true
}

// idle takes out the sessions that end now.
func (o *openSessions) idle(now time.Time) (ended []*openSession) {
	for at, ok := o.next(); ok && !at.After(now); at, ok = o.next() {
		ended = append(ended, o.remove(o.order.Front().Value.(*openSession).id))
	}
	return ended
}

// all takes out every session.
func (o *openSessions) all() (ended []*openSession) {
	for o.order.Len() > 0 {
		ended = append(ended, o.remove(o.order.Front().Value.(*openSession).id))
	}
	return ended
}

// learn takes over how a session ends, if it is said better or later than so far.
func (s *openSession) learn(ending *Event, ranked int) {
	if s.ending.ID == "" || cmp.Or(cmp.Compare(ranked, s.ranked), ending.Time.Compare(s.ending.Time), cmp.Compare(ending.ID, s.ending.ID)) > 0 {
		s.ending, s.ranked = *ending, ranked
	}
}

// ends adds the ends of sessions to what is given away.
func (a *Assembler) ends(given []Released, ended []*openSession) []Released {
	var r Released
	for _, s := range ended {
		r.Events = append(r.Events, s.ending)
	}
	if len(r.Events) == 0 {
		return given
	}
	slices.SortFunc(r.Events, compareEvents)
	return append(given, r)
}
