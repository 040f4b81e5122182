package types_test

import (
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/types"
)

func TestValidID(t *testing.T) {
	for id, want := range map[string]bool{
		"evt_0198f1c2-0000-7000-8000-000000000000": true,
		"a":                      true,
		"Z9_.:-":                 true,
		strings.Repeat("x", 128): true,
		strings.Repeat("x", 129): false,
		"":                       false,
		"a b":                    false,
		"a/b":                    false,
		"a\n":                    false,
		"é":                      false,
		"a\x00":                  false,
	} {
		if got := types.ValidID(id); got != want {
			t.Errorf("ValidID(%q) = %v", id, got)
		}
	}
}

func TestEventTypeValid(t *testing.T) {
	for eventType, want := range map[types.EventType]bool{
		"session_alias": true,
		"a":             true,
		"a0_":           true,
		"z" + types.EventType(strings.Repeat("_", 63)): true,
		"z" + types.EventType(strings.Repeat("_", 64)): false,
		"":          false,
		"_a":        false,
		"0a":        false,
		"Tool_call": false,
		"tool-call": false,
		"tool call": false,
		"é":         false,
	} {
		if got := eventType.Valid(); got != want {
			t.Errorf("EventType(%q).Valid() = %v", eventType, got)
		}
	}
}

func TestEventTypeKnown(t *testing.T) {
	for _, eventType := range knownTypes {
		if !eventType.Known() || !eventType.Valid() {
			t.Errorf("%q: known %v, valid %v", eventType, eventType.Known(), eventType.Valid())
		}
		if event := unmarshal[types.Event](t, `{"type":"`+string(eventType)+`"}`); event.Raw != nil {
			t.Errorf("%q is known, but was read as an unknown type", eventType)
		}
	}
	for _, eventType := range []types.EventType{"", "session_alias", "handoff"} {
		if eventType.Known() {
			t.Errorf("%q is known", eventType)
		}
	}
}
