package server

import (
	"context"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
)

const (
	// gapsAfter is how long a session that goes on must have been silent before what is missing is called missing.
	gapsAfter = time.Minute
	mostGaps  = 100
)

// gapBody is a range of a client's sequence numbers that never came.
type gapBody struct {
	ClientID string `json:"client_id"` // "" = of events without a client
	First    int64  `json:"first"`
	Last     int64  `json:"last"`
}

// gaps are what is missing in a session that is over, or silent.
func (s *Server) gaps(ctx context.Context, session *store.Session) ([]gapBody, error) {
	if session.ClosedAt.IsZero() && s.now().Sub(session.LastReceivedAt) < gapsAfter {
		return nil, nil
	}
	found, err := s.store.Gaps(ctx, session.Project, session.ID, mostGaps)
	if err != nil {
		return nil, err
	}
	bodies := make([]gapBody, 0, len(found.First))
	for _, g := range found.First {
		bodies = append(bodies, gapBody{g.ClientID, g.First, g.Last})
	}
	return bodies, nil
}
