package sentrial

import "encoding/binary"

// likeness is for the encoder, which remembers what names the maps of a place had: those that one tool takes and gives are alike. It looks at both ends of the
// tool's name, which is as good as a hash here.
func likeness(name string) uint32 {
	var ends [16]byte
	copy(ends[:8], name)
	copy(ends[8:], name[max(0, len(name)-8):])
	both := binary.LittleEndian.Uint64(ends[:])*31 + binary.LittleEndian.Uint64(ends[8:])
	return uint32(both>>32) ^ uint32(both)
}
