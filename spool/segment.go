package spool

import (
	"errors"
	"io"
	"sync"
	"time"
)

// Segment is one file, mapped into memory and locked by this process.
type Segment struct {
	disk   disk
	name   string
	header header
	file   file
	whole  []byte // the file, where it is mapped
	frames Frames
	counts Counts

	mu       sync.Mutex
	err      error // the first of Sync or of a write
	named    bool  // the name is durable
	users    int   // calls of Sync and write under way: the file is open until the last one is done
	closed   bool  // by Close or Remove
	released bool  // the file really is
}

func newSegment(on disk, name string, h header, f file) (*Segment, error) {
	size, err := f.Size()
	if err != nil {
		return nil, err
	}
	s := &Segment{disk: on, name: name, header: h, file: f}
	n := int(min(size, int64(headerBytes+h.data)))
	content, err := f.Map(n)
	mapped := err == nil
	if !mapped { // not every file system has shared mappings
		content, err = readAll(f, n)
	}
	if err != nil {
		return nil, err
	}
	s.frames = framesOf(h, content)
	if mapped {
		s.whole = content
	} else {
		s.frames.through = s
	}
	return s, nil
}

// framesOf are the frames in a file, which may have been cut.
func framesOf(h header, content []byte) Frames {
	end := min(headerBytes+h.data, len(content))
	return Frames{data: content[min(headerBytes, end):end:end], key: h.key, summed: true}
}

func readAll(f io.ReaderAt, n int) ([]byte, error) {
	b := make([]byte, n)
	if got, err := f.ReadAt(b, 0); got < n {
		return nil, err
	}
	return b, nil
}

// Frames are the records in the segment. They are good until Close or Remove; touching them later crashes the program.
func (s *Segment) Frames() Frames { return s.frames }

// Data is the area that the frames are in.
func (s *Segment) Data() []byte { return s.frames.data }

// Touch gives the data area its memory now, so that whoever writes to it does not wait for pages. It changes nothing in it.
func (s *Segment) Touch() error {
	if !s.use() {
		return explain("touch", s.Name(), ErrClosed)
	}
	defer s.done()
	return explain("touch", s.Name(), touch(s.frames.data))
}

// Name is the file's, within the directory.
func (s *Segment) Name() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.name
}

// Named tells whether the file is still there: somebody may have deleted it, and then nobody will find what is in it.
func (s *Segment) Named() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.closed && s.disk.Has(s.name)
}

// Size is what the file takes.
func (s *Segment) Size() int64 { return int64(headerBytes + len(s.frames.data)) }

// Created tells when the segment was made, by the clock of the process that made it.
func (s *Segment) Created() time.Time { return s.header.created }

// PID is the process that made it.
func (s *Segment) PID() int { return s.header.pid }

// Counts are the records that Orphans found in it, zero for a new one.
func (s *Segment) Counts() Counts { return s.counts }

// Sync carries what was written before the call to the disk. Once it has failed it fails for good: the system may have thrown away what it could not write, and
// says so only once.
func (s *Segment) Sync() error {
	if err := s.Err(); err != nil {
		return err
	}
	if !s.use() {
		return explain("sync", s.Name(), ErrClosed)
	}
	defer s.done()
	err := s.file.Sync()
	if err == nil {
		err = s.syncName()
	}
	return explain("sync", s.Name(), s.note(err))
}

// syncName makes the name durable, if no call did before.
func (s *Segment) syncName() error {
	s.mu.Lock()
	named := s.named
	s.mu.Unlock()
	if named {
		return nil
	}
	if err := s.disk.Sync(); err != nil {
		return err
	}
	s.mu.Lock()
	s.named = true
	s.mu.Unlock()
	return nil
}

// Err is what a Commit or Settle met that had to write by itself, where files cannot be mapped, or what Sync met.
func (s *Segment) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return explain("write", s.name, s.err)
}

// Remove deletes the file: every record in it is settled. Further calls do nothing.
func (s *Segment) Remove() error {
	if !s.shut() {
		return nil
	}
	err := s.disk.Remove(s.Name()) // before the lock is given up, or others would take it for an orphan
	return explain("remove", s.Name(), errors.Join(err, s.release()))
}

// Close keeps the file for whoever looks for orphans next. Further calls do nothing.
func (s *Segment) Close() error {
	if !s.shut() {
		return nil
	}
	return explain("close", s.Name(), s.release())
}
