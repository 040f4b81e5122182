package otelbridge

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	sentrial "github.com/sentrial/sentrial-go"
)

// refusedError says that a client did not take all spans.
type refusedError struct {
	refused, total int
	reasons        []sentrial.DropReason
}

func (e *refusedError) Error() string {
	names := make([]string, len(e.reasons))
	for i, reason := range e.reasons {
		names[i] = string(reason)
	}
	return fmt.Sprintf("otelbridge: the client refused %d of %d spans: %s", e.refused, e.total, strings.Join(names, ", "))
}

// Unwrap gives sentrial.ErrClosed where that is the reason.
func (e *refusedError) Unwrap() error {
	if slices.Contains(e.reasons, sentrial.DropClosed) {
		return sentrial.ErrClosed
	}
	return nil
}

// reasons finds out why a client refused events, from its counts before and now. Record itself says nothing but that it refused, and so does a client that was
// made to record nothing, or has left the session out of its sample: neither is an error, and no reason comes back. When others use the client at the same time
// their refusals are among the reasons.
func reasons(before, now map[sentrial.DropReason]uint64) (found []sentrial.DropReason) {
	for _, reason := range slices.Sorted(maps.Keys(now)) {
		if now[reason] > before[reason] && reason != sentrial.DropSampled {
			found = append(found, reason)
		}
	}
	return found
}
