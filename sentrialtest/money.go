package sentrialtest

import (
	"math"
	"strconv"
	"strings"
)

// nanoUSD is an amount of money in billionths of a US dollar, as servers keep it: exact to add and to compare.
type nanoUSD int64

func nanoOf(usd float64) nanoUSD { return nanoUSD(math.Round(usd * 1e9)) }

func (n nanoUSD) usd() float64 { return float64(n) / 1e9 }

// String is the exact amount, such as $0.0125.
func (n nanoUSD) String() string {
	text := strconv.FormatFloat(n.usd(), 'f', 9, 64)
	return "$" + strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}
