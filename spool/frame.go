package spool

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

// FrameHeader is how far behind its place the payload of a frame begins.
const FrameHeader = 16

const (
	frameAlign = 8

	atSize  = 0
	atCheck = 4
	atCRC   = 8
	atState = 12
)

// Words of a frame's state: one byte four times over.
const (
	wordCommitted = uint32(Committed) * 0x01010101
	wordSettled   = uint32(Settled) * 0x01010101
	wordSent      = uint32(Sent) * 0x01010101
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Frames are the records in a data area. The caller keeps the places: the first frame is at 0, the next one [FrameBytes] further.
//
// Any number of goroutines may call Put, Commit and the others at once, each for places of its own. None of them allocates, locks or, where files can be mapped, makes
// a system call.
type Frames struct {
	data    []byte
	key     uint32
	summed  bool     // there is a file behind the data: checksums are worth their time
	through *Segment // where files cannot be mapped: takes what was written to the file
}

// Plain gives frames in memory with no file behind it, which need no checksums. The area must be zero.
func Plain(data []byte) Frames { return Frames{data: data} }

// FrameBytes is how much of the data area a record of size bytes takes.
func FrameBytes(size int) int {
	return (FrameHeader + size + frameAlign - 1) &^ (frameAlign - 1)
}

// Clone gives the same frames in a copy of the data: nobody can make that shorter, as they can a file. It has no file behind it.
func (f Frames) Clone() (Frames, error) {
	f.through = nil
	err := Guard(func() { f.data = bytes.Clone(f.data) })
	return f, err
}

// Data is the whole area.
func (f Frames) Data() []byte { return f.data }

// Put takes the place at for a record of size bytes and returns it to be filled. It returns nil when size is not above 0, the area is too
// small, or no frame can be at that place.
func (f Frames) Put(at, size int) []byte {
	if size <= 0 || at < 0 || at%frameAlign != 0 || at > len(f.data)-FrameHeader || size > len(f.data)-FrameHeader-at {
		return nil
	}
	word := uint64(f.check(at, uint32(size)))<<32 | uint64(uint32(size))
	binary.LittleEndian.PutUint64(f.data[at:], word) // at one stroke where words have 64 bits: a kill leaves both or none
	return f.payload(at, size)
}

// Commit says that the record at is whole. It must have been Put.
func (f Frames) Commit(at int) {
	if f.summed {
		h := f.data[at : at+FrameHeader]
		size := int(binary.LittleEndian.Uint32(h[atSize:]))
		sum := crc32.Update(binary.LittleEndian.Uint32(h[atCheck:]), castagnoli, f.payload(at, size))
		binary.LittleEndian.PutUint32(h[atCRC:], sum)
	}
	f.setState(at, wordCommitted) // last: the kernel sees what a process wrote in order
	if f.through != nil {
		f.through.write(at, len(f.record(at)))
	}
}

// Settle says that the record at is not to be delivered again.
func (f Frames) Settle(at int) { f.become(at, wordSettled) }

// MarkSent says that the record at is being handed to a server that might store it twice if it were delivered again: whoever finds it later knows that nobody
// knows what became of it. Commit takes that back.
func (f Frames) MarkSent(at int) { f.become(at, wordSent) }

func (f Frames) become(at int, word uint32) {
	f.setState(at, word)
	if f.through != nil {
		f.through.write(at+atState, 4)
	}
}

// Payload is the record at, which must have been Put.
func (f Frames) Payload(at int) []byte { return f.record(at)[FrameHeader:] }

// record is the frame at with its header.
func (f Frames) record(at int) []byte {
	end := at + FrameHeader + int(binary.LittleEndian.Uint32(f.data[at+atSize:]))
	return f.data[at:end:end]
}

func (f Frames) payload(at, size int) []byte {
	start := at + FrameHeader
	return f.data[start : start+size : start+size]
}

func (f Frames) setState(at int, word uint32) {
	binary.LittleEndian.PutUint32(f.data[at+atState:], word)
}

// check is different for any two sizes at one place, as multiplying by an odd number loses nothing. It is never 0, as no size has the highest bit: zeros are no frame.
func (f Frames) check(at int, size uint32) uint32 {
	return (size ^ (f.key + uint32(at) | 1<<31)) * 0x9E3779B1
}
