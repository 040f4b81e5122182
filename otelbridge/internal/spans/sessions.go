package spans

import (
	"container/list"
	"sync"
)

// session is one whose span is open, and what the spans inside it repeat of it.
type session struct {
	*openSpan
	agent, conversation, user string
}

// sessionsRemembered bounds the sessions whose spans are open; the oldest one's ends for a new one.
const sessionsRemembered = 10_000

// sessions finds the open span of a session. Entries are replaced, never changed.
type sessions struct {
	most int

	mu    sync.Mutex
	byID  map[string]*list.Element
	order list.List // of *session, the oldest first
}

func newSessions(most int) *sessions {
	return &sessions{most: most, byID: make(map[string]*list.Element)}
}

func (s *sessions) get(id string) *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.byID[id]; e != nil {
		return e.Value.(*session)
	}
	return nil
}

// put remembers one more, in the place of one with that id. What comes back had to go for it.
func (s *sessions) put(one *session) (gone *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if gone = s.drop(s.byID[one.sessionID]); gone == nil && s.order.Len() >= s.most {
		gone = s.drop(s.order.Front())
	}
	s.byID[one.sessionID] = s.order.PushBack(one)
	return gone
}

// replace puts what is newly known of a session in the place of what was, if its span is still open.
func (s *sessions) replace(old, now *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.byID[old.sessionID]; e != nil && e.Value.(*session) == old {
		e.Value = now
	}
}

func (s *sessions) take(id string) *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.drop(s.byID[id])
}

func (s *sessions) takeAll() (all []*session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.order.Len() > 0 {
		all = append(all, s.drop(s.order.Front()))
	}
	return all
}

func (s *sessions) drop(e *list.Element) *session {
	if e == nil {
		return nil
	}
	one := s.order.Remove(e).(*session)
	delete(s.byID, one.sessionID)
	return one
}
