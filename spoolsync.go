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
	for _, slab := range s.buffer.unsynced() {
		switch err := s.sync(slab.segment); {
		case err == nil:
			s.buffer.synced(slab)
		case !errors.Is(err, spool.ErrClosed): // all of a closed one was settled meanwhile
			s.broken("spool sync", err)
		}
	}
	for _, synced := range waiting {
		close(synced)
	}
}

// unsynced are the slabs with files that hold something the disk may not have.
func (b *batcher) unsynced() (all []fullSlab) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.unsettled.all() {
		if s.segment != nil && !s.onDisk {
			all = append(all, fullSlab{s, s != b.active.Load() && s.ready()})
		}
	}
	return all
}

// fullSlab is a slab, and whether nothing more will be written to it.
type fullSlab struct {
	*slab

	full bool
}

// synced notes that a slab which nothing more is written to need not be synced again.
func (b *batcher) synced(s fullSlab) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s.onDisk = s.full
}
