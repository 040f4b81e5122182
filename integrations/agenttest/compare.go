package agenttest

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/types"
)

// differences gives the lines in which the events differ, "" if they do not. priced gives the expected ones their cost, once it is known what is lacking.
func differences(want, got []event, lacks *lacks, priced func([]event)) string {
	lacks.leaveOut(want, got)
	priced(want)
	lacks.runs++
	wanted, recorded := written(want), written(got)
	if wanted == recorded {
		return ""
	}
	return diff(strings.Split(wanted, "\n"), strings.Split(recorded, "\n"))
}

func written(events []event) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(events); err != nil {
		return err.Error() // inputs and outputs are JSON, as they were read
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
