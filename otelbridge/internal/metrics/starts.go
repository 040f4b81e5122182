package metrics

import (
	"sync"
	"time"
)

// run is a session that has begun.
type run struct {
	start time.Time
	agent string
}

// starts remembers when sessions began: two generations, the older of which is forgotten when the younger is full.
type starts struct {
	mu           sync.Mutex
	young, older map[string]run
}

const startsPerGeneration = 10_000

func newStarts() *starts { return &starts{young: make(map[string]run)} }

func (s *starts) put(session string, r run) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.young) >= startsPerGeneration {
		s.young, s.older = make(map[string]run), s.young
	}
	s.young[session] = r
}

func (s *starts) take(session string) (r run, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r, ok = s.young[session]; !ok {
		r, ok = s.older[session]
	}
	delete(s.young, session)
	delete(s.older, session)
	return r, ok
}
