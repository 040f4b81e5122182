package sentrial

import (
	"slices"
	"time"

	"github.com/sentrial/sentrial-go/spool"
)

const (
	segmentsReady = 4
	// unreclaimedMost is how many bytes of spent segments may be beside the bound of the queue, or as many as two slabs.
	unreclaimedMost = 2 << 20
	// spoolPatience is how long a caller waits while no file is made. A healthy disk makes one in less than a millisecond; on one that takes longer than this the agent
	// comes first.
	spoolPatience = 500 * time.Millisecond
)

// refill makes segments until enough are ready, of spent ones first. It gives a channel when it has to be tried again later.
func (s *spooler) refill() (retry <-chan time.Time) {
	s.dropNameless()
	for !isDone(s.stop) {
		s.recycle()
		bytes := s.lacking()
		if bytes == 0 {
			return nil
		}
		began := time.Now()
		segment, err := s.dir.Create(bytes)
		if err != nil {
			s.warn("spool create", "sentrial: the spool takes no more; events wait in memory until it does", "error", err)
			s.setTrouble()
			return time.After(troubledRetry)
		}
		_ = segment.Touch() // what goes wrong there goes wrong again where it counts
		s.add(segment, time.Since(began) > spoolPatience)
	}
	return nil
}

// lacking is the size of the segment to make next, 0 if there are enough.
func (s *spooler) lacking() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if bytes := s.large; bytes > 0 {
		return bytes
	}
	if len(s.ready) < segmentsReady {
		return s.bytes
	}
	return 0
}

func (s *spooler) add(segment *spool.Segment, slow bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(segment.Data()) >= s.large {
		s.large = 0
	}
	s.ready, s.trouble = append(s.ready, segment), slow
	s.made = broadcast(s.made)
}

// dropNameless lets go of ready files that somebody deleted: nobody would find what is written to them.
func (s *spooler) dropNameless() {
	s.mu.Lock()
	ready := slices.Clone(s.ready)
	s.mu.Unlock()
	for _, segment := range ready {
		if !segment.Named() && s.withdraw(segment) {
			s.check("spool remove", segment.Remove())
		}
	}
}

// withdraw tells whether a segment was still ready, and is not any longer.
func (s *spooler) withdraw(segment *spool.Segment) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.Index(s.ready, segment)
	if i >= 0 {
		s.ready = slices.Delete(s.ready, i, i+1)
	}
	return i >= 0
}

func (s *spooler) setTrouble() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trouble, s.large = true, 0
	s.made = broadcast(s.made)
}

// lacks tells whether there is no segment for a record of size bytes, but soon will be.
func (s *spooler) lacks(size int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.trouble && !s.isBroken() && s.find(size) < 0
}

func (s *spooler) isBroken() bool { return !s.brokenUntil.IsZero() && time.Now().Before(s.brokenUntil) }

// find gives the index of a ready segment with room for a record of size bytes, or -1: the oldest one, so that the ages of files tell the order of what is in them.
func (s *spooler) find(size int) int {
	return slices.IndexFunc(s.ready, func(segment *spool.Segment) bool { return len(segment.Data()) >= spool.FrameBytes(size) })
}

// await waits until another segment is made. When none is made for too long it declares trouble, so that nobody waits until it is over.
func (s *spooler) await(size int) {
	made := s.ask(size)
	if made == nil {
		return
	}
	patience := time.NewTimer(spoolPatience)
	defer patience.Stop()
	select {
	case <-made:
	case <-s.stop:
		s.setTrouble()
	case <-patience.C:
		s.warn("spool slow", "sentrial: the spool is slow; events wait in memory until it is not", "patience", spoolPatience)
		s.setTrouble()
	}
}

// ask has a segment made for a record of size bytes, and gives what is closed then; nil if there is nothing to wait for.
func (s *spooler) ask(size int) (made chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.trouble || s.isBroken() || s.find(size) >= 0 {
		return nil
	}
	if need := spool.FrameBytes(size); need > s.bytes {
		s.large = max(s.large, need)
	}
	signal(s.wake)
	return s.made
}

// take gives a segment with room for size bytes, nil if none is ready. The batcher's lock is held. When a large one, which was made for its record, overtakes the
// others, those get new names before they are used: the ages of files tell the order of what is in them.
func (s *spooler) take(size int) *spool.Segment {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.find(size)
	if i < 0 || s.isBroken() {
		return nil
	}
	segment := s.ready[i]
	s.ready = slices.Delete(s.ready, i, i+1)
	if len(segment.Data()) > s.bytes {
		for _, other := range s.ready {
			s.unreclaimed += len(other.Data())
		}
		s.spent, s.ready = append(s.spent, s.ready...), nil
	}
	signal(s.wake)
	return segment
}

// spend takes back a segment of which all is settled. The batcher's lock is held.
func (s *spooler) spend(segment *spool.Segment, adopted bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.spent = append(s.spent, segment)
	s.unreclaimed += len(segment.Data())
	if adopted {
		s.inHand--
	}
	signal(s.wake)
}

// isBehind tells whether the memory of spent segments, which is in no bound, is more than a healthy disk ever leaves waiting.
func (s *spooler) isBehind() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.unreclaimed >= max(unreclaimedMost, 2*s.bytes)
}

// recycle uses spent segments again, or removes them.
func (s *spooler) recycle() {
	s.mu.Lock()
	spent := s.spent
	s.spent = nil
	s.mu.Unlock()
	for _, segment := range spent {
		bytes := len(segment.Data())
		if s.wants(bytes) && segment.Reuse() == nil {
			s.add(segment, false)
		} else {
			s.check("spool remove", segment.Remove())
		}
		s.reclaimed(bytes)
	}
}

// wants tells whether another segment of that size should be ready.
func (s *spooler) wants(bytes int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return bytes == s.bytes && len(s.ready) < segmentsReady
}

func (s *spooler) reclaimed(bytes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unreclaimed -= bytes
}
