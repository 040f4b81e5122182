package genai

import (
	"cmp"
	"encoding/json"
	"strings"
)

// toolCall gives the call of a tool that the span is.
func (r *reading) toolCall() *ToolCall {
	t := &ToolCall{
		Name: r.toolName(), CallID: r.callID(), Input: r.toolValue(fieldToolInput, fieldInput), Output: r.toolValue(fieldToolOutput, fieldOutput),
		Reasoning: r.text(fieldDecisionReasoning),
	}
	if t.Input == nil && r.kind == kindRetrieval {
		t.Input = r.said()
	}
	return t
}

func (r *reading) callID() string { return r.text(fieldToolCallID) }

func (r *reading) toolName() string {
	name := cmp.Or(r.text(fieldToolName), r.text(fieldEntityName))
	if name == "" {
		name = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(r.span.Name, "execute_tool "), "tools/call "), ".tool")
	}
	return name
}

// toolValue gives what went into a tool or came out of it.
func (r *reading) toolValue(fields ...field) any {
	v := r.content(fields...)
	raw := structured(v)
	if raw == nil {
		raw, _ = spelled(v).(json.RawMessage) // a number or a text in JSON
	}
	if raw == nil {
		return spelled(v)
	}
	return value(unwrapped(raw))
}
