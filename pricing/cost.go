package pricing

import (
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// Cost is an exact amount of money in picodollars (1e-12 USD), never negative.
type Cost int64

const (
	picodollarDigits = 12
	dollar           = 1e12

	exactFloat = 1 << 53 // up to here every integer is a float64
)

// Picodollars is the whole amount in 1e-12 USD.
func (c Cost) Picodollars() int64 { return int64(c) }

// USD is the float64 nearest to the amount in US dollars: it is rounded once.
func (c Cost) USD() float64 {
	if c <= exactFloat {
		return float64(c) / dollar // both are exact, so the division alone rounds
	}
	usd, _ := strconv.ParseFloat(decimal(int64(c), picodollarDigits), 64)
	return usd
}

// Decimal is all digits of the amount in US dollars, such as "0.003702".
func (c Cost) Decimal() string { return decimal(int64(c), picodollarDigits) }

// String is the amount with all its digits and at least cents, such as "$0.003702" or "$3.00".
func (c Cost) String() string { return dollars(int64(c), picodollarDigits) }

// times is the cost of that many tokens; ok is false when it is more than a Cost can hold. tokens is not negative.
func (r Rate) times(tokens int) (c Cost, ok bool) {
	hi, lo := bits.Mul64(uint64(r.picodollars), uint64(tokens))
	return Cost(lo), hi == 0 && lo <= math.MaxInt64
}

// plus is the sum; ok is false when it is more than a Cost can hold.
func (c Cost) plus(d Cost) (sum Cost, ok bool) {
	s, carry := bits.Add64(uint64(c), uint64(d), 0)
	return Cost(s), carry == 0 && s <= math.MaxInt64
}

// decimal writes n / 10^places without zeros at the end.
func decimal(n int64, places int) string {
	digits := strconv.FormatInt(n, 10)
	if missing := places + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	whole, fraction := digits[:len(digits)-places], strings.TrimRight(digits[len(digits)-places:], "0")
	if fraction == "" {
		return whole
	}
	return whole + "." + fraction
}

// dollars is decimal with a dollar sign, commas and at least two places.
func dollars(n int64, places int) string {
	whole, fraction, _ := strings.Cut(decimal(n, places), ".")
	for len(fraction) < 2 {
		fraction += "0"
	}
	return "$" + grouped(whole) + "." + fraction
}

// grouped puts commas between the thousands.
func grouped(digits string) string {
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}
