package sentrial

import (
	"sync"
	"time"

	"github.com/sentrial/sentrial-go/spool"
)

// spooler provides the batcher with slabs that are files (package spool), so that what is queued survives the process (spoolfiles.go), and takes over what earlier
// processes left (spooladopt.go). One goroutine makes the system calls: it keeps some segments ready, uses spent ones again, adopts and evicts; another one syncs
// (spoolsync.go), which may take long. A caller that is faster than they are waits for a file; when the disk is slow or full, slabs are plain memory and the events in
// them are not spooled.
type spooler struct {
	dir     *spool.Dir
	buffer  *batcher
	warn    func(cause, msg string, args ...any)
	every   time.Duration // between syncs; 0 is at every event, below 0 never
	sync    func(*spool.Segment) error
	bytes   int   // of a segment
	limit   int64 // of the whole directory, own files apart; 0 is none
	surplus int64 // bytes above that which are to be evicted
	found   int   // damage that has been counted

	mu          sync.Mutex // a leaf
	ready       []*spool.Segment
	spent       []*spool.Segment // all of their records are settled
	unreclaimed int              // bytes of those, and of the ones that recycle has in hand
	large       int              // bytes of a larger segment that somebody waits for
	trouble     bool             // the last segment was slow to make, or could not be made
	brokenUntil time.Time        // the disk has failed: no files before then
	made        chan struct{}    // closed when there is another segment, or trouble
	waiting     []chan struct{}  // for a sync
	inHand      int              // slabs that were adopted and are not settled

	wake, flush chan struct{}
	caughtUp    chan struct{} // closed when all is delivered that earlier processes left before this one began
	stop        chan struct{}
	running     sync.WaitGroup
}

const (
	troubledRetry = time.Second
	brokenRetry   = time.Minute
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
		dir: dir, buffer: b, warn: warn, every: c.spoolSync, sync: c.syncSegment, bytes: b.slabs.slabBytes, limit: c.spoolLimit(),
		made: make(chan struct{}), wake: make(chan struct{}, 1), flush: make(chan struct{}, 1), stop: make(chan struct{}),
		caughtUp: make(chan struct{}),
	}
}

func (s *spooler) start() {
	s.running.Go(s.run)
	if s.every >= 0 {
		s.running.Go(s.runSyncs)
	}
}

func (s *spooler) run() {
	left := newOrphans(s.dir)
	defer func() { left.end() }()
	s.weigh()
	look := time.NewTicker(lookInterval)
	defer look.Stop()
	for {
		retry := s.refill()
		if s.takeOver(left) {
			continue
		}
		if left.over && !s.holdsOne() && !isDone(s.caughtUp) {
			close(s.caughtUp)
		}
		select {
		case <-s.wake:
		case <-retry:
		case <-look.C:
			s.checkFiles()
			s.weigh()
			left.again()
		case <-s.stop:
			return
		}
	}
}

// checkFiles finds out what nobody else would tell: that files were deleted, and that writing to one that cannot be mapped has failed.
func (s *spooler) checkFiles() {
	s.buffer.forgetNameless()
	for _, segment := range s.buffer.segments() {
		if err := segment.Err(); err != nil {
			s.broken("spool write", err)
		}
	}
}

// broken says that the disk failed. Events wait in memory for a while.
func (s *spooler) broken(cause string, err error) {
	s.check(cause, err)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.brokenUntil = time.Now().Add(brokenRetry)
	s.made = broadcast(s.made)
}
