package sentrialtest

import (
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

// label is how timelines, paths and golden traces call an event: what it is, and its name. field is the wire's name of that name.
func label(e *types.Event) (kind, name, field string) {
	switch {
	case e.ToolCall != nil:
		return "tool", e.ToolCall.ToolName, "tool_name"
	case e.LLMCall != nil && e.LLMCall.Model == "":
		return "llm", modelOf(e.LLMCall), "request_model"
	case e.LLMCall != nil:
		return "llm", modelOf(e.LLMCall), "model"
	case e.Step != nil:
		return "step", e.Step.Name, "name"
	case e.Decision != nil:
		return "decision", e.Decision.Chosen, "chosen"
	case e.Error != nil:
		return "error", e.Error.ErrorType, "error_type"
	case e.Feedback != nil:
		return "feedback", e.Feedback.Name, "name"
	}
	return strings.TrimPrefix(string(e.Type), "session_"), "", "" // start, update, end; or a type of the program's own
}

// called is a label in one text.
func called(kind, name string) string {
	if name == "" {
		return kind
	}
	return kind + " " + name
}

// modelOf is the model that answered, else the one asked for.
func modelOf(c *types.LLMCall) string {
	if c.Model != "" {
		return c.Model
	}
	return c.RequestModel
}
