package postings

import (
	"encoding/binary"
	"slices"
)

// blockBytes is about the size of a block: several pages of a database, and few enough bytes to look through for one word.
const blockBytes = 8 << 10

// Writer cuts a run into blocks.
type Writer struct {
	base int64
	emit func(first, body []byte) error

	body        []byte
	first, word []byte // of the block; the last one written
	gaps        []byte
}

// NewWriter returns a Writer of a run whose keys are base or larger. It calls emit with each block and its first word; both stay the caller's.
func NewWriter(base int64, emit func(first, body []byte) error) *Writer {
	return &Writer{base: base, emit: emit}
}

// Add writes an entry. Words ascend from call to call, keys within a call and from call to call of the same word.
func (w *Writer) Add(word []byte, keys []int64) error {
	for len(keys) > 0 {
		n := w.put(word, keys)
		keys = keys[n:]
		if len(w.body) >= blockBytes {
			if err := w.Flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// put writes as many keys as have room in a block, and returns how many.
func (w *Writer) put(word []byte, keys []int64) int {
	n := w.pack(keys)
	shared := w.begin(word)
	w.body = binary.AppendUvarint(w.body, uint64(shared))
	w.body = binary.AppendUvarint(w.body, uint64(len(word)-shared))
	w.body = binary.AppendUvarint(w.body, uint64(n))
	w.body = append(w.body, word[shared:]...)
	if n > 1 {
		w.body = binary.AppendUvarint(w.body, uint64(len(w.gaps)))
	}
	w.body = append(w.body, w.gaps...)
	return n
}

// pack makes gaps of the keys that have room.
func (w *Writer) pack(keys []int64) int {
	w.gaps = w.gaps[:0]
	before := w.base
	for i, key := range keys {
		if len(w.gaps) >= blockBytes {
			return i
		}
		w.gaps = binary.AppendUvarint(w.gaps, uint64(key-before))
		before = key
	}
	return len(keys)
}

// begin makes word the last one written and returns how much of it is that of the one before.
func (w *Writer) begin(word []byte) (shared int) {
	if len(w.body) == 0 {
		w.first, w.word = slices.Clone(word), w.word[:0]
	}
	for shared < min(len(word), len(w.word)) && word[shared] == w.word[shared] {
		shared++
	}
	w.word = append(w.word[:0], word...)
	return shared
}

// Flush ends the block; it must be called at the end.
func (w *Writer) Flush() error {
	if len(w.body) == 0 {
		return nil
	}
	body := slices.Clone(w.body)
	w.body = w.body[:0]
	return w.emit(w.first, body)
}
