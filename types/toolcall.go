package types

import "time"

// ToolCall is one call of a tool, with what went in and what came out. It travels as tool_call.
type ToolCall struct {
	ToolName   string         // tool_name
	CallID     string         // call_id: the model's id for this call, joins it to the LLM call that asked for it
	ToolInput  any            // tool_input: any JSON value; nil = absent
	ToolOutput any            // tool_output: any JSON value; nil = absent
	Reasoning  string         // reasoning: why the agent called the tool
	Status     Status         // status: "" = success, or error when Error is set
	Error      string         // error: what went wrong; "" = nothing
	Attempt    int            // attempt: 1 = first; 0 = not counted
	StartTime  time.Time      // timestamp
	Duration   time.Duration  // duration_ms
	Cost       *float64       // cost: USD; nil = unknown, 0 = free
	Metadata   map[string]any // metadata
}

func (c *ToolCall) fields() []field {
	return []field{
		{name: "tool_name", value: &c.ToolName},
		{name: "call_id", value: &c.CallID},
		{name: "tool_input", value: &c.ToolInput},
		{name: "tool_output", value: &c.ToolOutput},
		{name: "reasoning", value: &c.Reasoning},
		{name: "error", value: &c.Error},
		{name: "attempt", value: &c.Attempt},
		{name: "cost", value: &c.Cost},
	}
}

func (c *ToolCall) shared() shared {
	return shared{start: &c.StartTime, duration: &c.Duration, status: &c.Status, metadata: &c.Metadata}
}
