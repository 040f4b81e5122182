package spool

import "errors"

// Reuse empties a segment of which every record is settled, and gives it a new name and age: what Remove and Create would do, but the file keeps its blocks and the
// memory its pages, which is most of what a segment costs. Frames must be asked for again.
//
// When it fails, because files cannot be mapped here, the segment was cut, or the system says so now or did before, there is nothing left to do with it but Remove.
func (s *Segment) Reuse() error {
	if err := s.Err(); err != nil {
		return err
	}
	if !s.use() {
		return explain("reuse", s.Name(), ErrClosed)
	}
	defer s.done()
	if len(s.whole) != headerBytes+s.header.data {
		return explain("reuse", s.Name(), errors.ErrUnsupported)
	}
	return explain("reuse", s.Name(), s.renew())
}

func (s *Segment) renew() error {
	h := newHeader(s.header.data)
	name := newName(h.created, h.pid)
	err := Guard(func() {
		revoke(s.whole)
		clear(s.frames.data)
	})
	if err == nil {
		err = s.disk.Rename(s.Name(), name)
	}
	if err != nil {
		return err
	}
	h.stamp(s.whole)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.name, s.header, s.named, s.counts = name, h, false, Counts{}
	s.frames.key = h.key
	return nil
}
