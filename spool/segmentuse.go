package spool

// write is what Commit and Settle do where files cannot be mapped.
func (s *Segment) write(at, n int) {
	if !s.use() {
		return
	}
	defer s.done()
	_, err := s.file.WriteAt(s.frames.data[at:at+n], int64(headerBytes+at))
	_ = s.note(err)
}

// use keeps the file open until done, unless it is closed.
func (s *Segment) use() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.users++
	return true
}

func (s *Segment) done() {
	s.mu.Lock()
	s.users--
	s.mu.Unlock()
	_ = s.release()
}

func (s *Segment) note(err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = err
	}
	return s.err
}

// shut tells whether the caller is the one to close it.
func (s *Segment) shut() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := !s.closed
	s.closed = true
	return first
}

// release closes the file once it is shut and nobody is using it.
func (s *Segment) release() error {
	s.mu.Lock()
	last := s.closed && s.users == 0 && !s.released
	s.released = s.released || last
	s.mu.Unlock()
	if !last {
		return nil
	}
	return s.file.Close()
}
