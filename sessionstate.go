package sentrial

import (
	"sync"
	"sync/atomic"

	"github.com/sentrial/sentrial-go/types"
)

// sessionState is what all handles of one session in this client share. A session that is opened again under its id begins anew, but for seq.
type sessionState struct {
	seq    *atomic.Int64 // the last one given
	closed atomic.Bool

	mu       sync.Mutex
	result   types.SessionResult
	reported []error // the latest errors recorded, so that Run does not record one of them again
}

func newSessionState(seq *atomic.Int64) *sessionState { return &sessionState{seq: seq} }

// sessionStates finds a session's state by its id. It remembers the sessions used lately, not all that ever were: two generations, the older of which is forgotten
// when the younger is full.
type sessionStates struct {
	mu           sync.Mutex
	young, older map[string]*sessionState
}

const statesPerGeneration = 10_000

func newSessionStates() *sessionStates {
	return &sessionStates{young: make(map[string]*sessionState)}
}

// of gives the state of a session that may be open already.
func (s *sessionStates) of(id string) *sessionState {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.known(id)
	if st == nil {
		st = newSessionState(new(atomic.Int64))
	}
	s.keep(id, st)
	return st
}

// reopened gives a fresh state for a session that is created. Its events are counted on if the id was used before.
func (s *sessionStates) reopened(id string) *sessionState {
	s.mu.Lock()
	defer s.mu.Unlock()
	seq := new(atomic.Int64)
	if st := s.known(id); st != nil {
		seq = st.seq
	}
	st := newSessionState(seq)
	s.keep(id, st)
	return st
}

func (s *sessionStates) known(id string) *sessionState {
	if st := s.young[id]; st != nil {
		return st
	}
	return s.older[id]
}

func (s *sessionStates) keep(id string, st *sessionState) {
	if len(s.young) >= statesPerGeneration && s.young[id] == nil {
		s.young, s.older = make(map[string]*sessionState), s.young
	}
	s.young[id] = st
}
