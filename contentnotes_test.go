package sentrial_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// TestForeignEnvelopeIsNoWayOut: a field that has the name of a fact without being one is withheld like content, and what is said of it in the metadata does not
// quote it. Whatever is a fact stays.
func TestForeignEnvelopeIsNoWayOut(t *testing.T) {
	foreign := `{"type":"custom","status":{"said":"` + canary + `"},"trace_id":"what ` + canary + ` said","parent_id":["` + canary + `"],"duration_ms":"` + canary +
		`","span_id":{"k":"` + canary + `"},"metadata":{"mine":"fact"}}`
	members := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(foreign), &members); err != nil {
		t.Fatal(err)
	}
	delete(members, "metadata")
	for name, c := range map[string]struct {
		e    types.Event
		want map[string]string // of the metadata
	}{
		"a type of its own": {types.Event{Type: "custom", Raw: json.RawMessage(foreign)}, map[string]string{
			"omitted_status": `{"bytes":17,"type":"object"}`, "omitted_trace_id": `{"bytes":18,"type":"string"}`, "omitted_parent_id": `{"bytes":10,"type":"array"}`,
			"omitted_duration_ms": `{"bytes":8,"type":"string"}`, "omitted_span_id": `{"bytes":14,"type":"object"}`,
		}},
		"a known type": {types.Event{Step: &types.Step{}, Extra: members}, map[string]string{"omitted_parent_id": `{"bytes":10,"type":"array"}`}},
		"numbers": {types.Event{Type: "custom", Extra: map[string]json.RawMessage{
			"parent_id": json.RawMessage(`-7`), "span_id": json.RawMessage(strings.Repeat("1", 99)), "trace_id": json.RawMessage("null"), "duration_ms": json.RawMessage("true"),
		}}, map[string]string{"omitted_parent_id": `-7`, "omitted_span_id": `{"bytes":99,"type":"number"}`, "omitted_duration_ms": `{"bytes":4,"type":"boolean"}`}},
		"no JSON":         {types.Event{Type: "custom", Extra: map[string]json.RawMessage{"span_id": json.RawMessage(canary)}}, map[string]string{"omitted_span_id": `{"bytes":6,"type":"invalid"}`}},
		"no JSON at all":  {types.Event{Type: "custom", Raw: json.RawMessage(canary)}, map[string]string{"omitted_raw": `{"type":"*json.SyntaxError"}`}},
		"another status":  {types.Event{Status: types.Status("says " + canary), Step: &types.Step{}}, map[string]string{"omitted_status": `{"type":"string"}`}},
		"a long trace id": {types.Event{TraceID: strings.Repeat(canary, 100), Step: &types.Step{}}, map[string]string{"omitted_trace_id": `{"type":"string"}`}},
		"a duration":      {types.Event{Duration: -1, Step: &types.Step{}}, map[string]string{"omitted_duration_ms": `"-1ns"`}},
		"an alias of no session": {
			types.Event{Type: "session_alias", Extra: map[string]json.RawMessage{"into": json.RawMessage(`{"a":"` + canary + `"}`)}},
			map[string]string{"omitted_into": `{"bytes":14,"type":"object"}`},
		},
		"an alias of no id": {
			types.Event{Type: "session_alias", Extra: map[string]json.RawMessage{"into": json.RawMessage(`"what ` + canary + ` said"`)}},
			map[string]string{"omitted_into": `{"bytes":18,"type":"string"}`},
		},
	} {
		for shape, opts := range map[string][]sentrial.Option{
			"plain": nil, "redactor": {sentrial.WithRedactor(keepAll{})}, "hook": {sentrial.WithHook(endHook(func(context.Context, *types.Event) {}))},
		} {
			for _, mode := range []sentrial.ContentMode{sentrial.ContentHashed, sentrial.ContentMetadata} {
				t.Run(strings.Join([]string{name, shape, modeNames[mode]}, "/"), func(t *testing.T) {
					wire := &wire{}
					client := newClient(t, wire, append(opts, sentrial.WithContent(mode))...)
					e := c.e
					e.SessionID = "s"
					m := wire.event(t, client, client.Record(t.Context(), e))
					noCanary(t, wire)
					checkReadable(t, m)
					metadata := map[string]json.RawMessage{}
					if err := json.Unmarshal([]byte(m["metadata"]), &metadata); err != nil {
						t.Error(err)
					}
					for note, want := range c.want {
						if got := inOrder(t, string(metadata[note])); got != want {
							t.Errorf("%s = %s, want %s", note, got, want)
						}
					}
				})
			}
		}
	}
}

// TestForeignEnvelopeInFullMode is told as it came.
func TestForeignEnvelopeInFullMode(t *testing.T) {
	wire := &wire{}
	client := newClient(t, wire)
	id := client.Record(t.Context(), types.Event{SessionID: "s", Type: "custom", Extra: map[string]json.RawMessage{"status": json.RawMessage(`{"said":"x"}`), "trace_id": json.RawMessage(`"a b"`)}})
	if m := wire.event(t, client, id); m["metadata"] != `{"omitted_status":{"said":"x"}}` || m["trace_id"] != `"a b"` {
		t.Errorf("%v", m)
	}
	if m := wire.event(t, client, client.Record(t.Context(), types.Event{SessionID: "s", Type: "custom", Raw: json.RawMessage(`x`)})); m["metadata"] != `{"omitted_raw":"invalid character 'x' looking for beginning of value"}` {
		t.Errorf("%v", m)
	}
}
