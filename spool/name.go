package spool

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"regexp"
	"time"
)

// names are those of our files. Whatever else is in the directory is left alone.
var names = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}-[0-9]{1,10}\.slab$`)

// newName makes a name that no other process makes, even in another container: a UUID of version 7, so that names sort by age, and the process for who looks.
func newName(now time.Time, pid int) string {
	var u [16]byte
	_, _ = rand.Read(u[:]) // never fails
	ms, rest := now.UnixMilli(), now.Nanosecond()%int(time.Millisecond)
	binary.BigEndian.PutUint64(u[:], uint64(ms)<<16|7<<12|uint64(rest)*4096/uint64(time.Millisecond))
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x-%d.slab", u[:4], u[4:6], u[6:8], u[8:10], u[10:], pid)
}

func newKey() uint32 {
	var b [4]byte
	_, _ = rand.Read(b[:])
	return binary.LittleEndian.Uint32(b[:])
}
