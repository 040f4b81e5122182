package spool

import (
	"encoding/binary"
	"hash/crc32"
	"iter"
)

// State is what became of a record.
type State byte

const (
	Unfinished State = iota // its place was taken, and its writer did not come to the end
	Committed               // whole, to be delivered
	Settled                 // delivered or dropped
	Sent                    // whole, and handed to a server that might store it twice if it were delivered again
	Damaged                 // bytes that are not what was written
)

// String is the name of the state.
func (s State) String() string {
	switch s {
	case Unfinished:
		return "unfinished"
	case Committed:
		return "committed"
	case Settled:
		return "settled"
	case Sent:
		return "sent"
	}
	return "damaged"
}

// Frame is one record as a scan finds it.
type Frame struct {
	At      int
	State   State
	Payload []byte // of damaged bytes: all of them
}

// Counts are how many records are in which state. Damaged counts stretches of damaged bytes, each of one record or more.
type Counts struct {
	Committed, Settled, Sent, Unfinished, Damaged int
}

func (c *Counts) add(s State) {
	switch s {
	case Committed:
		c.Committed++
	case Settled:
		c.Settled++
	case Sent:
		c.Sent++
	case Unfinished:
		c.Unfinished++
	default:
		c.Damaged++
	}
}

// plus is both together.
func (c Counts) plus(o Counts) Counts {
	return Counts{c.Committed + o.Committed, c.Settled + o.Settled, c.Sent + o.Sent, c.Unfinished + o.Unfinished, c.Damaged + o.Damaged}
}

// left is how many records somebody has to do something about.
func (c Counts) left() int { return c.Committed + c.Sent }

// Count goes through all frames.
func (f Frames) Count() Counts {
	var c Counts
	for frame := range f.All() {
		c.add(frame.State)
	}
	return c
}

// All goes through the frames in order. It looks at each byte of the area a fixed number of times, whatever is in it: after damage it goes on at the next place
// that a frame can be told by its check.
func (f Frames) All() iter.Seq[Frame] {
	return func(yield func(Frame) bool) {
		for at := 0; at < len(f.data); {
			frame, next := f.scan(at)
			if next == 0 || !yield(frame) {
				return
			}
			at = next
		}
	}
}

// scan gives what is at a place and the place behind it, 0 at the end of the data.
func (f Frames) scan(at int) (Frame, int) {
	size, ok := f.header(at)
	if ok {
		return Frame{at, f.state(at, size), f.payload(at, size)}, min(at+FrameBytes(size), len(f.data))
	}
	next := at + frameAlign
	for ; next < len(f.data); next += frameAlign {
		if _, ok := f.header(next); ok {
			break
		}
	}
	next = min(next, len(f.data))
	lost := Frame{at, Damaged, f.data[at:next:next]}
	switch blank := isZero(lost.Payload); {
	case blank && next == len(f.data):
		return lost, 0
	case blank || begunOnly(lost.Payload):
		lost.State = Unfinished
	}
	return lost, next
}

// begunOnly tells of frames whose writers ended between the size and its check: nothing else is there, and not because the file ends.
func begunOnly(area []byte) bool {
	for len(area) >= FrameHeader {
		size := binary.LittleEndian.Uint32(area[atSize:])
		if uint64(size) > uint64(len(area)) || !isZero(area[atSize+4:min(FrameBytes(int(size)), len(area))]) {
			return false
		}
		area = area[min(FrameBytes(int(size)), len(area)):]
	}
	return isZero(area)
}

// mend takes damage that was counted out of the area, so that nobody counts it again.
func (f Frames) mend() {
	for frame := range f.All() {
		if frame.State != Damaged {
			continue
		}
		if _, ok := f.header(frame.At); ok {
			f.Settle(frame.At)
		} else {
			clear(frame.Payload)
		}
	}
}

// header tells whether a frame that fits begins at a place, by its check, and the size of its payload.
func (f Frames) header(at int) (size int, ok bool) {
	if at > len(f.data)-FrameHeader {
		return 0, false
	}
	n := binary.LittleEndian.Uint32(f.data[at+atSize:])
	if n == 0 || uint64(n) > uint64(len(f.data)-FrameHeader-at) {
		return 0, false
	}
	return int(n), binary.LittleEndian.Uint32(f.data[at+atCheck:]) == f.check(at, n)
}

func (f Frames) state(at, size int) State {
	s := stateOf(f.data[at+atState : at+atState+4])
	if (s == Committed || s == Sent) && f.summed && !f.intact(at, size) {
		return Damaged
	}
	return s
}

func (f Frames) intact(at, size int) bool {
	sum := crc32.Update(f.check(at, uint32(size)), castagnoli, f.payload(at, size))
	return sum == binary.LittleEndian.Uint32(f.data[at+atCRC:])
}

// stateOf is what three bytes of a state agree on.
func stateOf(word []byte) State {
	var votes [Damaged]int
	for _, b := range word {
		if b < byte(Damaged) {
			votes[b]++
		}
	}
	for s, n := range votes {
		if n >= 3 {
			return State(s)
		}
	}
	return Damaged
}

func isZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
