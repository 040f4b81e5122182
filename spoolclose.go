package sentrial

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"github.com/sentrial/sentrial-go/spool"
)

// leftPatience is how long Close goes on delivering what earlier processes left, so that it arrives in the end even where no process lives long.
const leftPatience = time.Second

// deliverLeft waits for that.
func (s *spooler) deliverLeft(ctx context.Context) {
	patience := time.NewTimer(leftPatience)
	defer patience.Stop()
	select {
	case <-s.caughtUp:
	case <-patience.C:
	case <-ctx.Done():
	}
}

// close ends the goroutines and lets go of files with events in them, once no request needs their memory: whoever opens the spool next has them. It waits for that
// until ctx is done; where the disk or the program's own HTTP client hangs, it is done later.
func (s *spooler) close(ctx context.Context, senderDone <-chan struct{}) {
	close(s.stop)
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.running.Wait()
		s.setTrouble()
		for _, segment := range s.unused() {
			s.check("spool remove", segment.Remove())
		}
		<-senderDone
		s.letGo()
	}()
	awaitEnd(ctx, done)
}

func (s *spooler) unused() []*spool.Segment {
	s.mu.Lock()
	defer s.mu.Unlock()
	unused := append(s.ready, s.spent...)
	s.ready, s.spent = nil, nil
	return unused
}

func (s *spooler) letGo() {
	for _, segment := range s.buffer.segments() {
		s.check("spool close", segment.Close())
	}
	s.check("spool close", s.dir.Close())
}

// segments are the files of all slabs with undelivered events.
func (b *batcher) segments() (all []*spool.Segment) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.unsettled.all() {
		if s.segment != nil {
			all = append(all, s.segment)
		}
	}
	return all
}

// forgetNameless finds out which files somebody deleted. What is in them is in memory only.
func (b *batcher) forgetNameless() {
	for _, segment := range b.segments() {
		if segment.Named() {
			continue
		}
		b.mu.Lock()
		for _, s := range b.unsettled.all() {
			if s.segment == segment {
				s.nameless = true
			}
		}
		b.mu.Unlock()
	}
}

// check says what went wrong, unless it is only that somebody deleted the file.
func (s *spooler) check(cause string, err error) {
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.warn(cause, "sentrial: the spool is in trouble", "error", err)
	}
}
