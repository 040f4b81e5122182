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

// diff lists all lines: what both have, what only want has with -, what only got has with +.
func diff(want, got []string) string {
	var lines []string
	common := inCommon(want, got)
	i, j := 0, 0
	for i < len(want) || j < len(got) {
		switch {
		case i < len(want) && j < len(got) && want[i] == got[j]:
			lines = append(lines, "  "+want[i])
			i, j = i+1, j+1
		case j == len(got) || i < len(want) && common[i+1][j] >= common[i][j+1]:
			lines = append(lines, "- "+want[i])
			i++
		default:
			lines = append(lines, "+ "+got[j])
			j++
		}
	}
	return strings.Join(lines, "\n")
}

// inCommon counts the lines that want[i:] and got[j:] have in common, in order.
func inCommon(want, got []string) [][]int {
	counts := make([][]int, len(want)+1)
	for i := range counts {
		counts[i] = make([]int, len(got)+1)
	}
	for i := len(want) - 1; i >= 0; i-- {
		for j := len(got) - 1; j >= 0; j-- {
			if counts[i][j] = max(counts[i+1][j], counts[i][j+1]); want[i] == got[j] {
				counts[i][j] = counts[i+1][j+1] + 1
			}
		}
	}
	return counts
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
