package genai

// withhold leaves out what somebody said, as the SDK's own setting does. The texts of errors are among it: they quote what was wrong, and tools fail in words.
func (e *Event) withhold() {
	e.Attributes, e.Error = nil, ""
	switch {
	case e.LLMCall != nil:
		e.LLMCall.Messages, e.LLMCall.OutputMessages, e.LLMCall.ToolDefinitions = nil, nil, nil
	case e.ToolCall != nil:
		e.ToolCall.Input, e.ToolCall.Output, e.ToolCall.Reasoning = nil, nil, ""
	case e.Decision != nil:
		e.Decision.Reasoning, e.Decision.Chosen, e.Decision.Alternatives = "", "", nil
	case e.Step != nil:
		e.Step.Input, e.Step.Output = nil, nil
	case e.Feedback != nil:
		e.Feedback.Comment = ""
	case e.Failure != nil:
		e.Failure.Message, e.Failure.Stack = "", ""
	case e.Session != nil:
		e.Session.Input = nil
	case e.Result != nil:
		e.Result.Output, e.Result.Summary = nil, ""
	}
}
