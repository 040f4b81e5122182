package sentrial

import (
	"bytes"
	"encoding/json"
	"time"
)

// withholdNotes leaves of notes on what was not kept as it came nothing but its JSON type and size, unless it is a number.
func (s *scratch) withholdNotes() {
	if !s.withholds() {
		return
	}
	for i := range s.notes {
		s.notes[i].value = withheldNote(s.notes[i].value)
	}
}

func (s *scratch) withholds() bool { return s.mode != ContentFull || s.bare }

func withheldNote(value any) any {
	switch v := value.(type) {
	case error:
		return map[string]any{"type": errorType(v)}
	case string:
		if _, err := time.ParseDuration(v); err == nil {
			return v
		}
		return map[string]any{"type": "string"}
	case json.RawMessage:
		if t := jsonType(v); t != "number" || len(v) > longestNumber {
			return map[string]any{"type": t, "bytes": len(v)}
		}
	}
	return value
}

// longestNumber is what a float64 takes at most.
const longestNumber = 25

func jsonType(value json.RawMessage) string {
	if !json.Valid(value) {
		return "invalid"
	}
	switch value = bytes.TrimLeft(value, " \t\r\n"); value[0] {
	case '{':
		return "object"
	case '[':
		return "array"
	case '"':
		return "string"
	case 't', 'f':
		return "boolean"
	case 'n':
		return "null"
	}
	return "number"
}
