package types_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/sentrial/sentrial-go/types"
)

// An event is one flat object on the wire: its type, its start and its duration come from the payload here.
func ExampleEvent() {
	encoded, err := json.Marshal(types.Event{
		ID:        "evt_1",
		SessionID: "sess_1",
		ToolCall: &types.ToolCall{
			ToolName:  "find_order",
			ToolInput: map[string]any{"order": 1042},
			StartTime: time.Date(2026, 11, 22, 0, 16, 56, 0, time.UTC),
			Duration:  150250 * time.Microsecond,
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(encoded))

	var event types.Event
	if err := json.Unmarshal([]byte(`{"type":"tool_call","tool_name":"find_order","colour":"red"}`), &event); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(event.ToolCall.ToolName, string(event.Extra["colour"]))
	// Output:
	// {"id":"evt_1","type":"tool_call","session_id":"sess_1","timestamp":"2026-11-22T00:16:56Z","duration_ms":150.25,"tool_name":"find_order","tool_input":{"order":1042}}
	// find_order "red"
}
