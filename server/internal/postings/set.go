package postings

import (
	"iter"
	"maps"
	"math/bits"
	"slices"
)

// chunkBits is how many bits of a key lie inside a chunk of a Set.
const chunkBits = 14

type chunk [1 << chunkBits / 64]uint64

// Set holds keys, which are not negative. Its memory follows how many stretches of keys are in use; nil is empty for reading.
type Set struct {
	chunks map[int64]*chunk
	last   int64 // the chunk that was added to
	at     *chunk
}

// Add puts key in.
func (s *Set) Add(key int64) {
	if n := key >> chunkBits; s.at == nil || n != s.last {
		s.last, s.at = n, s.chunk(n)
	}
	i := key & (1<<chunkBits - 1)
	s.at[i>>6] |= 1 << (i & 63)
}

func (s *Set) chunk(n int64) *chunk {
	c := s.chunks[n]
	if c == nil {
		if s.chunks == nil {
			s.chunks = make(map[int64]*chunk)
		}
		c = new(chunk)
		s.chunks[n] = c
	}
	return c
}

// Has reports whether key is in s.
func (s *Set) Has(key int64) bool {
	if s == nil {
		return false
	}
	c := s.chunks[key>>chunkBits]
	i := key & (1<<chunkBits - 1)
	return c != nil && c[i>>6]&(1<<(i&63)) != 0
}

// Intersect leaves in s what is in o too.
func (s *Set) Intersect(o *Set) {
	s.at = nil
	for n, c := range s.chunks {
		other := o.chunks[n]
		if other == nil {
			delete(s.chunks, n)
			continue
		}
		for i := range c {
			c[i] &= other[i]
		}
	}
}

// Len counts the keys.
func (s *Set) Len() int {
	n := 0
	for _, c := range s.chunks {
		for _, bitset := range c {
			n += bits.OnesCount64(bitset)
		}
	}
	return n
}

// Keys yields the keys in ascending order.
func (s *Set) Keys() iter.Seq[int64] {
	return func(yield func(int64) bool) {
		for _, n := range slices.Sorted(maps.Keys(s.chunks)) {
			for i, bitset := range s.chunks[n] {
				for ; bitset != 0; bitset &= bitset - 1 {
					if !yield(n<<chunkBits | int64(i<<6|bits.TrailingZeros64(bitset))) {
						return
					}
				}
			}
		}
	}
}
