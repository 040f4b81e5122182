package otelbridge

import (
	"cmp"
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

// toolCall reads a span of one call of a tool.
func (s *span) toolCall() types.Event {
	a := &s.attrs
	e := s.timed(types.EventToolCall)
	e.ToolCall = &types.ToolCall{
		ToolName:   cmp.Or(a.text(keyToolName), strings.TrimPrefix(s.Name(), opExecuteTool+" ")),
		CallID:     a.text(keyToolCallID),
		ToolInput:  a.json(keyToolArguments),
		ToolOutput: a.json(keyToolResult),
		Error:      s.errorText(),
	}
	s.keepRest(&e)
	return e
}
