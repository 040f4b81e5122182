package faultsink

import "net/http"

// Limits are what a request may have at most; a zero field is no limit.
type Limits struct {
	Events       int   `json:"max_events,omitempty"`
	WireBytes    int64 `json:"max_wire_bytes,omitempty"`    // of the body as it travels
	DecodedBytes int64 `json:"max_decoded_bytes,omitempty"` // of the body without its encoding
}

func (l Limits) exceededBy(x *Exchange) bool {
	wire, decoded := x.Sizes()
	return exceeded(int64(l.Events), int64(len(x.Events()))) || exceeded(l.WireBytes, wire) || exceeded(l.DecodedBytes, decoded)
}

func exceeded(limit, size int64) bool { return limit > 0 && size > limit }

// Limit answers 413 to batches above the limits, and names the limits in the reply where the protocol has a place for them.
func Limit(l Limits) Rule {
	return When(MoreThan(l), func(x *Exchange) {
		x.fail(http.StatusRequestEntityTooLarge, "the request is too large", &l)
	})
}
