package hiviumtest

import (
	"encoding/json"
	"time"
)

// Run is one of an agent of the platform's.
type Run struct {
	ID         string          `json:"id"` // "" = one is made
	AgentSlug  string          `json:"agent_slug"`
	Status     string          `json:"status"`
	CostUSD    float64         `json:"cost_usd"`
	Tokens     any             `json:"tokens,omitempty"` // a number, or counts by name
	Error      any             `json:"error"`            // nil = none; a text, or an object
	Output     json.RawMessage `json:"output,omitempty"`
	CreatedAt  time.Time       `json:"created_at"` // zero = now
	StartedAt  time.Time       `json:"started_at,omitzero"`
	FinishedAt time.Time       `json:"finished_at,omitzero"`
	number     int
}

// AddRun is a run that took place, and gives its ID. One of the ID of another run is that run as it is now.
func (s *Server) AddRun(r Run) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.CreatedAt.IsZero() {
		r.CreatedAt = time.Now().UTC()
	}
	for i, old := range s.runs {
		if old.ID == r.ID {
			r.number = old.number
			s.runs[i] = &r
			return r.ID
		}
	}
	id, number := s.newID("run")
	if r.ID == "" {
		r.ID = id
	}
	r.number = number
	s.runs = append(s.runs, &r)
	return r.ID
}

func (s *Server) listRuns(x *exchange) (any, *refusal) {
	q := x.r.URL.Query()
	from, refused := since(q, "since")
	if refused != nil {
		return nil, refused
	}
	if refused := oneOf(q, "status", "queued", "running", "succeeded", "failed", "awaiting_approval"); refused != nil {
		return nil, refused
	}
	return page(x, s.runs, func(r *Run) int { return r.number }, func(r *Run) bool {
		return same(q.Get("agent_slug"), r.AgentSlug) && same(q.Get("status"), r.Status) && !r.CreatedAt.Before(from)
	})
}
