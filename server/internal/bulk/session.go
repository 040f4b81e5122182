package bulk

import (
	"bytes"
	"encoding/json"
)

// sessionsOf are the sessions that an event is about: its own, and the one that it gives another name.
func sessionsOf(raw []byte) (ids []string) {
	for _, name := range []string{"session_id", "into"} {
		if !bytes.Contains(raw, []byte(`"`+name+`"`)) {
			continue
		}
		var id string
		if json.Unmarshal(member(raw, name), &id) == nil {
			ids = append(ids, id)
		}
	}
	return ids
}
