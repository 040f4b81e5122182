package sentrial

import "math/bits"

// eightHex gives the eight hexadecimal digits of x as the bytes of a word, the first one lowest. It spreads the bytes, then their halves, and makes digits of all
// at once.
func eightHex(x uint32) uint64 {
	const each = 0x0101010101010101 // times a byte: that byte, eight times
	v := uint64(bits.ReverseBytes32(x))
	v = (v | v<<16) & 0x0000ffff_0000ffff
	v = (v | v<<8) & 0x00ff00ff_00ff00ff
	v = (v>>4 | v<<8) & 0x0f0f0f0f_0f0f0f0f
	letters := (v + 6*each) >> 4 & each // 1 where the digit is beyond 9
	return v + '0'*each + letters*('a'-'9'-1)
}
