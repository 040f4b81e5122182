package faultsink

import (
	"slices"
	"time"
)

// crossing is how long after a reply a request with other events may still come: it can have been sent before the reply was read.
const crossing = 50 * time.Millisecond

// EarlyRetries returns the requests that came before the Retry-After of an earlier reply was over, whatever its status. More than five minutes need not be waited.
func (r Report) EarlyRetries() (early []Request) {
	waits := slices.DeleteFunc(slices.Clone(r.Requests), func(q Request) bool { return q.RetryAfter == 0 })
	for _, q := range r.Requests {
		if slices.ContainsFunc(waits, q.tooSoonAfter) {
			early = append(early, q)
		}
	}
	return early
}

func (r Request) tooSoonAfter(refused Request) bool {
	since := r.At.Sub(refused.Replied)
	return since > 0 && since < refused.RetryAfter && (since > crossing || r.resends(refused))
}

// resends tells whether events of the refused request are in this one: then its reply had been read.
func (r Request) resends(refused Request) bool {
	return slices.ContainsFunc(r.IDs, func(id string) bool { return slices.Contains(refused.IDs, id) })
}
