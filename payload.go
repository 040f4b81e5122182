package sentrial

import (
	"context"

	"github.com/sentrial/sentrial-go/types"
)

// payload is what an event carries: one of these. On the way to its record it stays beside its event, not inside as hooks want it: so the compiler sees that neither
// outlives the call, and leaves both on the caller's stack.
type payload struct {
	toolCall *types.ToolCall
	llmCall  *types.LLMCall
	decision *types.Decision
	err      *types.ErrorEvent
	step     *types.Step
	session  *types.SessionFields
	result   *types.SessionResult
	feedback *types.Feedback

	inside context.Context // what hooks made of the context of the event, once they saw it
}

// payloadOf is that of an event which has it inside.
func payloadOf(e *types.Event) *payload {
	return &payload{
		toolCall: e.ToolCall, llmCall: e.LLMCall, decision: e.Decision, err: e.Error, step: e.Step, session: e.Session, result: e.Result, feedback: e.Feedback,
	}
}

// in gives a copy of e with a copy of the payload inside.
func (p *payload) in(e *types.Event) *types.Event {
	whole := *e
	whole.ToolCall, whole.LLMCall, whole.Decision, whole.Error = clonePtr(p.toolCall), clonePtr(p.llmCall), clonePtr(p.decision), clonePtr(p.err)
	whole.Step, whole.Session, whole.Result, whole.Feedback = clonePtr(p.step), clonePtr(p.session), clonePtr(p.result), clonePtr(p.feedback)
	return &whole
}

// payload writes the fields of the wire, in the order of package types.
func (s *scratch) payload(p *payload) {
	switch {
	case p.toolCall != nil:
		s.toolCall(p.toolCall)
	case p.llmCall != nil:
		s.llmCall(p.llmCall)
	case p.decision != nil:
		s.decision(p.decision)
	case p.err != nil:
		s.errorEvent(p.err)
	case p.step != nil:
		s.step(p.step)
	case p.session != nil:
		s.sessionFields(p.session)
	case p.result != nil:
		s.result(p.result)
	case p.feedback != nil:
		s.feedback(p.feedback)
	}
}

func (s *scratch) toolCall(c *types.ToolCall) {
	s.like = likeness(c.ToolName)
	s.text(tagToolName, c.ToolName)
	s.text(tagCallID, c.CallID)
	s.contentValue(tagToolInput, c.ToolInput)
	s.contentValue(tagToolOutput, c.ToolOutput)
	s.contentText(tagReasoning, c.Reasoning)
	s.contentText(tagError, c.Error)
	s.count(tagAttempt, int64(c.Attempt))
	s.cost(c.Cost)
}

func (s *scratch) llmCall(c *types.LLMCall) {
	s.text(tagModel, c.Model)
	s.text(tagRequestModel, c.RequestModel)
	s.text(tagProvider, c.Provider)
	s.text(tagOperation, c.Operation)
	s.text(tagResponseID, c.ResponseID)
	s.contentText(tagPrompt, c.Prompt)
	s.contentText(tagResponse, c.Response)
	s.contentMessages(tagMessages, c.Messages)
	s.contentMessages(tagOutputMessages, c.OutputMessages)
	if len(c.ToolDefinitions) > 0 {
		s.contentValue(tagToolDefinitions, c.ToolDefinitions)
	}
	s.values(tagParameters, c.Parameters)
	s.text(tagPromptName, c.PromptName)
	s.text(tagPromptVersion, c.PromptVersion)
	s.usage(&c.Usage)
	s.costOf(c)
	s.text(tagFinishReason, c.FinishReason)
	s.count(tagAttempts, int64(c.Attempts))
	s.duration(tagTimeToFirstToken, c.TimeToFirstToken)
	s.contentText(tagError, c.Error)
}

func (s *scratch) usage(u *types.Usage) {
	s.count(tagPromptTokens, int64(u.PromptTokens))
	s.count(tagCompletionTokens, int64(u.CompletionTokens))
	s.count(tagTokensUsed, int64(u.TotalTokens))
	s.count(tagCachedTokens, int64(u.CachedTokens))
	s.count(tagCacheWriteTokens, int64(u.CacheWriteTokens))
	s.count(tagReasoningTokens, int64(u.ReasoningTokens))
}

func (s *scratch) decision(d *types.Decision) {
	s.contentText(tagReasoning, d.Reasoning)
	s.contentTexts(tagAlternatives, d.Alternatives)
	s.contentText(tagChosen, d.Chosen)
	s.number(tagConfidence, d.Confidence)
}

func (s *scratch) errorEvent(e *types.ErrorEvent) {
	s.text(tagErrorType, e.ErrorType)
	s.contentText(tagErrorMessage, e.ErrorMessage)
	s.contentText(tagStackTrace, e.StackTrace)
	s.value(tagRecoverable, e.Recoverable)
	s.text(tagRecoveryAction, e.RecoveryAction)
}

func (s *scratch) step(st *types.Step) {
	s.like = likeness(st.Name)
	s.text(tagName, st.Name)
	s.text(tagKind, st.Kind)
	s.contentValue(tagInput, st.Input)
	s.contentValue(tagOutput, st.Output)
	s.contentText(tagError, st.Error)
}

func (s *scratch) feedback(f *types.Feedback) {
	s.text(tagName, f.Name)
	s.number(tagScore, f.Score)
	s.text(tagLabel, f.Label)
	s.contentText(tagComment, f.Comment)
	s.text(tagEventID, f.EventID)
	s.text(tagUserID, f.UserID)
}

func (s *scratch) sessionFields(f *types.SessionFields) {
	s.text(tagName, f.Name)
	s.text(tagAgentName, f.AgentName)
	s.text(tagAgentVersion, f.AgentVersion)
	s.text(tagUserID, f.UserID)
	s.text(tagConversationID, f.ConversationID)
	s.text(tagParentSessionID, f.ParentSessionID)
	s.contentValue(tagInput, f.Input)
	s.strings(tagTags, f.Tags)
}

func (s *scratch) result(r *types.SessionResult) {
	s.contentText(tagSummary, r.Summary)
	s.contentValue(tagOutput, r.Output)
	s.metrics(r.Metrics)
}
