package types_test

import (
	"encoding/json"
	"testing"

	"github.com/sentrial/sentrial-go/types"
)

const handoff = `{"to":"b","type":"handoff","id":"evt_1","seq":2.5,"timestamp":"2026-11-22T00:16:56.10Z","amount":12345678901234567890}`

func TestUnknownTypeComesBackAsItCame(t *testing.T) {
	data := `{"to":"b","type":"handoff","id":"evt_1","timestamp":"2026-11-22T00:16:56.10Z","duration_ms":1e1,"amount":12345678901234567890}`
	event := unmarshal[types.Event](t, data)
	if event.ID != "evt_1" || event.Timestamp.IsZero() || event.Type != "handoff" {
		t.Errorf("envelope not read: %+v", event)
	}
	if got := marshal(t, event); got != data {
		t.Errorf("got  %s\nwant %s", got, data)
	}
}

func TestUnknownTypeIsStillChecked(t *testing.T) {
	var event types.Event
	checkFieldError(t, json.Unmarshal([]byte(handoff), &event), "seq")
}

func TestUnknownTypeChanged(t *testing.T) {
	const data = `{"to":"b","type":"handoff","id":"evt_1","duration_ms":1e1,"status":"success","amount":12345678901234567890}`
	tests := []struct {
		name   string
		change func(*types.Event)
		want   string
	}{
		{
			"envelope field replaced", func(e *types.Event) { e.ID = "evt_2" },
			`{"amount":12345678901234567890,"duration_ms":1e1,"id":"evt_2","status":"success","to":"b","type":"handoff"}`,
		},
		{
			"envelope field added", func(e *types.Event) { e.SessionID = "sess_1" },
			`{"amount":12345678901234567890,"duration_ms":1e1,"id":"evt_1","session_id":"sess_1","status":"success","to":"b","type":"handoff"}`,
		},
		{"emptied field stays as in Raw", func(e *types.Event) { e.Status, e.Type = "", "" }, data},
		{
			"extra added and replaced, never the envelope", func(e *types.Event) { e.Extra = raws("to", `"c"`, "position", "7", "id", `"x"`) },
			`{"amount":12345678901234567890,"duration_ms":1e1,"id":"evt_1","position":7,"status":"success","to":"c","type":"handoff"}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			event := unmarshal[types.Event](t, data)
			tt.change(&event)
			if got := marshal(t, event); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestRawIsACopy(t *testing.T) {
	data := []byte(`{"type":"handoff","to":"b"}`)
	var event types.Event
	if err := event.UnmarshalJSON(data); err != nil {
		t.Fatal(err)
	}
	clear(data)
	encoded, err := event.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	clear(encoded)
	if got, want := marshal(t, event), `{"type":"handoff","to":"b"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestUnknownFieldsComeBack(t *testing.T) {
	for _, eventType := range knownTypes {
		data := `{"type":"` + string(eventType) + `","x":{"n":12345678901234567890,"a":[null,1.50]},"position":7}`
		event := unmarshal[types.Event](t, data)
		if len(event.Extra) != 2 {
			t.Errorf("%s: extra %v", eventType, event.Extra)
		}
		again := unmarshal[types.Event](t, marshal(t, event))
		if got, want := string(again.Extra["x"]), `{"n":12345678901234567890,"a":[null,1.50]}`; got != want {
			t.Errorf("%s: got %s, want %s", eventType, got, want)
		}
	}
}
