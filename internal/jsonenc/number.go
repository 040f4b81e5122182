package jsonenc

import (
	"encoding/json"
	"math"
	"strconv"
	"time"
)

// AppendFloat appends f as encoding/json does: the shortest digits that give f back, with
// an exponent below 1e-6 and from 1e21 on. NaN and infinities become a marker.
func AppendFloat(dst []byte, f float64) []byte {
	// Whole numbers are common and many times cheaper as integers. -0 keeps its sign.
	if i := int64(f); float64(i) == f && i < 1<<53 && i > -1<<53 && (i != 0 || !math.Signbit(f)) {
		return strconv.AppendInt(dst, i, 10)
	}
	if short, ok := appendDecimal(dst, f); ok {
		return short
	}
	return appendFloatBits(dst, f, 64)
}

// appendFloatBits appends a float of 32 or 64 bits.
func appendFloatBits(dst []byte, f float64, bits int) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return AppendMarker(dst, strconv.FormatFloat(f, 'g', -1, bits), "float"+strconv.Itoa(bits))
	}
	if !wantsExponent(math.Abs(f), bits) {
		return strconv.AppendFloat(dst, f, 'f', -1, bits)
	}
	dst = strconv.AppendFloat(dst, f, 'e', -1, bits)
	// JSON's readers expect e-9 where strconv writes e-09.
	if n := len(dst); dst[n-4] == 'e' && dst[n-3] == '-' && dst[n-2] == '0' {
		dst[n-2] = dst[n-1]
		dst = dst[:n-1]
	}
	return dst
}

func wantsExponent(abs float64, bits int) bool {
	if bits == 32 {
		abs32 := float32(abs)
		return abs32 != 0 && (abs32 < 1e-6 || abs32 >= 1e21)
	}
	return abs != 0 && (abs < 1e-6 || abs >= 1e21)
}

// appendNumber appends the literal as it is; an empty one is 0, as in encoding/json.
func appendNumber(dst []byte, n json.Number) []byte {
	if n == "" {
		return append(dst, '0')
	}
	if end, ok := NumberEnd(string(n), 0); !ok || end != len(n) {
		return AppendMarker(dst, reasonInvalid+"number literal "+strconv.Quote(clip(string(n))), "json.Number")
	}
	return append(dst, n...)
}

// AppendMilliseconds appends d as an unquoted number of milliseconds, rounded to whole
// microseconds: at most three decimals, without trailing zeros.
func AppendMilliseconds(dst []byte, d time.Duration) []byte {
	micros, rest := d/time.Microsecond, d%time.Microsecond
	if rest >= 500 {
		micros++
	} else if rest <= -500 {
		micros--
	}
	if micros < 0 {
		dst = append(dst, '-')
		micros = -micros
	}
	dst = strconv.AppendInt(dst, int64(micros/1000), 10)
	return appendThousandths(dst, int64(micros%1000))
}

func appendThousandths(dst []byte, n int64) []byte {
	if n == 0 {
		return dst
	}
	digits := [...]byte{'.', byte('0' + n/100), byte('0' + n/10%10), byte('0' + n%10)}
	end := len(digits)
	for digits[end-1] == '0' {
		end--
	}
	return append(dst, digits[:end]...)
}
