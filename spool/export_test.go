package spool

import "slices"

// The layer beneath a directory, for tests that put one of their own there.
type (
	Disk  = disk
	File  = file
	Entry = entry
)

var (
	ErrBusy  = errBusy
	ErrBlank = errBlank
	NewName  = newName

	TouchPages = touchPages
)

const HeaderBytes = headerBytes

// OpenOn opens a directory on a layer of the test's own.
func OpenOn(open func() (Disk, error), o Options) (*Dir, error) { return newDir("test", open, o) }

// SystemDisk is the layer of a directory that Open opens.
func SystemDisk(dir string) (Disk, error) { return openDisk(dir) }

// FramesOf gives the frames in the content of a file.
func FramesOf(content []byte) (Frames, error) {
	h, err := decodeHeader(content[:min(headerBytes, len(content))])
	return framesOf(h, content), err
}

// Keyed gives the frames in data as if it were in a file with this key.
func Keyed(data []byte, key uint32) Frames { return Frames{data: data, key: key, summed: true} }

// HeadersBetween are contents of a file with one settled record as a process leaves it that is killed in Reuse.
func HeadersBetween(content []byte) [][]byte {
	half := slices.Clone(content)
	copy(half, unmagic)
	whole := slices.Clone(half)
	copy(whole[headerCopy:], unmagic)
	cleared := slices.Clone(whole)
	clear(cleared[headerBytes:])
	body := slices.Clone(cleared)
	copy(body[8:headerCopy], newHeader(len(content) - headerBytes).encode()[8:])
	first := slices.Clone(body)
	copy(first, magic)
	return [][]byte{half, whole, cleared, body, first}
}
