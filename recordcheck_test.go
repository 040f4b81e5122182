package sentrial_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// FuzzRecordCheck: what passes for a record can be read by all that reads records, without a panic.
func FuzzRecordCheck(f *testing.F) {
	cost := 0.5
	for _, e := range []*types.Event{
		{ID: "evt_1", Type: types.EventStep, SessionID: "s", Timestamp: time.Unix(1, 0), Step: &types.Step{Name: "n", Input: map[string]any{"a": []any{1, "x"}}}},
		{ID: "evt_2", Type: types.EventLLMCall, SessionID: "s", Duration: time.Second, LLMCall: &types.LLMCall{Model: "m", Cost: &cost, Usage: types.Usage{PromptTokens: 3}}},
		{ID: "evt_3", Type: types.EventSessionStart, SessionID: "s", Timestamp: time.Unix(1, 0), Session: &types.SessionFields{Name: "n"}, Metadata: map[string]any{"k": 1.5}},
		{ID: "evt_4", Type: types.EventToolCall, SessionID: "s", ToolCall: &types.ToolCall{ToolName: "t"}, Extra: map[string]json.RawMessage{"more": []byte("true")}},
	} {
		record := sentrial.EventRecord(e)
		if !sentrial.IsRecord(record) {
			f.Errorf("%s is no record", e.ID)
		}
		f.Add(record)
		for i := range record { // each byte in turn
			broken := append([]byte(nil), record...)
			broken[i] ^= 0x41
			f.Add(broken)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if sentrial.IsRecord(b) {
			sentrial.ReadRecord(b)
		}
	})
}
