package server

import "time"

// sessionIdle is how long an active session may be silent before it is shown as abandoned.
const sessionIdle = 30 * time.Minute

// idleBefore is the moment since which an active session must have got something.
func (s *Server) idleBefore() time.Time { return s.now().Add(-sessionIdle) }
