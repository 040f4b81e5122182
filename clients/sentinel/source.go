package sentinel

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

// source is the content of a document. What is read of it is read by one attempt at a time, and by none once the upload has returned.
type source struct {
	content io.Reader
	seeker  io.Seeker // nil = the content can be had only once
	start   int64     // the seeker's position at the call
	size    int64     // -1 = unknown
	onSent  func(sent, total int64)

	busy    chan struct{} // capacity 1: held while the content is read
	telling chan struct{} // capacity 1: held while onSent is called
	attempt atomic.Int64  // the one that may read
	sent    atomic.Int64  // what it has read
}

// newSource finds out how much there is, as far as that can be known without reading it.
func newSource(content io.Reader) *source {
	s := &source{content: content, size: -1, busy: make(chan struct{}, 1), telling: make(chan struct{}, 1)}
	if seeker, ok := content.(io.Seeker); ok && rewinds(content) && s.measure(seeker) == nil {
		s.seeker = seeker
		return s
	}
	if sized, ok := content.(interface{ Len() int }); ok {
		s.size = int64(sized.Len())
	}
	return s
}

// rewinds leaves out files that take a seek without meaning it, such as terminals.
func rewinds(content io.Reader) bool {
	file, ok := content.(*os.File)
	if !ok {
		return true
	}
	info, err := file.Stat()
	return err == nil && info.Mode().IsRegular()
}

func (s *source) measure(seeker io.Seeker) error {
	start, err := seeker.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	end, err := seeker.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if _, err := seeker.Seek(start, io.SeekStart); err != nil {
		return err
	}
	s.start, s.size = start, max(0, end-start)
	return nil
}

// told takes over a size that the caller knows.
func (s *source) told(size *int64) error {
	switch {
	case size == nil:
		return nil
	case *size < 0:
		return fmt.Errorf("sentinel: %d bytes is no size: leave WithSize out if it is not known", *size)
	case s.seeker != nil && *size != s.size:
		return fmt.Errorf("sentinel: the document has %d bytes, and WithSize says %d: leave it out", s.size, *size)
	}
	s.size = *size
	return nil
}

// open begins the next attempt: it waits until the one before reads no more, and goes back to the start.
func (s *source) open(ctx context.Context) (io.Reader, error) {
	select {
	case s.busy <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	defer func() { <-s.busy }()
	attempt := s.attempt.Add(1)
	if attempt > 1 || s.seeker != nil {
		if err := s.rewind(); err != nil {
			return nil, err
		}
	}
	return &reading{source: s, ctx: ctx, attempt: attempt}, s.tell(attempt, 0)
}

func (s *source) rewind() error {
	if s.seeker == nil {
		return errors.New("sentinel: the document can be read only once")
	}
	if _, err := s.seeker.Seek(s.start, io.SeekStart); err != nil {
		return fmt.Errorf("sentinel: the document cannot be read from its start: %w", err)
	}
	return nil
}

// settle ends the reading: when it returns nothing reads, but for one that was under way when ctx ended, and nothing is told.
func (s *source) settle(ctx context.Context) {
	s.telling <- struct{}{}
	s.attempt.Add(1)
	<-s.telling
	select {
	case s.busy <- struct{}{}:
		<-s.busy
	case <-ctx.Done():
	}
}

// tell calls onSent, unless the attempt is over. A panic of the caller's code must not stay on a goroutine on which nobody could recover it.
func (s *source) tell(attempt, sent int64) (err error) {
	s.telling <- struct{}{}
	defer func() {
		<-s.telling
		if v := recover(); v != nil {
			err = fmt.Errorf("sentinel: the function of OnSent: panic: %s", jsonenc.PanicText(v))
		}
	}()
	if s.onSent != nil && s.attempt.Load() == attempt {
		s.onSent(sent, s.size)
	}
	return nil
}
