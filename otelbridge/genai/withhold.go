package genai

// withhold leaves out what somebody said.
func (e *Event) withhold() {
	e.Attributes = nil
	switch {
	case e.LLMCall != nil:
		e.LLMCall.Messages, e.LLMCall.OutputMessages, e.LLMCall.ToolDefinitions = nil, nil, nil
	case e.ToolCall != nil:
		e.ToolCall.Input, e.ToolCall.Output, e.ToolCall.Reasoning = nil, nil, ""
	case e.Decision != nil:
		e.Decision.Reasoning = ""
	case e.Step != nil:
		e.Step.Input, e.Step.Output = nil, nil
	case e.Feedback != nil:
		e.Feedback.Comment = ""
	case e.Session != nil:
		e.Session.Input = nil
	case e.Result != nil:
		e.Result.Output = nil
	}
}
