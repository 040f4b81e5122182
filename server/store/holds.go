package store

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"

	"github.com/sentrial/sentrial-go/types"
)

// Holds reports whether all that e, a session_update or session_end, says of the session is so already, its totals included: such an event
// tells nothing new. That [Session.Fold] would change nothing is not enough, for it leaves out what comes too late or does not fit.
func (s *Session) Holds(e *Event) bool {
	switch e.Type {
	case types.EventSessionUpdate:
	case types.EventSessionEnd:
		if s.ClosedAt.IsZero() || s.Status != cmp.Or(e.Status, types.StatusUnknown) {
			return false
		}
	default:
		return false
	}
	return s.counted(*e) && (e.Change == nil || s.says(e.Change))
}

// counted reports whether the counters would stay, the number of events aside.
func (s *Session) counted(e Event) bool {
	e.Settle(s.Counters)
	return e.Tokens == Tokens{} && e.Cost == nil
}

// says reports whether the session is as c tells.
func (s *Session) says(c *Change) bool {
	for _, f := range s.texts(c) {
		if f.said != "" && f.said != *f.have {
			return false
		}
	}
	return (c.Summary == "" || c.Summary == s.Summary) && said(s.Input, c.Input) && said(s.Output, c.Output) && s.tagged(c.Tags) &&
		includes(s.Metrics, c.Metrics) && includes(s.Metadata, c.Metadata)
}

func (s *Session) tagged(tags []string) bool {
	return tags == nil || s.Tags != nil && slices.Equal(s.Tags, tags)
}

func said(have, content json.RawMessage) bool { return content == nil || bytes.Equal(have, content) }

// includes reports whether the object all has the members of some; no object has none.
func includes(all, some json.RawMessage) bool {
	var members, wanted map[string]json.RawMessage
	if len(some) == 0 {
		return true
	}
	if json.Unmarshal(some, &wanted) != nil || len(all) > 0 && json.Unmarshal(all, &members) != nil {
		return false
	}
	return contains(members, wanted)
}
