package sentrial

import (
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"sync"
	"time"
)

const (
	eventPrefix   = "evt_"
	sessionPrefix = "sess_"
	uuidLen       = 36
)

// idBlocks hands out memory for ids, sixteen at a time, so that an id costs a sixteenth of an allocation. An id keeps at most its block (about 650 bytes) alive.
var idBlocks = sync.Pool{New: func() any { return new(strings.Builder) }}

const idsPerBlock = 16

// newID returns prefix and a UUIDv7 (RFC 9562) of the time now: 48 bits of Unix milliseconds, then 74 random bits.
func newID(prefix string, now time.Time) string {
	block := idBlocks.Get().(*strings.Builder)
	defer idBlocks.Put(block)
	if n := len(prefix) + uuidLen; block.Cap()-block.Len() < n {
		block.Reset()
		block.Grow(n * idsPerBlock)
	}
	start := block.Len()
	block.WriteString(prefix)
	var text [uuidLen]byte
	formatUUIDv7(&text, now)
	block.Write(text[:])
	// A Builder never writes again to what it has written, so the slice of its string stays as it is.
	return block.String()[start:]
}

func formatUUIDv7(dst *[uuidLen]byte, now time.Time) {
	var u [16]byte
	binary.BigEndian.PutUint64(u[:8], uint64(now.UnixMilli())<<16|rand.Uint64()&0x0fff|0x7000)
	binary.BigEndian.PutUint64(u[8:], rand.Uint64()>>2|0x8000000000000000)
	hex.Encode(dst[:8], u[:4])
	dst[8] = '-'
	hex.Encode(dst[9:13], u[4:6])
	dst[13] = '-'
	hex.Encode(dst[14:18], u[6:8])
	dst[18] = '-'
	hex.Encode(dst[19:23], u[8:10])
	dst[23] = '-'
	hex.Encode(dst[24:], u[10:])
}
