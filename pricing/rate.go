package pricing

// Rate is the price of one token. The zero Rate is unknown, which is not the same as free.
type Rate struct {
	picodollars int64 // of one token, never negative
	known       bool
}

// perMillion is how many picodollars of one token make one dollar of a million tokens.
const perMillion = 1_000_000

// maxRate is a hundred thousand dollars for a million tokens, in picodollars of one token: far above any price, and low enough to multiply with.
const maxRate = 100_000 * perMillion

// Known tells whether there is a price; one of 0 is known.
func (r Rate) Known() bool { return r.known }

// Picodollars is the price of one token in 1e-12 USD, 0 if it is unknown.
func (r Rate) Picodollars() int64 { return r.picodollars }

// Decimal is the price of a million tokens in dollars with all its digits, such as "0.0375"; "" if it is unknown.
func (r Rate) Decimal() string {
	if !r.known {
		return ""
	}
	return decimal(r.picodollars, 6)
}

// String is the price of a million tokens, such as "$3.00" or "$0.0375", or "unknown".
func (r Rate) String() string {
	if !r.known {
		return "unknown"
	}
	return dollars(r.picodollars, 6)
}
