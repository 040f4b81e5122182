package store

import (
	"encoding/json"

	"github.com/sentrial/sentrial-go/types"
)

// Change is what an event about the session itself says of it. Empty fields say nothing.
type Change struct {
	Name            string
	AgentName       string
	AgentVersion    string
	UserID          string
	ConversationID  string
	ParentSessionID string
	Input           json.RawMessage
	Tags            []string // nil = absent, empty = none
	Metadata        json.RawMessage

	// Of session_update and session_end; the status is the event's.
	Summary string
	Output  json.RawMessage
	Metrics json.RawMessage
}

// ReadChange reads what the JSON of an event says of its session, nil when it is of a type that says nothing. It is for events that were
// checked before they were stored: what is not of its kind is passed over.
func ReadChange(kind types.EventType, raw json.RawMessage) *Change {
	var members map[string]json.RawMessage
	c := new(Change)
	fields := c.fields(kind)
	if fields == nil || json.Unmarshal(raw, &members) != nil {
		return nil
	}
	for name, field := range fields {
		if value := members[name]; string(value) != "null" {
			read(value, field)
		}
	}
	return c
}

func read(value json.RawMessage, field any) {
	switch field := field.(type) {
	case *json.RawMessage:
		*field = value
	default:
		_ = json.Unmarshal(value, field)
	}
}

// fields are those that an event of that type may have, by their names on the wire.
func (c *Change) fields(kind types.EventType) map[string]any {
	switch kind {
	case types.EventSessionStart:
		return c.description()
	case types.EventSessionUpdate:
		return c.outcome(c.description())
	case types.EventSessionEnd:
		return c.outcome(map[string]any{"input": &c.Input, "metadata": &c.Metadata})
	}
	return nil
}

func (c *Change) description() map[string]any {
	return map[string]any{
		"name": &c.Name, "agent_name": &c.AgentName, "agent_version": &c.AgentVersion, "user_id": &c.UserID, "conversation_id": &c.ConversationID,
		"parent_session_id": &c.ParentSessionID, "input": &c.Input, "tags": &c.Tags, "metadata": &c.Metadata,
	}
}

func (c *Change) outcome(fields map[string]any) map[string]any {
	fields["summary"], fields["output"], fields["metrics"] = &c.Summary, &c.Output, &c.Metrics
	return fields
}
