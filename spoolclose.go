package sentrial

import (
	"context"
	"errors"
	"io/fs"

	"github.com/sentrial/sentrial-go/spool"
)

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
	s.setTrouble()
	for _, segment := range s.unused() {
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

// check says what went wrong, unless it is only that somebody deleted the file.
func (s *spooler) check(cause string, err error) {
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.warn(cause, "sentrial: the spool is in trouble", "error", err)
	}
}
