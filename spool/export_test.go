package spool

// The layer beneath a directory, for tests that put one of their own there.
type (
	Disk  = disk
	File  = file
	Entry = entry
)

var (
	ErrBusy = errBusy
	NewName = newName
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
