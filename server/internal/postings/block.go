// Package postings keeps which keys have which words: sorted runs of (word, keys), cut into blocks that are stored and read one by one.
//
// A [Builder] gathers pairs in memory and writes a run, [Merge] joins runs into one, and a [Block] is looked through for a word. Where
// blocks are kept is the caller's affair. Blocks of a run belong together by the base that their keys count from.
package postings

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// ErrCorrupt reports bytes that no Writer wrote.
var ErrCorrupt = errors.New("postings: corrupt block")

// Block reads the entries of one block, in order:
//
//	bytes shared with the word before, length of the rest, number of keys, the rest, then
//	one key: its distance from the base; more: length in bytes, distance from the base, distances from key to key
//
// all numbers as in [binary.PutUvarint].
type Block struct {
	body []byte
	base int64
	word []byte
	n    int    // keys of the entry
	keys []byte // of the entry
}

// NewBlock returns a Block before its first entry.
func NewBlock(body []byte, base int64) *Block { return &Block{body: body, base: base} }

// Next goes to the next entry; it returns false at the end.
func (b *Block) Next() (bool, error) {
	if len(b.body) == 0 {
		return false, nil
	}
	shared, rest, n := b.number(), b.number(), b.number()
	if n == 0 || shared > uint64(len(b.word)) || rest > uint64(len(b.body)) {
		return false, ErrCorrupt
	}
	b.word = append(b.word[:shared], b.take(rest)...)
	b.n = int(n)
	size := uint64(uvarintLen(b.body))
	if n > 1 {
		size = b.number()
	}
	if size == 0 || size > uint64(len(b.body)) || n > size {
		return false, ErrCorrupt
	}
	b.keys = b.take(size)
	return true, nil
}

// Word returns the entry's word, valid until Next.
func (b *Block) Word() []byte { return b.word }

// AppendKeys appends the entry's keys, which ascend.
func (b *Block) AppendKeys(keys []int64) ([]int64, error) {
	key, left := b.base, b.keys
	for range b.n {
		gap, size := binary.Uvarint(left)
		if key += int64(gap); size <= 0 || key < 0 {
			return keys, ErrCorrupt
		}
		keys, left = append(keys, key), left[size:]
	}
	return keys, nil
}

// Collect adds to set the keys of word, with prefix also those of the words it begins. It reports whether the words behind the block cannot
// be meant any more.
func (b *Block) Collect(word []byte, prefix bool, set *Set) (past bool, err error) {
	var keys []int64
	for {
		more, err := b.Next()
		if err != nil || !more {
			return false, err
		}
		switch order := bytes.Compare(b.word, word); {
		case order == 0, order > 0 && prefix && bytes.HasPrefix(b.word, word):
			if keys, err = b.AppendKeys(keys[:0]); err != nil {
				return false, err
			}
			for _, key := range keys {
				set.Add(key)
			}
		case order > 0:
			return true, nil
		}
	}
}

// number reads 0 from bytes that are none.
func (b *Block) number() uint64 {
	n, size := binary.Uvarint(b.body)
	b.body = b.body[max(size, 0):]
	return n
}

func (b *Block) take(n uint64) []byte {
	taken := b.body[:n:n]
	b.body = b.body[n:]
	return taken
}

// uvarintLen is how many bytes the number at the front of b takes, 0 if there is none.
func uvarintLen(b []byte) int {
	_, size := binary.Uvarint(b)
	return max(size, 0)
}
