package spool_test

import (
	"bytes"
	"testing"

	"github.com/sentrial/sentrial-go/spool"
)

// FuzzScan scans whatever there is: frames lie one behind the other within the data, and nothing is said to be whole that was not made with the key.
func FuzzScan(f *testing.F) {
	whole := spool.Keyed(make([]byte, 160), 7)
	put(f, whole, 0, "one", "two", "three")
	f.Add(whole.Data(), uint32(7))
	f.Add(whole.Data(), uint32(8))
	f.Add(whole.Data()[:50], uint32(7))
	f.Add([]byte("\xff\xff\xff\x7f\xff\xff\xff\xff0123456789abcdef"), uint32(0))
	f.Fuzz(func(t *testing.T, data []byte, key uint32) {
		if len(data) > 1<<16 {
			return
		}
		frames, before, end := spool.Keyed(data, key), bytes.Clone(data), -1
		for frame := range frames.All() {
			if frame.At <= end || frame.At+len(frame.Payload) > len(data) {
				t.Fatalf("a frame of %d bytes at %d, the one before at %d, of %d", len(frame.Payload), frame.At, end, len(data))
			}
			end = frame.At
			if frame.State == spool.Committed {
				wantSame(t, frame, data, key)
			}
		}
		if !bytes.Equal(before, data) {
			t.Error("the scan changed the data")
		}
	})
}

// wantSame writes a frame anew, and wants the same bytes but for its state, which may be damaged a little.
func wantSame(t *testing.T, frame spool.Frame, data []byte, key uint32) {
	t.Helper()
	again := spool.Keyed(make([]byte, frame.At+spool.FrameBytes(len(frame.Payload))), key)
	put(t, again, frame.At, string(frame.Payload))
	if want := again.Data()[frame.At:][:12]; !bytes.Equal(data[frame.At:][:12], want) {
		t.Errorf("%q is said to be whole with the header %x, want %x", frame.Payload, data[frame.At:][:12], want)
	}
}

// FuzzRoundTrip writes two records, damages one byte, and wants back every record that it did not hit.
func FuzzRoundTrip(f *testing.F) {
	f.Add([]byte("one"), []byte("two"), uint32(1), uint16(3), byte(255))
	f.Add([]byte("\x10"), []byte("0"), uint32(0), uint16(4), byte(1)) // with a check that can be 0 the payload would look like a frame
	f.Add(bytes.Repeat([]byte("x"), 300), []byte{0}, uint32(0), uint16(30), byte(1))
	f.Fuzz(func(t *testing.T, a, b []byte, key uint32, at uint16, flip byte) {
		if len(a) == 0 || len(b) == 0 || len(a)+len(b) > 1<<15 {
			return
		}
		frames := spool.Keyed(make([]byte, spool.FrameBytes(len(a))+spool.FrameBytes(len(b))), key)
		_, end := put(t, frames, 0, string(a))
		put(t, frames, end, string(b))
		wantRecords(t, committed(frames), string(a), string(b))

		hit := int(at) % len(frames.Data())
		frames.Data()[hit] ^= flip
		got := committed(frames)
		if hit < end {
			wantLast(t, got, string(b))
		} else {
			wantFirst(t, got, string(a))
		}
	})
}

func wantFirst(t *testing.T, got []string, want string) {
	t.Helper()
	if len(got) == 0 || got[0] != want {
		t.Errorf("got %q, want %q first", got, want)
	}
}

func wantLast(t *testing.T, got []string, want string) {
	t.Helper()
	if len(got) == 0 || got[len(got)-1] != want {
		t.Errorf("got %q, want %q last", got, want)
	}
}
