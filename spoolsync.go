package sentrial

import (
	"errors"
	"time"

	"github.com/sentrial/sentrial-go/spool"
)

// syncNow waits until what was committed before is on the disk.
func (s *spooler) syncNow() {
	synced := make(chan struct{})
	s.mu.Lock()
	s.waiting = append(s.waiting, synced)
	s.mu.Unlock()
	signal(s.flush)
	select {
	case <-synced:
	case <-s.stop:
	}
}

// runSyncs carries what is in segments to the disk, at every interval or when somebody waits for it. All who wait share a sync.
func (s *spooler) runSyncs() {
	var tick <-chan time.Time
	if s.every > 0 {
		ticker := time.NewTicker(s.every)
		defer ticker.Stop()
		tick = ticker.C
	}
	for {
		select {
		case <-tick:
		case <-s.flush:
		case <-s.stop:
			s.syncAll()
			return
		}
		s.syncAll()
	}
}

func (s *spooler) syncAll() {
	s.mu.Lock()
	waiting := s.waiting
	s.waiting = nil
	s.mu.Unlock()
	for _, segment := range s.buffer.segments() {
		if err := s.sync(segment); err != nil && !errors.Is(err, spool.ErrClosed) { // all of a closed one was settled meanwhile
			s.check("spool sync", err)
			s.setTrouble() // until the next segment is made
		}
	}
	for _, synced := range waiting {
		close(synced)
	}
}
