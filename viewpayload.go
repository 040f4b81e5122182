package sentrial

import "github.com/sentrial/sentrial-go/types"

// typed gives the view the payload of its type. A type that is not known, or that has no payload here, is read as JSON.
func (v *view) typed(f field) {
	v.text((*string)(&v.Type), f, string(v.own.Type))
	switch own := v.own; {
	case v.Type == types.EventToolCall && own.ToolCall != nil:
		v.ToolCall = new(types.ToolCall)
	case v.Type == types.EventLLMCall && own.LLMCall != nil:
		v.LLMCall = new(types.LLMCall)
	case v.Type == types.EventDecision && own.Decision != nil:
		v.Decision = new(types.Decision)
	case v.Type == types.EventError && own.Error != nil:
		v.Error = new(types.ErrorEvent)
	case v.Type == types.EventStep && own.Step != nil:
		v.Step = new(types.Step)
	case (v.Type == types.EventSessionStart || v.Type == types.EventSessionUpdate) && own.Session != nil:
		v.Session = new(types.SessionFields)
	case v.Type == types.EventSessionEnd && own.Result != nil:
		v.Result = new(types.SessionResult)
	case v.Type == types.EventFeedback && own.Feedback != nil:
		v.Feedback = new(types.Feedback)
	default:
		v.unsure = true
	}
}

// share repeats in the payload what it has in common with the envelope, but for the metadata, which stays in one place.
func (v *view) share() {
	switch {
	case v.ToolCall != nil:
		v.ToolCall.StartTime, v.ToolCall.Duration, v.ToolCall.Status = v.Timestamp, v.Duration, v.Status
	case v.LLMCall != nil:
		v.LLMCall.StartTime, v.LLMCall.Duration, v.LLMCall.Status = v.Timestamp, v.Duration, v.Status
	case v.Decision != nil:
		v.Decision.StartTime = v.Timestamp
	case v.Error != nil:
		v.Error.StartTime = v.Timestamp
	case v.Step != nil:
		v.Step.StartTime, v.Step.Duration, v.Step.Status = v.Timestamp, v.Duration, v.Status
	case v.Result != nil:
		v.Result.Status = v.Status
	}
}

func (v *view) payload(f field) {
	switch {
	case v.ToolCall != nil:
		v.toolCall(f, v.ToolCall, v.own.ToolCall)
	case v.LLMCall != nil:
		v.llmCall(f, v.LLMCall, v.own.LLMCall)
	case v.Decision != nil:
		v.decision(f, v.Decision, v.own.Decision)
	case v.Error != nil:
		v.errorEvent(f, v.Error, v.own.Error)
	case v.Step != nil:
		v.step(f, v.Step, v.own.Step)
	case v.Session != nil:
		v.sessionFields(f, v.Session, v.own.Session)
	case v.Result != nil:
		v.result(f, v.Result, v.own.Result)
	case v.Feedback != nil:
		v.feedback(f, v.Feedback, v.own.Feedback)
	default:
		v.unsure = true
	}
}

func (v *view) toolCall(f field, c, own *types.ToolCall) {
	switch f.tag {
	case tagToolName:
		v.text(&c.ToolName, f, own.ToolName)
	case tagCallID:
		v.text(&c.CallID, f, own.CallID)
	case tagToolInput:
		v.value(&c.ToolInput, f, own.ToolInput)
	case tagToolOutput:
		v.value(&c.ToolOutput, f, own.ToolOutput)
	case tagReasoning:
		v.text(&c.Reasoning, f, own.Reasoning)
	case tagError:
		v.text(&c.Error, f, own.Error)
	case tagAttempt:
		v.count(&c.Attempt, f)
	case tagCost:
		v.float(&c.Cost, f)
	default:
		v.unsure = true
	}
}

func (v *view) decision(f field, d, own *types.Decision) {
	switch f.tag {
	case tagReasoning:
		v.text(&d.Reasoning, f, own.Reasoning)
	case tagAlternatives:
		v.texts(&d.Alternatives, f)
	case tagChosen:
		v.text(&d.Chosen, f, own.Chosen)
	case tagConfidence:
		v.float(&d.Confidence, f)
	default:
		v.unsure = true
	}
}

func (v *view) errorEvent(f field, e, own *types.ErrorEvent) {
	switch f.tag {
	case tagErrorType:
		v.text(&e.ErrorType, f, own.ErrorType)
	case tagErrorMessage:
		v.text(&e.ErrorMessage, f, own.ErrorMessage)
	case tagStackTrace:
		v.text(&e.StackTrace, f, own.StackTrace)
	case tagRecoverable:
		v.flag(&e.Recoverable, f)
	case tagRecoveryAction:
		v.text(&e.RecoveryAction, f, own.RecoveryAction)
	default:
		v.unsure = true
	}
}

func (v *view) step(f field, s, own *types.Step) {
	switch f.tag {
	case tagName:
		v.text(&s.Name, f, own.Name)
	case tagKind:
		v.text(&s.Kind, f, own.Kind)
	case tagInput:
		v.value(&s.Input, f, own.Input)
	case tagOutput:
		v.value(&s.Output, f, own.Output)
	case tagError:
		v.text(&s.Error, f, own.Error)
	default:
		v.unsure = true
	}
}

func (v *view) sessionFields(f field, s, own *types.SessionFields) {
	switch f.tag {
	case tagName:
		v.text(&s.Name, f, own.Name)
	case tagAgentName:
		v.text(&s.AgentName, f, own.AgentName)
	case tagAgentVersion:
		v.text(&s.AgentVersion, f, own.AgentVersion)
	case tagUserID:
		v.text(&s.UserID, f, own.UserID)
	case tagConversationID:
		v.text(&s.ConversationID, f, own.ConversationID)
	case tagParentSessionID:
		v.text(&s.ParentSessionID, f, own.ParentSessionID)
	case tagInput:
		v.value(&s.Input, f, own.Input)
	case tagTags:
		v.texts(&s.Tags, f)
	default:
		v.unsure = true
	}
}

func (v *view) result(f field, r, own *types.SessionResult) {
	switch f.tag {
	case tagSummary:
		v.text(&r.Summary, f, own.Summary)
	case tagOutput:
		v.value(&r.Output, f, own.Output)
	case tagMetrics:
		v.figures(&r.Metrics, f)
	default:
		v.unsure = true
	}
}

func (v *view) feedback(f field, b, own *types.Feedback) {
	switch f.tag {
	case tagName:
		v.text(&b.Name, f, own.Name)
	case tagScore:
		v.float(&b.Score, f)
	case tagLabel:
		v.text(&b.Label, f, own.Label)
	case tagComment:
		v.text(&b.Comment, f, own.Comment)
	case tagEventID:
		v.text(&b.EventID, f, own.EventID)
	case tagUserID:
		v.text(&b.UserID, f, own.UserID)
	default:
		v.unsure = true
	}
}
