package sentrial

import (
	"encoding/binary"
	"math/rand/v2"
	"time"
	"unsafe"

	"github.com/sentrial/sentrial-go/types"
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

func newIDMaker() (m idMaker) {
	m.random.Seed(rand.Uint64(), rand.Uint64())
	return m
}

// identify fills in an event's id, seq and time where they are empty. It follows at once on now: seq and time should say the same of events of
// several goroutines.
func (m *idMaker) identify(st *sessionState, e *types.Event, now time.Time) {
	if e.Seq == 0 {
		e.Seq = st.seq.Add(1)
	}
	if e.ID == "" {
		e.ID = m.newID(eventPrefix, now)
	}
	if e.Timestamp.IsZero() {
		e.Timestamp = now
		if e.Duration > 0 && e.Duration <= maxDuration {
			e.Timestamp = now.Add(-e.Duration)
		}
	}
}

// identify is for events that have no scratch yet.
func identify(st *sessionState, e *types.Event, now time.Time) {
	scratch := newScratch()
	defer scratch.free()
	scratch.ids.identify(st, e, now)
}

// newID returns prefix and a UUIDv7 (RFC 9562) of the time now: 48 bits of Unix milliseconds, then 74 random bits.
func newID(prefix string, now time.Time) string {
	scratch := newScratch()
	defer scratch.free()
	return scratch.ids.newID(prefix, now)
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
