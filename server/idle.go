package server

import (
	"time"

	"github.com/sentrial/sentrial-go/server/store"
)

// standardIdle is the default of [Config].SessionIdle.
const standardIdle = 30 * time.Minute

// idleBefore is the moment since which a session must have got something, or it is shown as abandoned.
func (s *Server) idleBefore() time.Time { return s.now().Add(-s.idle) }

// sessionBody is the JSON of a session as it is shown now.
func (s *Server) sessionBody(session *store.Session) sessionBody {
	b := newSessionBody(session)
	b.Status = session.StatusAt(s.idleBefore())
	return b
}
