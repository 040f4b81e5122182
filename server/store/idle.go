package store

import (
	"time"

	"github.com/sentrial/sentrial-go/types"
)

// StatusAt is the session's status for who takes a session to be abandoned that is active and got nothing since idleBefore.
// The zero time abandons none.
func (s *Session) StatusAt(idleBefore time.Time) types.Status {
	if s.Status == types.StatusActive && s.LastReceivedAt.Before(idleBefore) {
		return types.StatusAbandoned
	}
	return s.Status
}
