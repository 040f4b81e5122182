package jsonenc

import (
	"encoding/binary"
	"math"
	"math/bits"
	"strconv"
)

const (
	// maxDecimals is how many decimals the short way writes: scores, prices and seconds
	// seldom have more.
	maxDecimals = 8
	decimalUnit = 1e8

	// maxExact is where a number gets more than 15 digits. Of decimals with up to 15 no two
	// are the same float64, so the one that gives f back is the shortest there is.
	maxExact = 1e15
)

// appendDecimal appends an f that is no whole number, if it is a decimal of few digits.
// That is many times cheaper than to look for the shortest of all decimals. The quotient
// of two whole numbers that a float64 holds exactly is rounded as a parser rounds, so the
// comparison proves that the digits give f back.
func appendDecimal(dst []byte, f float64) (out []byte, ok bool) {
	abs := math.Abs(f)
	if !(abs >= 1e-6 && abs < maxExact/decimalUnit) { // below, JSON wants an exponent; NaN is not in between
		return dst, false
	}
	n := uint64(abs*decimalUnit + 0.5)
	if float64(n)/decimalUnit != abs {
		return dst, false
	}
	if f < 0 {
		dst = append(dst, '-')
	}
	if whole := n / decimalUnit; whole < 10 {
		dst = append(dst, '0'+byte(whole))
	} else {
		dst = strconv.AppendUint(dst, whole, 10)
	}
	return appendFraction(dst, n%decimalUnit), true
}

// appendFraction appends a point and n, not 0, as eight decimals without the zeros at the end.
func appendFraction(dst []byte, n uint64) []byte {
	digits := eightDigits(n)
	zeros := bits.LeadingZeros64(digits) / 8
	dst = append(dst, '.')
	dst = binary.LittleEndian.AppendUint64(dst, digits|'0'*everyByte)
	return dst[:len(dst)-zeros]
}

// eightDigits spreads the decimal digits of n < 1e8 over the bytes of a word, the first
// one lowest: halves first, then pairs, then digits, all of a kind at once. A product's
// upper bits are the quotients: by 100 they are exact up to 9999, by 10 up to 99.
func eightDigits(n uint64) uint64 {
	const by100, by10 = 5243, 103 // over 1<<19 and 1<<10
	halves := n/10000 | n%10000<<32
	hundreds := halves * by100 >> 19 & 0x0000007f_0000007f
	pairs := hundreds | (halves-100*hundreds)<<16
	tens := pairs * by10 >> 10 & 0x000f000f_000f000f
	return tens | (pairs-10*tens)<<8
}
