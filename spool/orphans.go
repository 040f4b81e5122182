package spool

import (
	"errors"
	"io"
	"io/fs"
	"iter"
)

// Orphans gives, one by one and oldest first, the segments that processes left which are gone, each with at least one record that is committed or
// sent. Whoever gets one has it to himself, sends what is committed in it, settles it, and calls Remove; or Close, to leave it to somebody else.
//
// Files of processes that live are passed over, and those without such a record are removed. Of a damaged file a copy goes into the folder quarantine first. An
// error is about one file, the others follow: ErrVersion for one of a newer format, which is left alone, ErrForeign for one that somebody else put there,
// ErrDamaged for one of which nothing can be read, and whatever the system says.
func (d *Dir) Orphans() iter.Seq2[*Segment, error] {
	return func(yield func(*Segment, error) bool) {
		on := d.on()
		all, err := on.List()
		if err != nil && !yield(nil, explain("list", d.path, err)) {
			return
		}
		for _, e := range all {
			s, err := d.adopt(on, e)
			if err != nil && !yield(nil, explain("recover", e.Name, err)) {
				if s != nil {
					_ = s.Close()
				}
				return
			}
			if s != nil && !yield(s, nil) {
				return
			}
		}
	}
}

// adopt takes a file over, unless somebody has it or there is nothing to send.
func (d *Dir) adopt(on disk, e entry) (*Segment, error) {
	f, err := on.Open(e.Name)
	if errors.Is(err, errBusy) || errors.Is(err, fs.ErrNotExist) {
		return nil, nil // somebody else has it, or had it
	}
	if err != nil {
		return nil, err
	}
	s, err := load(on, e.Name, f)
	switch {
	case errors.Is(err, errBlank):
		return nil, errors.Join(on.Remove(e.Name), f.Close())
	case errors.Is(err, ErrDamaged):
		d.count(Counts{Damaged: 1})
		return nil, errors.Join(err, d.discard(on, e), f.Close())
	case err != nil:
		return nil, errors.Join(err, f.Close())
	}
	return d.inspect(s, e)
}

// load reads and maps a file.
func load(on disk, name string, f file) (*Segment, error) {
	var b [headerBytes]byte
	n, err := f.ReadAt(b[:], 0)
	if n < len(b) && !errors.Is(err, io.EOF) {
		return nil, err
	}
	h, err := decodeHeader(b[:n])
	if errors.Is(err, ErrDamaged) && onlyZeros(f) {
		err = errBlank
	}
	if err != nil {
		return nil, err
	}
	return newSegment(on, name, h, f)
}

// onlyZeros tells a file that was never written to from one that lost its header.
func onlyZeros(f io.ReaderAt) bool {
	b := make([]byte, 64<<10)
	for at := int64(0); ; at += int64(len(b)) {
		n, err := f.ReadAt(b, at)
		if !isZero(b[:n]) || err != nil && !errors.Is(err, io.EOF) {
			return false
		}
		if err != nil {
			return true
		}
	}
}

// inspect counts what is in a segment, and keeps a copy of a damaged one.
func (d *Dir) inspect(s *Segment, e entry) (*Segment, error) {
	err := Guard(func() { s.counts = s.frames.Count() })
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	d.count(s.counts)
	damaged := s.counts.Damaged > 0
	if s.counts.left() > 0 {
		if damaged {
			err = s.disk.Keep(e.Name, s.file, e.Size, d.quarantine)
			err = errors.Join(err, Guard(s.frames.mend))
		}
		return s, err
	}
	if damaged {
		err = d.discard(s.disk, e)
	}
	return nil, errors.Join(err, s.Remove())
}

// Quarantine keeps a copy of a segment with records that its finder cannot read, though they are whole.
func (d *Dir) Quarantine(s *Segment) error {
	if !s.use() {
		return explain("quarantine", s.Name(), ErrClosed)
	}
	defer s.done()
	return explain("quarantine", s.Name(), s.disk.Keep(s.Name(), s.file, s.Size(), d.quarantine))
}

// discard moves a file of which nothing can be sent into quarantine, or deletes it when it is too large for that.
func (d *Dir) discard(on disk, e entry) error {
	if e.Size > d.quarantine {
		return on.Remove(e.Name)
	}
	return on.Move(e.Name, e.Size, d.quarantine)
}

func (d *Dir) count(c Counts) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.found = d.found.plus(c)
}
