package format

import (
	"math"
	"strconv"
)

// Unknown stands where a number was never reported: it is not zero.
const Unknown = "unknown"

// Count is n with a comma every three digits.
func Count(n int) string {
	s := strconv.Itoa(n)
	first := 0
	if n < 0 {
		first = 1
	}
	for at := len(s) - 3; at > first; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}

// Plural is Count(n) and the noun, with an s unless n is 1.
func Plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return Count(n) + " " + noun
}

// Bytes is n in the largest unit that leaves one or more: 640 B, 512 KiB, 1.5 MiB.
func Bytes(n int64) string {
	v, unit := float64(n), "B"
	for _, larger := range []string{"KiB", "MiB", "GiB", "TiB"} {
		if v < 1024 {
			break
		}
		v, unit = v/1024, larger
	}
	return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) + " " + unit
}

// Cost is an amount of US dollars, small ones with enough digits to be told from nothing; nil is Unknown.
func Cost(usd *float64) string {
	if usd == nil || math.IsNaN(*usd) || math.IsInf(*usd, 0) {
		return Unknown
	}
	if *usd < 0 {
		return "-" + dollars(-*usd)
	}
	return dollars(*usd)
}

func dollars(v float64) string {
	switch {
	case v == 0:
		return "$0"
	case v < 1e-9:
		return "<$0.000000001"
	case v >= 1:
		return "$" + strconv.FormatFloat(v, 'f', 2, 64)
	case v >= 0.01:
		return "$" + strconv.FormatFloat(v, 'f', 4, 64)
	}
	places := 1 - int(math.Floor(math.Log10(v))) // two significant digits
	return "$" + decimals(v, min(places, 9))
}

// Percent is a confidence of 0 to 1 as a percentage; nil is Unknown.
func Percent(p *float64) string {
	if p == nil || math.IsNaN(*p) || math.IsInf(*p, 0) {
		return Unknown
	}
	return decimals(*p*100, 1) + "%"
}

// Number is f as short as it can be written exactly.
func Number(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }
