package store

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/sentrial/sentrial-go/types"
)

// Fold applies what an accepted event says about the session itself; counting is apart ([Session.Count]). Events may come in any order:
//   - the first session_start sets CreatedAt and fills what is still absent, a further one acts as session_update;
//   - session_update changes what it names and merges metadata and metrics by key;
//   - the first session_end closes the session and says how it went; a further one only fills what is absent (metrics by key; metadata
//     it merges), as any does with the session's input, and nothing reopens a session;
//   - until session_start came, CreatedAt is the earliest timestamp seen.
//
// It reports whether anything but the counters changed. It keeps no memory of e.
func (s *Session) Fold(e *Event) (changed bool) {
	if !s.Started && (s.CreatedAt.IsZero() || e.Timestamp.Before(s.CreatedAt)) {
		s.CreatedAt, changed = e.Timestamp, true
	}
	if e.Change == nil {
		return changed
	}
	switch e.Type {
	case types.EventSessionStart:
		s.start(e)
	case types.EventSessionUpdate:
		s.update(e.Change)
	case types.EventSessionEnd:
		s.end(e)
	}
	if s.ParentSessionID == s.ID { // one that became part of its parent
		s.ParentSessionID = ""
	}
	return true
}

func (s *Session) start(e *Event) {
	if s.Started {
		s.update(e.Change)
		return
	}
	s.Started, s.CreatedAt = true, e.Timestamp
	s.fill(e.Change)
}

// fill takes from c what the session lacks.
func (s *Session) fill(c *Change) {
	for _, f := range s.texts(c) {
		if *f.have == "" {
			*f.have = f.said
		}
	}
	if s.Input == nil {
		s.Input = bytes.Clone(c.Input)
	}
	if s.Tags == nil {
		s.Tags = slices.Clone(c.Tags)
	}
	s.Metadata = complete(s.Metadata, c.Metadata)
}

// update takes from c what c says.
func (s *Session) update(c *Change) {
	for _, f := range s.texts(c) {
		if f.said != "" {
			*f.have = f.said
		}
	}
	if c.Input != nil {
		s.Input = bytes.Clone(c.Input)
	}
	if c.Tags != nil {
		s.Tags = slices.Clone(c.Tags)
	}
	s.conclude(c)
	s.Metadata = merge(s.Metadata, c.Metadata)
}

// conclude takes from c what it says of the outcome.
func (s *Session) conclude(c *Change) {
	s.Summary = cmp.Or(c.Summary, s.Summary)
	if c.Output != nil {
		s.Output = bytes.Clone(c.Output)
	}
	s.Metrics = merge(s.Metrics, c.Metrics)
}

func (s *Session) end(e *Event) {
	if s.ClosedAt.IsZero() {
		s.ClosedAt, s.Status = e.Timestamp, cmp.Or(e.Status, types.StatusUnknown)
		s.conclude(e.Change)
	}
	s.Summary = cmp.Or(s.Summary, e.Change.Summary)
	if s.Output == nil {
		s.Output = bytes.Clone(e.Change.Output)
	}
	if s.Input == nil {
		s.Input = bytes.Clone(e.Change.Input)
	}
	s.Metrics = complete(s.Metrics, e.Change.Metrics)
	s.Metadata = merge(s.Metadata, e.Change.Metadata)
}

type textField struct {
	have *string
	said string
}

func (s *Session) texts(c *Change) [6]textField {
	return [...]textField{
		{&s.Name, c.Name},
		{&s.AgentName, c.AgentName},
		{&s.AgentVersion, c.AgentVersion},
		{&s.UserID, c.UserID},
		{&s.ConversationID, c.ConversationID},
		{&s.ParentSessionID, c.ParentSessionID},
	}
}
