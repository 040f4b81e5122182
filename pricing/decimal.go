package pricing

import (
	"strconv"
	"strings"
)

// parseRate reads the price of a million tokens in dollars from the text of a JSON number, digit by digit. problem says what is wrong with it, "" if nothing is.
func parseRate(text string) (r Rate, problem string) {
	switch {
	case text == "" || text[0] != '-' && !isDigit(text[0]):
		return Rate{}, "want a number of dollars per million tokens, or null where the price is not known"
	case text[0] == '-':
		return Rate{}, "want a price of 0 or more"
	}
	digits, exponent, ok := scientific(text)
	if !ok {
		return Rate{}, "want a price such as 0.15"
	}
	digits = strings.TrimLeft(digits, "0")
	if digits == "" {
		return Rate{known: true}, ""
	}
	for exponent < 0 && digits[len(digits)-1] == '0' {
		digits, exponent = digits[:len(digits)-1], exponent+1
	}
	if exponent < 0 {
		return Rate{}, "want no more than six decimal places"
	}
	if len(digits)+exponent > 18 {
		return Rate{}, tooHigh
	}
	n, err := strconv.ParseInt(digits+strings.Repeat("0", exponent), 10, 64)
	if err != nil || n > maxRate {
		return Rate{}, tooHigh
	}
	return Rate{picodollars: n, known: true}, ""
}

const tooHigh = "want a price of at most 100000 dollars per million tokens"

// scientific takes a JSON number apart into digits and the power of ten that makes picodollars of a token of them.
func scientific(text string) (digits string, exponent int, ok bool) {
	exponent = 6 // dollars of a million tokens are a million picodollars of one
	if at := strings.IndexAny(text, "eE"); at >= 0 {
		e, err := strconv.Atoi(text[at+1:])
		if err != nil || e < -1000 || e > 1000 {
			return "", 0, false
		}
		text, exponent = text[:at], exponent+e
	}
	whole, fraction, _ := strings.Cut(text, ".")
	digits = whole + fraction
	return digits, exponent - len(fraction), strings.Trim(digits, "0123456789") == ""
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
