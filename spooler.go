package sentrial

import (
	"errors"
	"iter"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sentrial/sentrial-go/spool"
)

// spooler provides the batcher with slabs that are files (package spool), so that what is queued survives the process, and takes over what earlier processes left.
// One goroutine does everything that makes system calls: it keeps some segments ready, uses spent ones again, syncs, and adopts. Only when callers are faster than
// that, and the disk has been quick, a caller makes a segment itself; when the disk is slow or full, slabs are plain memory and the events in them are not spooled.
type spooler struct {
	dir    *spool.Dir
	buffer *batcher
	warn   func(cause, msg string, args ...any)
	every  time.Duration // between syncs; 0 is at every event, below 0 never
	bytes  int           // of a segment

	mu      sync.Mutex // a leaf
	ready   []*spool.Segment
	spent   []*spool.Segment // all of their records are settled
	waiting []chan struct{}  // for a sync
	inHand  int              // slabs that were adopted and are not settled

	plenty  atomic.Bool // there are segments ready
	trouble atomic.Bool // the last one was slow to make, or could not be made
	wake    chan struct{}
	stop    chan struct{}
	done    chan struct{}
}

const (
	segmentsReady = 4
	slowCreation  = 5 * time.Millisecond // callers do not wait for a disk that takes longer
	troubledRetry = time.Second
	syncNever     = -1
)

// openSpooler opens the directory. Where that is not possible the client goes on in memory.
func openSpooler(c *config, b *batcher, warn func(cause, msg string, args ...any)) *spooler {
	if c.spoolDir == "" {
		return nil
	}
	dir, err := spool.Open(c.spoolDir, spool.Options{})
	if err != nil {
		warn("spool", "sentrial: the spool cannot be used; events wait in memory", "error", err)
		return nil
	}
	return &spooler{
		dir: dir, buffer: b, warn: warn, every: c.spoolSync, bytes: b.slabs.slabBytes,
		wake: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{}),
	}
}

// run is the spooler's goroutine.
func (s *spooler) run() {
	defer close(s.done)
	next, end := iter.Pull2(s.dir.Orphans())
	defer end()
	tick, stop := s.ticker()
	defer stop()
	for more := true; ; {
		s.recycle()
		s.refill()
		if more && s.mayAdopt() {
			more = s.adopt(next())
			continue
		}
		select {
		case <-s.wake:
			s.syncFor(s.takeWaiting())
		case <-tick:
			s.syncFor(s.takeWaiting())
		case <-s.stop:
			s.syncFor(s.takeWaiting())
			return
		}
	}
}

func (s *spooler) ticker() (<-chan time.Time, func()) {
	every := s.every
	if every <= 0 {
		every = time.Hour // there is something to look after now and then
	}
	t := time.NewTicker(every)
	return t.C, t.Stop
}

// prepare sees to it that there is a segment with room for size bytes, as far as that takes no waiting for a slow disk. It is called without any lock.
func (s *spooler) prepare(size int) {
	if large := spool.FrameBytes(size) > s.bytes; !large && s.plenty.Load() || s.trouble.Load() {
		return
	}
	s.create(max(s.bytes, spool.FrameBytes(size)))
}

// create makes a segment and adds it to those that are ready.
func (s *spooler) create(bytes int) bool {
	began := time.Now()
	segment, err := s.dir.Create(bytes)
	if err != nil {
		s.trouble.Store(true)
		s.warn("spool create", "sentrial: the spool takes no more; events wait in memory until it does", "error", err)
		return false
	}
	s.trouble.Store(time.Since(began) > slowCreation)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ready = append(s.ready, segment)
	s.plenty.Store(true)
	return true
}

// refill keeps segments ready, and finds out whether trouble is over.
func (s *spooler) refill() {
	for s.count() < segmentsReady {
		if !s.create(s.bytes) {
			time.AfterFunc(troubledRetry, func() { signal(s.wake) })
			return
		}
	}
	s.trouble.Store(false)
}

func (s *spooler) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.ready)
}

// take gives a segment with room for size bytes, nil if none is ready. The batcher's lock is held.
func (s *spooler) take(size int) *spool.Segment {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, segment := range s.ready {
		if len(segment.Data()) >= spool.FrameBytes(size) {
			s.ready = append(s.ready[:i], s.ready[i+1:]...)
			s.plenty.Store(len(s.ready) > 0)
			signal(s.wake)
			return segment
		}
	}
	return nil
}

// spend takes back a segment of which all is settled. The batcher's lock is held.
func (s *spooler) spend(segment *spool.Segment, adopted bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.spent = append(s.spent, segment)
	if adopted {
		s.inHand--
	}
	signal(s.wake)
}

// recycle uses spent segments again, or removes them.
func (s *spooler) recycle() {
	s.mu.Lock()
	spent := s.spent
	s.spent = nil
	s.mu.Unlock()
	for _, segment := range spent {
		if len(segment.Data()) == s.bytes && s.count() < segmentsReady && segment.Reuse() == nil {
			s.mu.Lock()
			s.ready = append(s.ready, segment)
			s.plenty.Store(true)
			s.mu.Unlock()
			continue
		}
		s.check("spool remove", segment.Remove())
	}
}

func (s *spooler) check(cause string, err error) {
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		s.warn(cause, "sentrial: the spool is in trouble", "error", err)
	}
}

// mayAdopt tells whether the next segment of an earlier process may be taken over: one at a time, so that they are not all in memory.
func (s *spooler) mayAdopt() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.inHand == 0
}

// adopt takes over a segment, and tells whether there may be more.
func (s *spooler) adopt(segment *spool.Segment, err error, ok bool) (more bool) {
	if !ok {
		return false
	}
	if err != nil {
		s.warn("spool orphan", "sentrial: a file of the spool cannot be read; it is left alone", "error", err)
		return true
	}
	counts := segment.Counts()
	s.mu.Lock()
	s.inHand++
	s.mu.Unlock()
	s.buffer.adopt(segment, counts.Damaged)
	return true
}

// syncNow waits until what was committed before is on the disk.
func (s *spooler) syncNow() {
	synced := make(chan struct{})
	s.mu.Lock()
	s.waiting = append(s.waiting, synced)
	s.mu.Unlock()
	signal(s.wake)
	select {
	case <-synced:
	case <-s.done:
	}
}

func (s *spooler) takeWaiting() []chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	waiting := s.waiting
	s.waiting = nil
	return waiting
}

// syncFor carries what is in segments to the disk, if anybody wants that.
func (s *spooler) syncFor(waiting []chan struct{}) {
	if s.every < 0 || s.every == 0 && len(waiting) == 0 {
		return
	}
	for _, segment := range s.buffer.segments() {
		s.check("spool sync", segment.Sync())
	}
	for _, synced := range waiting {
		close(synced)
	}
}

// close ends the goroutine. Files with events in them are let go of: whoever opens the spool next has them. Where a request is still under way, which only happens
// when the program's own HTTP client hangs, their memory has to stay.
func (s *spooler) close(idle bool) {
	close(s.stop)
	<-s.done
	s.recycle()
	s.mu.Lock()
	ready := s.ready
	s.ready, s.bytes = nil, 0
	s.mu.Unlock()
	s.plenty.Store(false)
	s.trouble.Store(true)
	for _, segment := range ready {
		s.check("spool remove", segment.Remove())
	}
	if !idle {
		return
	}
	for _, segment := range s.buffer.segments() {
		s.check("spool close", segment.Close())
	}
	s.check("spool close", s.dir.Close())
}
