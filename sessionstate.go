package sentrial

import "sync"

// sessionStates finds what the handles of one session share by its id, so that every handle counts seq on. It remembers the sessions used lately, not all that
// ever were: two generations, the older of which is forgotten when the younger is full.
type sessionStates struct {
	mu           sync.Mutex
	young, older map[string]*sessionState
}

const statesPerGeneration = 10_000

func newSessionStates() *sessionStates {
	return &sessionStates{young: make(map[string]*sessionState)}
}

func (s *sessionStates) of(id string) *sessionState {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.young[id]
	if st != nil {
		return st
	}
	if st = s.older[id]; st == nil {
		st = new(sessionState)
	}
	if len(s.young) >= statesPerGeneration {
		s.young, s.older = make(map[string]*sessionState), s.young
	}
	s.young[id] = st
	return st
}

func (c *Client) stateOf(id string) *sessionState {
	if c == nil {
		return new(sessionState)
	}
	return c.states.of(id)
}
