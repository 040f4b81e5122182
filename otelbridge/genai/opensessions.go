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

// The ranks of spans by how much they have to say of how their session ended.
const (
	rankOfAnything = iota
	rankOfAgent
	rankOfRoot
)

// keepOpen notes how the sessions with ids of their own stand after this trace.
func (as *assembly) keepOpen() {
	best := make(map[string]*node)
	var ids []string
	for _, n := range as.nodes {
		if n.event == "" || n.foreign || n.ours || !n.named() {
			continue
		}
		old := best[n.session]
		if old == nil {
			ids = append(ids, n.session)
		}
		if old == nil || cmp.Or(cmp.Compare(n.rank(), old.rank()), n.span.End.Compare(old.span.End)) > 0 {
			best[n.session] = n
		}
	}
	for _, id := range ids {
		n := best[id]
		ending := as.sessionEnd(n, n.rank())
		as.a.sessions.open(id, as.now).learn(&ending, n.rank())
	}
}

// rank is how much a span has to say of how its session ended.
func (n *node) rank() int {
	switch {
	case n.opens:
		return rankOfRoot
	case n.kind == kindAgent && n.parentSession() != n.session:
		return rankOfAgent
	}
	return rankOfAnything
}

func (n *node) parentSession() string {
	switch {
	case n.parent != nil:
		return n.parent.session
	case n.outside != nil:
		return n.outside.session
	}
	return ""
}

// sessionEnd ends the session of a span. A handler that got over the failure of the agent inside it ends a session that failed.
func (as *assembly) sessionEnd(n *node, ranked int) Event {
	e := n.newEvent(EventSessionEnd, suffixEnd)
	e.ParentID, e.Time, e.Result = "", n.span.End, &Result{}
	if ranked == rankOfAnything {
		e.ID, e.SpanID, e.Status = eventOfTrace(as.t.id, suffixEnd), SpanID{}, StatusOfUnknown
		e.Result.Status = e.Status
		return e
	}
	e.Status = n.outcome()
	if n.fault != nil {
		e.Result.Summary = n.fault.errorText()
	}
	agent := as.past.about.agent
	if n.kind == kindOther && agent != nil && agent.failed {
		e.Status, e.Result.Summary = StatusOfError, cmp.Or(e.Result.Summary, agent.error)
	}
	e.Result.Status = e.Status
	if n.span.RemoteParent || n.kind.inference() && n.leaf || n.kind.toolLike() {
		return e
	}
	if e.Result.Output = n.output(); e.Result.Output == nil && agent != nil {
		e.Result.Output = agent.output
	}
	return e
}

// outcome is how a span ended, or a copy of it.
func (n *node) outcome() Status {
	if n.fault != nil {
		return StatusOfError
	}
	return n.status()
}

// closeSessions ends sessions of which a span says so.
func (as *assembly) closeSessions() {
	for _, n := range as.nodes {
		if n.foreign || n.mute || !n.named() || !boolOf(n.found[fieldSessionEnds].value) {
			continue
		}
		s := as.a.sessions.remove(n.session)
		if s == nil {
			continue
		}
		if s.ranked == rankOfAnything {
			s.ending = as.sessionEnd(n, rankOfRoot)
		}
		as.events = append(as.events, s.ending)
	}
}
