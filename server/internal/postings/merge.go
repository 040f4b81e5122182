package postings

import "bytes"

// Run reads a run block by block.
type Run struct {
	base  int64
	next  func() (body []byte, err error)
	block *Block
	ended bool
}

// NewRun returns a Run whose blocks next brings one by one, nil at the end.
func NewRun(base int64, next func() ([]byte, error)) *Run {
	return &Run{base: base, next: next, block: NewBlock(nil, base)}
}

// advance goes to the next entry, of whatever block.
func (r *Run) advance() error {
	for !r.ended {
		if more, err := r.block.Next(); more || err != nil {
			return err
		}
		body, err := r.next()
		if err != nil {
			return err
		}
		if body == nil {
			r.ended = true
		}
		r.block = &Block{body: body, base: r.base, word: r.block.word[:0]}
	}
	return nil
}

// Merger joins runs into one, a word at a time.
type Merger struct {
	runs []*Run
	out  *Writer
	word []byte
	keys []int64
}

// Merge begins to write the union of runs to out, whose base is none of theirs exceeded by.
func Merge(out *Writer, runs ...*Run) (*Merger, error) {
	for _, r := range runs {
		if err := r.advance(); err != nil {
			return nil, err
		}
	}
	return &Merger{runs: runs, out: out}, nil
}

// Step writes the next word; it returns false at the end, when all is written.
func (m *Merger) Step() (more bool, err error) {
	if !m.least() {
		return false, m.out.Flush()
	}
	m.keys = m.keys[:0]
	for _, r := range m.runs {
		for !r.ended && bytes.Equal(r.block.word, m.word) {
			if m.keys, err = r.block.AppendKeys(m.keys); err != nil {
				return false, err
			}
			if err := r.advance(); err != nil {
				return false, err
			}
		}
	}
	return true, m.out.Add(m.word, ascending(m.keys))
}

// least finds the smallest word that any run has next.
func (m *Merger) least() (found bool) {
	for _, r := range m.runs {
		if !r.ended && (!found || bytes.Compare(r.block.word, m.word) < 0) {
			m.word, found = append(m.word[:0], r.block.word...), true
		}
	}
	return found
}
