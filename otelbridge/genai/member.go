package genai

import "encoding/json"

// member follows names through objects: member(raw, "usage", "input") is raw.usage.input; nil where there is none.
func member(raw json.RawMessage, path ...string) json.RawMessage {
	for _, name := range path {
		raw = objectIn(raw)[name]
	}
	if string(raw) == "null" {
		return nil
	}
	return raw
}

// first gives the first member that is there and not null.
func first(members map[string]json.RawMessage, names ...string) json.RawMessage {
	for _, name := range names {
		if raw := members[name]; len(raw) > 0 && string(raw) != "null" {
			return raw
		}
	}
	return nil
}

// firstText is first for texts that are not empty.
func firstText(members map[string]json.RawMessage, names ...string) string {
	for _, name := range names {
		if s, _ := stringIn(members[name]); s != "" {
			return s
		}
	}
	return ""
}

// value gives raw JSON as an any: nil where there is none, a text that holds JSON for what it spells.
func value(raw json.RawMessage) any {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	if s, ok := stringIn(raw); ok {
		return spelled(s)
	}
	return raw
}

// asWritten gives raw JSON as an attribute would have it: a text as itself, whatever it spells.
func asWritten(raw json.RawMessage) any {
	if s, ok := stringIn(raw); ok {
		return s
	}
	return value(raw)
}
