package sentrial_test

import (
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/sentrial/sentrial-go"
)

func FuzzEightHex(f *testing.F) {
	for _, x := range []uint32{0, 1, 0x9a9a9a9a, 0x0123cdef, 1<<32 - 1} {
		f.Add(x)
	}
	f.Fuzz(func(t *testing.T, x uint32) {
		digits := binary.LittleEndian.AppendUint64(nil, sentrial.EightHex(x))
		if want := fmt.Sprintf("%08x", x); string(digits) != want {
			t.Errorf("got %q, want %q", digits, want)
		}
	})
}
