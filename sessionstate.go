package sentrial

import (
	"sync"
	"sync/atomic"

	"github.com/sentrial/sentrial-go/types"
)

// sessionState is what all handles of one session in this client share. A session that is opened again under its id begins anew, but for what is lasting.
type sessionState struct {
	*lasting
	closed atomic.Bool

	mu       sync.Mutex
	result   types.SessionResult
	reported []error // the latest errors recorded, so that Run does not record one of them again
}

// lasting is what stays of a session that is opened again.
type lasting struct {
	seq     atomic.Int64  // the last one given
	content atomic.Uint32 // a contentSetting
	leftOut bool          // by sampling: nothing of the session is sent
	badID   bool          // the id is outside the rules: nothing of the session is accepted
}

func newSessionState(l *lasting) *sessionState { return &sessionState{lasting: l} }

// sessionStates finds a session's state by its id. It remembers the sessions used lately, not all that ever were: two generations, the older of which is forgotten
// when the younger is full.
type sessionStates struct {
	sampleRate float64

	mu           sync.Mutex
	young, older map[string]*sessionState
}

const statesPerGeneration = 10_000

func newSessionStates(sampleRate float64) *sessionStates {
	return &sessionStates{sampleRate: sampleRate, young: make(map[string]*sessionState)}
}

func (s *sessionStates) lasting(id string) *lasting {
	return &lasting{leftOut: leftOut(id, s.sampleRate), badID: !types.ValidID(id)}
}

// of gives the state of a session that may be open already.
func (s *sessionStates) of(id string) *sessionState {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.known(id)
	if st == nil {
		st = newSessionState(s.lasting(id))
	}
	s.keep(id, st)
	return st
}

// reopened gives a fresh state for a session that is created. Its events are counted on if the id was used before, and its content is as safe.
func (s *sessionStates) reopened(id string) *sessionState {
	s.mu.Lock()
	defer s.mu.Unlock()
	var kept *lasting
	if st := s.known(id); st != nil {
		kept = st.lasting
	} else {
		kept = s.lasting(id)
	}
	st := newSessionState(kept)
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
