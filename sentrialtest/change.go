package sentrialtest

import (
	"encoding/json"
	"maps"

	"github.com/sentrial/sentrial-go/types"
)

// change is what an event about the session itself says of it.
type change struct {
	types.SessionFields
	types.SessionResult
	metadata map[string]any
}

// changeOf also reads what the SDK has no fields for, and other senders may say: an outcome in session_update, the input in session_end.
func changeOf(e *types.Event) change {
	c := change{metadata: e.Metadata}
	switch e.Type {
	case types.EventSessionUpdate:
		c.SessionResult = *reread(e, types.EventSessionEnd).Result
	case types.EventSessionEnd:
		c.Input = reread(e, types.EventSessionStart).Session.Input
	}
	if e.Session != nil {
		c.SessionFields = *e.Session
	}
	if e.Result != nil {
		c.SessionResult = *e.Result
	}
	return c
}

// reread reads the fields that an event's type does not know as those of another type. What is not of the kind that it should be says nothing.
func reread(e *types.Event, as types.EventType) (other types.Event) {
	fields := map[string]json.RawMessage{}
	maps.Copy(fields, e.Extra)
	fields["type"], _ = json.Marshal(as)
	text, err := json.Marshal(fields)
	if err != nil || json.Unmarshal(text, &other) != nil {
		_ = json.Unmarshal([]byte(`{"type":"`+string(as)+`"}`), &other)
	}
	return other
}
