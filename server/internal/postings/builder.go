package postings

import (
	"slices"
	"strings"
)

// Builder gathers which keys have which words. The zero value is ready.
type Builder struct {
	ids   map[string]uint32
	words []entry
	pairs []pair
	base  int64
}

type entry struct {
	word  string
	last  int64 // the key that was added last
	count int
}

type pair struct {
	word uint32
	key  int64
}

// Add notes that key, which is positive, has word. It is quick at what it is told over again, a key at a time.
func (b *Builder) Add(key int64, word []byte) {
	id, known := b.ids[string(word)]
	if !known {
		id = b.know(string(word))
	}
	e := &b.words[id]
	if e.last == key {
		return
	}
	e.last = key
	e.count++
	b.pairs = append(b.pairs, pair{id, key})
	if b.base == 0 || key < b.base {
		b.base = key
	}
}

func (b *Builder) know(word string) uint32 {
	if b.ids == nil {
		b.ids = make(map[string]uint32)
	}
	id := uint32(len(b.words))
	b.ids[word] = id
	b.words = append(b.words, entry{word: word})
	return id
}

// Len returns how many pairs there are, about.
func (b *Builder) Len() int { return len(b.pairs) }

// Base returns the smallest key.
func (b *Builder) Base() int64 { return b.base }

// Write writes what was gathered as a run.
func (b *Builder) Write(w *Writer) error {
	keys, ends := b.byWord()
	for _, id := range b.sorted() {
		end := ends[id]
		if err := w.Add([]byte(b.words[id].word), ascending(keys[end-b.words[id].count:end])); err != nil {
			return err
		}
	}
	return w.Flush()
}

// byWord sorts the pairs by word, and returns where each word's keys end.
func (b *Builder) byWord() (keys []int64, ends []int) {
	keys, ends = make([]int64, len(b.pairs)), make([]int, len(b.words))
	at := 0
	for i := range b.words {
		ends[i] = at
		at += b.words[i].count
	}
	for _, p := range b.pairs {
		keys[ends[p.word]] = p.key
		ends[p.word]++
	}
	return keys, ends
}

// sorted returns the words' numbers in the words' order.
func (b *Builder) sorted() []uint32 {
	ids := make([]uint32, len(b.words))
	for i := range ids {
		ids[i] = uint32(i)
	}
	slices.SortFunc(ids, func(x, y uint32) int { return strings.Compare(b.words[x].word, b.words[y].word) })
	return ids
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
