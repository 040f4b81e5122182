package postings

import (
	"cmp"
	"encoding/binary"
	"hash/maphash"
	"slices"
	"strings"
)

const (
	// recentWords is how many words are remembered of the key that is being told of: what fits into a processor's nearest memory.
	recentWords = 1 << 12
	// pairChunk is how many pairs are allocated at once.
	pairChunk = 1 << 14
)

// Builder gathers which keys have which words, a key at a time.
type Builder struct {
	ids   map[uint64]uint32 // by the word's hash
	words []entry
	keys  []int64  // in the order of [Builder.Key]
	pairs [][]pair // in chunks, so that they are never copied
	n     int

	// Words are told apart by 64 bits that nobody can foresee. Two of a million words being taken for one is less likely than a disk's error.
	seed maphash.Seed
	// Most words have been told of the same key before, which is seen without looking them up: recent holds hashes mixed with the number of
	// the key, so that it needs no clearing.
	recent [recentWords]uint64
}

type entry struct {
	word        string
	last, count uint32 // the key that was added last, counted from 1; how many were
}

type pair struct{ word, key uint32 }

// NewBuilder returns an empty Builder.
func NewBuilder() *Builder { return &Builder{ids: make(map[uint64]uint32), seed: maphash.MakeSeed()} }

// Key begins to tell of a key, which is positive.
func (b *Builder) Key(key int64) {
	if n := len(b.keys); n == 0 || b.keys[n-1] != key {
		b.keys = append(b.keys, key)
	}
}

// Add notes that the key has word.
func (b *Builder) Add(word []byte) {
	hash := maphash.Bytes(b.seed, word)
	slot := &b.recent[hash%recentWords]
	if mark := hash ^ uint64(len(b.keys))*0x9e3779b97f4a7c15; *slot != mark {
		*slot = mark
		b.add(hash, word)
	}
}

func (b *Builder) add(hash uint64, word []byte) {
	id, known := b.ids[hash]
	if !known {
		id = uint32(len(b.words))
		b.ids[hash] = id
		b.words = append(b.words, entry{word: string(word)})
	}
	e, key := &b.words[id], uint32(len(b.keys))
	if e.last == key {
		return
	}
	e.last = key
	e.count++
	if b.n%pairChunk == 0 {
		b.pairs = append(b.pairs, make([]pair, 0, pairChunk))
	}
	last := &b.pairs[len(b.pairs)-1]
	*last = append(*last, pair{id, key - 1})
	b.n++
}

// Len returns how many pairs there are, about.
func (b *Builder) Len() int { return b.n }

// Base returns the smallest key, 0 when there is none.
func (b *Builder) Base() int64 {
	if len(b.keys) == 0 {
		return 0
	}
	return slices.Min(b.keys)
}

// Write writes what was gathered as a run.
func (b *Builder) Write(w *Writer) error {
	keys, ends := b.byWord()
	for _, id := range b.sorted() {
		own := keys[ends[id]-int(b.words[id].count) : ends[id]]
		if err := w.Add([]byte(b.words[id].word), ascending(own)); err != nil {
			return err
		}
	}
	return w.Flush()
}

// byWord sorts the pairs by word, and returns where each word's keys end.
func (b *Builder) byWord() (keys []int64, ends []int) {
	keys, ends = make([]int64, b.n), make([]int, len(b.words))
	at := 0
	for i := range b.words {
		ends[i] = at
		at += int(b.words[i].count)
	}
	for _, chunk := range b.pairs {
		for _, p := range chunk {
			keys[ends[p.word]] = b.keys[p.key]
			ends[p.word]++
		}
	}
	return keys, ends
}

// sorted returns the words' numbers in the words' order.
func (b *Builder) sorted() []uint32 {
	heads := make([]head, len(b.words))
	for i := range heads {
		heads[i] = headOf(b.words[i].word, uint32(i))
	}
	slices.SortFunc(heads, func(x, y head) int {
		if x.letters != y.letters {
			return cmp.Compare(x.letters, y.letters)
		}
		return strings.Compare(b.words[x.id].word, b.words[y.id].word)
	})
	ids := make([]uint32, len(heads))
	for i := range heads {
		ids[i] = heads[i].id
	}
	return ids
}

// head is how a word begins, which mostly decides where it belongs.
type head struct {
	letters uint64
	id      uint32
}

func headOf(word string, id uint32) head {
	var first [8]byte
	copy(first[:], word)
	return head{binary.BigEndian.Uint64(first[:]), id}
}

// ascending returns keys sorted, each once.
func ascending(keys []int64) []int64 {
	for i := 1; i < len(keys); i++ {
		if keys[i] <= keys[i-1] {
			slices.Sort(keys)
			return slices.Compact(keys)
		}
	}
	return keys
}
