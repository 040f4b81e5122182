package server

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"time"
)

// newID returns prefix and a UUIDv7 of the time now: the ids that this server makes look like those of the SDK.
func newID(prefix string, now time.Time) string {
	var u [16]byte
	_, _ = rand.Read(u[6:]) // never fails
	binary.BigEndian.PutUint32(u[:], uint32(now.UnixMilli()>>16))
	binary.BigEndian.PutUint16(u[4:], uint16(now.UnixMilli()))
	u[6] = u[6]&0x0f | 0x70
	u[8] = u[8]&0x3f | 0x80
	h := hex.EncodeToString(u[:])
	return prefix + h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
