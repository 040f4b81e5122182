package store

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"github.com/sentrial/sentrial-go/types"
)

// maxMetadata bounds a session's merged metadata, in bytes. Updates that would exceed it leave the metadata as it was; the event that
// carried them is stored all the same.
const maxMetadata = 1 << 20

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

// contains reports whether all has the members of some.
func contains(all, some map[string]json.RawMessage) bool {
	for key, value := range some {
		if have, ok := all[key]; !ok || !bytes.Equal(have, value) {
			return false
		}
	}
	return true
}

// merge returns the members of both objects; those of over win. Values stay as they were written, and the whole does when over adds nothing.
func merge(base, over json.RawMessage) json.RawMessage {
	if len(over) == 0 {
		return bytes.Clone(base)
	}
	if len(base) == 0 {
		return bytes.Clone(over)
	}
	var members, said map[string]json.RawMessage
	if json.Unmarshal(base, &members) != nil || json.Unmarshal(over, &said) != nil || contains(members, said) {
		return bytes.Clone(base)
	}
	if members == nil { // null
		return bytes.Clone(over)
	}
	maps.Copy(members, said)
	if out := written(members); out != nil && len(out) <= maxMetadata {
		return out
	}
	return bytes.Clone(base)
}

// complete is merge that keeps the members of have.
func complete(have, more json.RawMessage) json.RawMessage {
	var members, said map[string]json.RawMessage
	if len(have) == 0 || len(more) == 0 || json.Unmarshal(have, &members) != nil || json.Unmarshal(more, &said) != nil {
		return merge(have, more)
	}
	maps.DeleteFunc(said, func(key string, _ json.RawMessage) bool { _, known := members[key]; return known })
	return merge(have, written(said))
}

// written is members as JSON, their values as they were written; nil if that is impossible.
func written(members map[string]json.RawMessage) json.RawMessage {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if enc.Encode(members) != nil {
		return nil
	}
	return bytes.TrimSpace(out.Bytes())
}
