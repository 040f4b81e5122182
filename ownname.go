package sentrial

import (
	"encoding/json"
	"time"

	"github.com/sentrial/sentrial-go/types"
)

// mayStand tells whether a field that came as an unknown one may stand under the name of a known one: it must be what the field would be, because a server
// refuses the whole event for a field of the wrong kind.
func mayStand(t types.EventType, name string, value json.RawMessage) bool {
	object, err := json.Marshal(map[string]any{"type": t, name: value})
	var e types.Event
	if err != nil || json.Unmarshal(object, &e) != nil {
		return false
	}
	e.Raw, e.Extra = nil, nil // names that the type does not own may stand for anything
	if e.Timestamp.IsZero() {
		e.Timestamp = time.Unix(0, 0)
	}
	return allKept(&e)
}

// allKept tells whether nothing of an event would be left out. It is a variable because snapshot itself asks mayStand, and a recursion would cost every caller
// of it allocations.
var allKept func(e *types.Event) bool

func init() {
	allKept = func(e *types.Event) bool {
		s := newScratch()
		defer s.free()
		s.snapshot(payloadOf(e), e, 0)
		return len(s.notes) == 0
	}
}
