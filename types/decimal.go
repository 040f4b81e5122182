package types

import (
	"strconv"
	"strings"
)

// decimal is the number that a text denotes, digits × 10^exponent, without zeros at either end of the digits; zero has none.
type decimal struct {
	negative bool
	digits   string
	exponent int
}

// maxExponent stands for every exponent beyond it: far outside what a float64 or a duration reaches, far inside int.
const maxExponent = 1 << 29

// parseDecimal takes a JSON number or what strconv.FormatFloat gives.
func parseDecimal(text string) decimal {
	text, negative := strings.CutPrefix(text, "-")
	mantissa, exponent := text, 0
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		mantissa = text[:i]
		exponent, _ = strconv.Atoi(text[i+1:]) // out of range gives the nearest int
		exponent = min(max(exponent, -maxExponent), maxExponent)
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	trimmed := strings.TrimRight(digits, "0")
	if trimmed == "" {
		return decimal{negative: negative}
	}
	return decimal{negative, trimmed, exponent - len(fraction) + len(digits) - len(trimmed)}
}

// scaled gives d × 10^power rounded to the nearest integer, halves away from zero; false means that it has more than 18 digits.
func (d decimal) scaled(power int) (int64, bool) {
	const maxDigits = 18 // always fit an int64
	shift := d.exponent + power
	kept := len(d.digits) + shift
	switch {
	case d.digits == "" || kept < 0:
		return 0, true
	case kept > maxDigits:
		return 0, false
	case shift >= 0:
		return d.signed(d.digits+strings.Repeat("0", shift), false), true
	default:
		return d.signed(d.digits[:kept], d.digits[kept] >= '5'), true
	}
}

func (d decimal) signed(digits string, roundUp bool) int64 {
	n, _ := strconv.ParseInt("0"+digits, 10, 64) // at most 18 digits: cannot fail
	if roundUp {
		n++
	}
	if d.negative {
		return -n
	}
	return n
}
