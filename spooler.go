package sentrial

import (
	"context"
	"errors"
	"iter"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/sentrial/sentrial-go/spool"
)

// spooler provides the batcher with slabs that are files (package spool), so that what is queued survives the process, and takes over what earlier processes left.
// One goroutine makes the system calls: it keeps some segments ready, uses spent ones again and adopts; another one syncs, which may take long. A caller that is
// faster than they are waits for a file; when the disk is slow or full, slabs are plain memory and the events in them are not spooled.
type spooler struct {
	dir    *spool.Dir
	buffer *batcher
	warn   func(cause, msg string, args ...any)
	every  time.Duration // between syncs; 0 is at every event, below 0 never
	bytes  int           // of a segment

	mu      sync.Mutex // a leaf
	ready   []*spool.Segment
	spent   []*spool.Segment // all of their records are settled
	large   int              // bytes of a larger segment that somebody waits for
	trouble bool             // the last segment was slow to make, or could not be made
	made    chan struct{}    // closed when there is another segment, or trouble
	waiting []chan struct{}  // for a sync
	inHand  int              // slabs that were adopted and are not settled

	wake, flush chan struct{}
	stop        chan struct{}
	running     sync.WaitGroup
}

const (
	segmentsReady = 4
	// spoolPatience is how long a caller waits for the file of a slab. A healthy disk makes one in less than a millisecond; on one that takes longer than this the
	// agent comes first.
	spoolPatience = 500 * time.Millisecond
	troubledRetry = time.Second
	// lookInterval is how often a client looks for what processes left that ended after it began.
	lookInterval = 30 * time.Second
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
	next, end := iter.Pull2(s.dir.Orphans())
	defer func() { end() }()
	look := time.NewTicker(lookInterval)
	defer look.Stop()
	for more := true; ; {
		s.recycle()
		retry := s.refill()
		if more && s.mayAdopt() {
			more = s.adopt(next())
			continue
		}
		select {
		case <-s.wake:
		case <-retry:
		case <-look.C:
			if !more {
				end()
				next, end = iter.Pull2(s.dir.Orphans())
				more = true
			}
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
			s.setTrouble(true)
			return time.After(troubledRetry)
		}
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

func (s *spooler) setTrouble(is bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trouble, s.large = is, 0
	s.made = broadcast(s.made)
}

// lacks tells whether there is no segment for a record of size bytes, but soon will be.
func (s *spooler) lacks(size int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.trouble && s.find(size) < 0
}

// find gives the index of a ready segment with room for a record of size bytes, or -1.
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
			s.setTrouble(true)
		case <-patience.C:
			s.warn("spool slow", "sentrial: the spool is slow; events wait in memory until it is not", "patience", spoolPatience)
			s.setTrouble(true)
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
		if len(segment.Data()) == s.bytes && s.lacking() == s.bytes && segment.Reuse() == nil {
			s.add(segment, false)
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
	signal(s.flush)
	select {
	case <-synced:
	case <-s.stop:
	}
}

// runSyncs carries what is in segments to the disk, at every interval or when somebody waits for it.
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
		s.check("spool sync", segment.Sync())
	}
	for _, synced := range waiting {
		close(synced)
	}
}

// close ends the goroutines. Files with events in them are let go of, once no request needs their memory: whoever opens the spool next has them. When the disk hangs
// until ctx is done, all stays as it is.
func (s *spooler) close(ctx context.Context, senderDone <-chan struct{}) {
	close(s.stop)
	ended := make(chan struct{})
	go func() {
		s.running.Wait()
		close(ended)
	}()
	awaitEnd(ctx, ended)
	if !isDone(ended) {
		return
	}
	s.setTrouble(true)
	s.mu.Lock()
	unused := append(s.ready, s.spent...)
	s.ready, s.spent = nil, nil
	s.mu.Unlock()
	for _, segment := range unused {
		s.check("spool remove", segment.Remove())
	}
	if isDone(senderDone) {
		s.letGo()
		return
	}
	go func() { // the program's own HTTP client hangs
		<-senderDone
		s.letGo()
	}()
}

func (s *spooler) letGo() {
	for _, segment := range s.buffer.segments() {
		s.check("spool close", segment.Close())
	}
	s.check("spool close", s.dir.Close())
}
