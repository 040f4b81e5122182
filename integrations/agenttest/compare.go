package agenttest

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/types"
)

// compare fails with the lines in which the events differ.
func compare(t *testing.T, want, got []event, lacks *lacks) {
	t.Helper()
	lacks.leaveOut(want, got)
	lacks.runs++
	wanted, recorded := written(t, want), written(t, got)
	if wanted != recorded {
		t.Errorf("the events differ from expected.json (- expected, + recorded):\n%s", diff(strings.Split(wanted, "\n"), strings.Split(recorded, "\n")))
	}
}

func written(t *testing.T, events []event) string {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(events); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// checkTimes wants calls to take time, and none to have begun to answer after its end.
func checkTimes(t *testing.T, calls []types.LLMCall) {
	t.Helper()
	for _, call := range calls {
		if call.Duration <= 0 || call.TimeToFirstToken > call.Duration {
			t.Errorf("a call took %v, and %v to its first token", call.Duration, call.TimeToFirstToken)
		}
	}
}
