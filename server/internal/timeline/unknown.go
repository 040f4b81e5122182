package timeline

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/format"
	"github.com/sentrial/sentrial-go/types"
)

// other is an event of a type that this version does not know: its name and its fields as they came.
func (d *drawer) other(e types.Event) entry {
	return entry{
		title: d.heading(e, cmp.Or(string(e.Type), "event")),
		facts: d.fact(console.None, format.Preview(unknownFields(e))),
	}
}

// envelope names the fields that every event has and the server's own: they say nothing about what happened.
var envelope = []string{
	"id", "type", "session_id", "parent_id", "seq", "timestamp", "duration_ms", "status", "trace_id", "span_id",
	"metadata", "position", "received_at", "client_id",
}

func unknownFields(e types.Event) any {
	fields := map[string]any{}
	var raw map[string]json.RawMessage
	if json.Unmarshal(e.Raw, &raw) != nil {
		raw = e.Extra
	}
	for name, value := range raw {
		if !slices.Contains(envelope, name) {
			fields[name] = value
		}
	}
	maps.DeleteFunc(fields, func(_ string, v any) bool { return v == nil })
	if len(fields) == 0 {
		return nil
	}
	return fields
}
