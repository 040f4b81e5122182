package sentrial

import (
	"slices"
	"sync"
	"time"

	"github.com/sentrial/sentrial-go/spool"
)

// spooler provides the batcher with slabs that are files (package spool), so that what is queued survives the process, and takes over what earlier processes left
// (spooladopt.go). One goroutine makes the system calls: it keeps some segments ready, uses spent ones again and adopts; another one syncs (spoolsync.go), which may
// take long. A caller that is faster than they are waits for a file; when the disk is slow or full, slabs are plain memory and the events in them are not spooled.
type spooler struct {
	dir    *spool.Dir
	buffer *batcher
	warn   func(cause, msg string, args ...any)
	every  time.Duration // between syncs; 0 is at every event, below 0 never
	sync   func(*spool.Segment) error
	bytes  int   // of a segment
	limit  int64 // of the whole directory
	found  int   // damage that has been counted

	mu          sync.Mutex // a leaf
	ready       []*spool.Segment
	spent       []*spool.Segment // all of their records are settled
	unreclaimed int              // bytes of those, and of the ones that recycle has in hand
	large       int              // bytes of a larger segment that somebody waits for
	trouble     bool             // the last segment was slow to make, or could not be made
	made        chan struct{}    // closed when there is another segment, or trouble
	waiting     []chan struct{}  // for a sync
	inHand      int              // slabs that were adopted and are not settled

	wake, flush chan struct{}
	stop        chan struct{}
	running     sync.WaitGroup
}

const (
	segmentsReady = 4
	// unreclaimedMost is how many bytes of spent segments may be beside the bound of the queue, or as many as two slabs.
	unreclaimedMost = 2 << 20
	// spoolPatience is how long a caller waits for the file of a slab. A healthy disk makes one in less than a millisecond; on one that takes longer than this the
	// agent comes first.
	spoolPatience = 500 * time.Millisecond
	troubledRetry = time.Second
	// lookInterval is how often a client looks for what processes left that ended after it began.
	lookInterval = 30 * time.Second
	syncNever    = -1
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
		dir: dir, buffer: b, warn: warn, every: c.spoolSync, sync: c.syncSegment, bytes: b.slabs.slabBytes, limit: int64(c.queueBytes) * spoolShares,
		made: make(chan struct{}), wake: make(chan struct{}, 1), flush: make(chan struct{}, 1), stop: make(chan struct{}),
	}
}

func (s *spooler) start() {
	s.running.Go(s.run)
	if s.every >= 0 {
		s.running.Go(s.runSyncs)
	}
}

func (s *spooler) run() {
	orphans := newOrphans(s.dir)
	defer func() { orphans.end() }()
	s.evict()
	look := time.NewTicker(lookInterval)
	defer look.Stop()
	for {
		s.recycle()
		retry := s.refill()
		if s.mayAdopt() && s.adopt(orphans) {
			continue
		}
		select {
		case <-s.wake:
		case <-retry:
		case <-look.C:
			s.evict()
			orphans.again()
		case <-s.stop:
			return
		}
	}
}

// refill makes segments until enough are ready. It gives a channel when it has to be tried again later.
func (s *spooler) refill() (retry <-chan time.Time) {
	for {
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
	return !s.trouble && s.find(size) < 0
}

// find gives the index of a ready segment with room for a record of size bytes, or -1: the oldest one, so that the ages of files tell the order of what is in them.
func (s *spooler) find(size int) int {
	return slices.IndexFunc(s.ready, func(segment *spool.Segment) bool { return len(segment.Data()) >= spool.FrameBytes(size) })
}

// await waits until there is a segment for a record of size bytes. When that takes too long it declares trouble, so that nobody waits until it is over.
func (s *spooler) await(size int) {
	patience := time.NewTimer(spoolPatience)
	defer patience.Stop()
	for {
		s.mu.Lock()
		if s.trouble || s.find(size) >= 0 {
			s.mu.Unlock()
			return
		}
		if need := spool.FrameBytes(size); need > s.bytes {
			s.large = max(s.large, need)
		}
		made := s.made
		s.mu.Unlock()
		signal(s.wake)
		select {
		case <-made:
		case <-s.stop:
			s.setTrouble()
		case <-patience.C:
			s.warn("spool slow", "sentrial: the spool is slow; events wait in memory until it is not", "patience", spoolPatience)
			s.setTrouble()
		}
	}
}

// take gives a segment with room for size bytes, nil if none is ready. The batcher's lock is held.
func (s *spooler) take(size int) *spool.Segment {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.find(size)
	if i < 0 {
		return nil
	}
	segment := s.ready[i]
	s.ready = slices.Delete(s.ready, i, i+1)
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
		if bytes == s.bytes && s.lacking() == s.bytes && segment.Reuse() == nil {
			s.add(segment, false)
		} else {
			s.check("spool remove", segment.Remove())
		}
		s.reclaimed(bytes)
	}
}

func (s *spooler) reclaimed(bytes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unreclaimed -= bytes
}
