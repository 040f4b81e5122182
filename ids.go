package sentrial

import (
	"encoding/binary"
	"math/rand/v2"
	"sync"
	"time"
	"unsafe"
)

const (
	eventPrefix   = "evt_"
	sessionPrefix = "sess_"
	uuidLen       = 36
)

// idMaker makes ids. It hands out memory for sixteen at a time, so that an id costs a sixteenth of an allocation. An id keeps at most its block (about 650 bytes)
// alive. Its random numbers begin at a place of their own, one of 2^128, and cost a fifth of the runtime's; they are there to differ, not to be secret.
type idMaker struct {
	block  []byte
	used   int // of the block; what is behind it was never written to
	random rand.PCG
}

const idsPerBlock = 16

var idMakers = sync.Pool{New: func() any {
	m := new(idMaker)
	m.random.Seed(rand.Uint64(), rand.Uint64())
	return m
}}

// newID returns prefix and a UUIDv7 (RFC 9562) of the time now: 48 bits of Unix milliseconds, then 74 random bits.
func newID(prefix string, now time.Time) string {
	m := idMakers.Get().(*idMaker)
	defer idMakers.Put(m)
	return m.newID(prefix, now)
}

func (m *idMaker) newID(prefix string, now time.Time) string {
	n := len(prefix) + uuidLen
	if len(m.block)-m.used < n {
		m.block, m.used = make([]byte, n*idsPerBlock), 0
	}
	id := m.block[m.used : m.used+n]
	m.used += n
	copy(id, prefix)
	high := uint64(now.UnixMilli())<<16 | m.random.Uint64()&0x0fff | 0x7000
	low := m.random.Uint64()>>2 | 0x8000000000000000
	formatUUID((*[uuidLen]byte)(id[len(prefix):]), high, low)
	return unsafe.String(&id[0], n) // nobody writes to these bytes again
}

// formatUUID writes the 32 hexadecimal digits with their hyphens.
func formatUUID(dst *[uuidLen]byte, high, low uint64) {
	binary.LittleEndian.PutUint64(dst[:], eightHex(uint32(high>>32)))
	groups := eightHex(uint32(high))
	dst[8] = '-'
	binary.LittleEndian.PutUint32(dst[9:], uint32(groups))
	dst[13] = '-'
	binary.LittleEndian.PutUint32(dst[14:], uint32(groups>>32))
	groups = eightHex(uint32(low >> 32))
	dst[18] = '-'
	binary.LittleEndian.PutUint32(dst[19:], uint32(groups))
	dst[23] = '-'
	binary.LittleEndian.PutUint32(dst[24:], uint32(groups>>32))
	binary.LittleEndian.PutUint64(dst[28:], eightHex(uint32(low)))
}
