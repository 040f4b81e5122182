package jsonenc

import (
	"math"
	"strconv"
)

// appendDecimal appends a number that has at most six decimals, as prices and scores have,
// and tells whether f is one. Finding the shortest digits of any float takes twice as
// long.
//
// A decimal of at most 15 digits is the only one so short that gives its float back. So if
// one of them does, it is what the longer way would find.
func appendDecimal(dst []byte, f float64) (out []byte, ok bool) {
	const scale, most = 1_000_000, 1e9 // 9 digits before the point and 6 behind
	abs := math.Abs(f)
	if !(abs < most) { // or no number
		return dst, false
	}
	n := int64(abs*scale + 0.5)
	if n == 0 || float64(n)/scale != abs {
		return dst, false
	}
	if f < 0 {
		dst = append(dst, '-')
	}
	dst = strconv.AppendInt(dst, n/scale, 10)
	return appendMillionths(dst, n%scale), true
}

func appendMillionths(dst []byte, n int64) []byte {
	if n == 0 {
		return dst
	}
	high, low := n/1000, n%1000
	digits := [...]byte{
		'.', byte('0' + high/100), byte('0' + high/10%10), byte('0' + high%10),
		byte('0' + low/100), byte('0' + low/10%10), byte('0' + low%10),
	}
	end := len(digits)
	for digits[end-1] == '0' {
		end--
	}
	return append(dst, digits[:end]...)
}
