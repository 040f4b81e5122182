package sentrial

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
)

// WithSampleRate chooses how many of the sessions are recorded: 1 is all, 0.1 about one in ten, 0 none. Default: SENTRIAL_SAMPLE_RATE, else 1. A rate outside of 0
// to 1 makes New fail.
//
// A session is recorded as a whole or not at all, and its id alone decides, so that all processes with one rate agree on it, and those with a higher rate record
// all that one with a lower rate does: the first 8 bytes of the id's SHA-256, as a big-endian integer, are less than rate times 2^64. In Python:
//
//	int.from_bytes(hashlib.sha256(session_id.encode()).digest()[:8], "big") < rate * 2**64
//
// A session created inside another's context has an id of its own, which decides about it alone.
//
// Of a session that is left out nothing is sent. The helpers run their functions all the same, Inject hands the session on, ids of events are empty, and
// Stats.Refused counts each event as DropSampled. Neither a redactor nor a hook nor OnDrop hears of them, and nothing is logged.
func WithSampleRate(rate float64) Option {
	return clientOption(func(c *config) { c.sampleRate = rate })
}

const wantRate = "a number from 0 (no session) to 1 (every session)"

func isRate(rate float64) bool { return rate >= 0 && rate <= 1 } // NaN is not

// leftOut tells whether a session is not among those that are recorded at this rate.
func leftOut(sessionID string, rate float64) bool {
	if rate >= 1 {
		return false
	}
	sum := sha256.Sum256([]byte(sessionID))
	return binary.BigEndian.Uint64(sum[:]) >= uint64(math.Ceil(math.Ldexp(rate, 64))) // exact: below 1 a float64 leaves 11 of 64 bits zero
}

// refuses tells whether an event is not recorded because its session is not, and counts it.
func (c *Client) refuses(st *sessionState) bool {
	if st.leftOut {
		c.buffer.countRefused(DropSampled)
	}
	return st.leftOut
}
