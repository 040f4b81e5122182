package spool

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"time"
)

const (
	magic       = "SNTRLSPL"
	unmagic     = "SNTRLOLD" // while a file is made ready to be used again
	version     = 1
	headerCopy  = 64
	headerBytes = 2 * headerCopy
	maxData     = 64 << 20 // a file that says more does not get more memory
)

// errBlank is a file in which nothing was written, or nothing again: its process ended before it had written the header.
var errBlank = errors.New("nothing was written")

// header is what a file says of itself.
type header struct {
	data    int // bytes of the data area
	created time.Time
	pid     int
	key     uint32
}

func newHeader(dataBytes int) header {
	return header{data: dataBytes, created: time.Now(), pid: os.Getpid(), key: newKey()}
}

func (h header) encode() []byte {
	b := make([]byte, headerCopy, headerBytes)
	copy(b, magic)
	binary.LittleEndian.PutUint16(b[8:], version)
	binary.LittleEndian.PutUint16(b[10:], headerBytes)
	binary.LittleEndian.PutUint32(b[12:], uint32(h.data))
	binary.LittleEndian.PutUint64(b[16:], uint64(h.created.UnixNano()))
	binary.LittleEndian.PutUint32(b[24:], uint32(h.pid))
	binary.LittleEndian.PutUint32(b[28:], h.key)
	binary.LittleEndian.PutUint32(b[60:], crc32.Checksum(b[:60], castagnoli))
	return append(b, b...)
}

// decodeHeader reads whichever of the two headers is whole. b may be shorter.
func decodeHeader(b []byte) (header, error) {
	for i := 0; i+headerCopy <= len(b); i += headerCopy {
		h, err := decodeCopy(b[i : i+headerCopy])
		if !errors.Is(err, ErrDamaged) {
			return h, err
		}
	}
	if len(b) == headerBytes && (string(b[:8]) == unmagic || string(b[headerCopy:][:8]) == unmagic) {
		return header{}, errBlank
	}
	return header{}, fmt.Errorf("%w: both headers", ErrDamaged)
}

// revoke says that the file is made ready to be used again, and stamp that it is. Each word is written at one stroke, and what a header rests on last: wherever the
// process is killed, the file has a header that is whole, or none.
func revoke(b []byte) {
	copy(b[:8], unmagic)
	copy(b[headerCopy:][:8], unmagic)
}

func (h header) stamp(b []byte) {
	full := h.encode()
	for i := 0; i < headerBytes; i += headerCopy {
		copy(b[i+8:i+headerCopy], full[8:])
		copy(b[i:i+8], magic)
	}
}

func decodeCopy(b []byte) (header, error) {
	if string(b[:8]) != magic || binary.LittleEndian.Uint32(b[60:]) != crc32.Checksum(b[:60], castagnoli) {
		return header{}, ErrDamaged
	}
	if v := binary.LittleEndian.Uint16(b[8:]); v != version {
		return header{}, fmt.Errorf("%w %d, this program knows version %d", ErrVersion, v, version)
	}
	h := header{
		data:    int(min(binary.LittleEndian.Uint32(b[12:]), maxData)),
		created: time.Unix(0, int64(binary.LittleEndian.Uint64(b[16:]))),
		pid:     int(binary.LittleEndian.Uint32(b[24:])),
		key:     binary.LittleEndian.Uint32(b[28:]),
	}
	return h, nil
}
