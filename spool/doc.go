// Package spool keeps slabs of records in files, so that what a process wrote survives it.
//
// A slab is a fixed area of bytes into which records are put one behind the other. Its file is mapped into memory: writing a record is copying it, without a
// system call, and once [Frames.Commit] has returned the record is the kernel's. It is there after a panic, an os.Exit and a kill -9. [Segment.Sync] carries it to
// the disk, so that it also survives a power cut.
//
//	dir, err := spool.Open("/var/lib/agent/spool", spool.Options{})
//	segment, err := dir.Create(512 << 10)
//	frames := segment.Frames()
//	copy(frames.Put(0, len(record)), record)
//	frames.Commit(0)
//	...
//	frames.Settle(0)       // delivered: nobody is to send it again
//	err = segment.Remove() // all of them are; or Reuse, which costs a tenth
//
// What processes left that are gone is found by [Dir.Orphans]. Each file is locked for as long as its process lives, by the system itself, so that no two processes
// have the same one, and nobody waits for a lock file that a dead process left.
//
// # What is in a file
//
// A file is a header of 128 bytes and the data area. All integers are little endian. The header is 64 bytes, twice, so that one damaged byte does not cost the
// file:
//
//	 0 magic "SNTRLSPL"
//	 8 version u16, 1
//	10 size of both headers u16, 128
//	12 size of the data area u32
//	16 created i64, nanoseconds since 1970
//	24 process u32
//	28 key u32, random
//	32 reserved, zero
//	60 crc32c u32 of the 60 bytes before it
//
// Frames follow, each at a multiple of 8 bytes after the one before it:
//
//	 0 size u32 of the payload; 0 is the end of the data
//	 4 check u32 of size, place and key: (size XOR (key+place OR 1<<31)) * 0x9E3779B1
//	 8 crc32c u32 of the payload, begun with the check
//	12 state u32: 0 being written, 0x01010101 committed, 0x02020202 settled, 0x03030303 sent
//	16 payload
//
// Size and check are written when the place is taken, so a writer killed in the middle costs its own record and none behind it; of one killed just before that,
// zeros are left, which are passed over. The alignment lets them be written at one stroke, which neither a kill nor the end of a sector can cut in two. The check
// tells a frame from other bytes without reading the payload: after damage the next frame is found by it, and a payload that holds a frame of some other file is not
// taken for one. The state is a byte four times; three that agree count.
package spool
