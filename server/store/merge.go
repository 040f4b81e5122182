package store

import (
	"bytes"
	"encoding/json"
	"maps"
)

// maxMetadata bounds a session's merged metadata, in bytes. Updates that would exceed it leave the metadata as it was; the event that
// carried them is stored all the same.
const maxMetadata = 1 << 20

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
