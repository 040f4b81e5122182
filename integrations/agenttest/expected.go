package agenttest

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"testing"
)

// expectedJSON has the events of each scenario, for all drivers.
//
//go:embed expected.json
var expectedJSON []byte

// expected gives what a run has to record.
func expected(t *testing.T, scenario, mode string, inside bool, lacks *lacks) []event {
	t.Helper()
	all := map[string][]event{}
	dec := json.NewDecoder(bytes.NewReader(expectedJSON))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&all); err != nil {
		t.Fatalf("expected.json cannot be read: %v", err)
	}
	events, ok := all[scenario]
	if !ok {
		events = all[scenario+" "+mode]
	}
	if scenario == "retried" && lacks.has(RetriesApart) && !inside {
		events = all["retried apart"]
	}
	for i := range events {
		events[i].ofMode(mode)
	}
	return events
}

// ofMode leaves what this mode has: only of a stream it is known when it began.
func (n *event) ofMode(mode string) {
	n.Input, n.Output = canonical(n.Input), canonical(n.Output)
	if n.FirstToken == "" {
		return
	}
	n.FirstToken = ""
	if mode == "stream" {
		n.FirstToken = "measured"
	}
}
