package sentrialtest

import (
	"cmp"
	"maps"

	"github.com/sentrial/sentrial-go/types"
)

// folded is a session in the making.
type folded struct {
	types.Session
	started bool // session_start has come: a further one acts as session_update
}

// fold makes sessions of events, in the order in which they appear, by the rules of the server: the first session_start fills what is unknown, session_update
// changes what it names, the first session_end says how it went and a later one fills what is still unknown. Metadata and metrics are merged by key.
func fold(events []types.Event) []types.Session {
	var all []*folded
	known := make(map[string]*folded)
	for i := range events {
		e := &events[i]
		s := known[e.SessionID]
		if s == nil {
			s = &folded{Session: types.Session{ID: e.SessionID, Status: types.StatusActive, CreatedAt: e.Timestamp}}
			known[e.SessionID], all = s, append(all, s)
		}
		s.apply(e)
		s.count(e)
	}
	sessions := make([]types.Session, 0, len(all))
	for _, s := range all {
		sessions = append(sessions, s.Session)
	}
	return sessions
}

func (s *folded) apply(e *types.Event) {
	if !s.started && e.Timestamp.Before(s.CreatedAt) {
		s.CreatedAt = e.Timestamp
	}
	switch c := changeOf(e); {
	case e.Type == types.EventSessionStart && !s.started:
		s.started, s.CreatedAt = true, e.Timestamp
		s.fill(&c)
	case e.Type == types.EventSessionStart, e.Type == types.EventSessionUpdate:
		s.update(&c)
	case e.Type == types.EventSessionEnd:
		s.end(e, &c)
	}
}

// fill takes from c what the session lacks.
func (s *folded) fill(c *change) {
	for _, f := range s.texts(c) {
		*f.have = cmp.Or(*f.have, f.said)
	}
	s.Input = orElse(s.Input, c.Input)
	if s.Tags == nil {
		s.Tags = c.Tags
	}
	s.Metadata = merged(c.metadata, s.Metadata)
}

// update takes from c what c says.
func (s *folded) update(c *change) {
	for _, f := range s.texts(c) {
		*f.have = cmp.Or(f.said, *f.have)
	}
	s.Input = orElse(c.Input, s.Input)
	if c.Tags != nil {
		s.Tags = c.Tags
	}
	s.conclude(c)
	s.Metadata = merged(s.Metadata, c.metadata)
}

// conclude takes from c what it says of the outcome.
func (s *folded) conclude(c *change) {
	s.Summary = cmp.Or(c.Summary, s.Summary)
	s.Output = orElse(c.Output, s.Output)
	s.Metrics = merged(s.Metrics, c.Metrics)
}

func (s *folded) end(e *types.Event, c *change) {
	if s.ClosedAt == nil {
		s.ClosedAt, s.Status = &e.Timestamp, cmp.Or(e.Status, types.StatusUnknown)
		s.conclude(c)
	}
	s.Summary = cmp.Or(s.Summary, c.Summary)
	s.Output = orElse(s.Output, c.Output)
	s.Input = orElse(s.Input, c.Input)
	s.Metrics = merged(c.Metrics, s.Metrics)
	s.Metadata = merged(s.Metadata, c.metadata)
}

type textField struct {
	have *string
	said string
}

func (s *folded) texts(c *change) [6]textField {
	return [...]textField{
		{&s.Name, c.Name},
		{&s.AgentName, c.AgentName},
		{&s.AgentVersion, c.AgentVersion},
		{&s.UserID, c.UserID},
		{&s.ConversationID, c.ConversationID},
		{&s.ParentSessionID, c.ParentSessionID},
	}
}

func orElse(a, b any) any {
	if a != nil {
		return a
	}
	return b
}

// merged has the members of both; those of over win.
func merged[V any](base, over map[string]V) map[string]V {
	if base == nil {
		return over
	}
	all := maps.Clone(base)
	maps.Copy(all, over)
	return all
}
