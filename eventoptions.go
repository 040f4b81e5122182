package sentrial

import (
	"maps"

	"github.com/sentrial/sentrial-go/types"
)

// SessionOption describes a session at CreateSession, Run or Session.Update.
type SessionOption interface{ applySession(*sessionSetup) }

// ToolOption describes a tool call made through Tool, WrapTool or StartTool.
type ToolOption interface{ applyTool(*toolSetup) }

// LLMOption describes an LLM call made through LLM or StartLLM.
type LLMOption interface{ applyLLM(*llmSetup) }

// StepOption describes a step made through Step, StepValue or StartStep.
type StepOption interface{ applyStep(*stepSetup) }

// ErrorOption describes an error given to ReportError.
type ErrorOption interface{ applyError(*errorSetup) }

// EventOption fits every helper that records an event.
type EventOption interface {
	ToolOption
	LLMOption
	StepOption
	ErrorOption
}

// AnyOption fits sessions and events alike.
type AnyOption interface {
	SessionOption
	EventOption
}

// sessionSetup is what SessionOptions fill in.
type sessionSetup struct {
	id       string
	fields   types.SessionFields
	metadata map[string]any
	content  contentSetting
}

// toolSetup and its siblings are what the options of an event fill in: its payload, and how it is recorded.
type toolSetup struct {
	types.ToolCall
	content contentSetting
}

type llmSetup struct {
	types.LLMCall
	content contentSetting
}

type stepSetup struct {
	types.Step
	content contentSetting
}

type errorSetup struct {
	types.ErrorEvent
	content contentSetting
}

type (
	sessionOption func(*sessionSetup)
	toolOption    func(*toolSetup)
	stepOption    func(*stepSetup)
	errorOption   func(*errorSetup)
)

func (f sessionOption) applySession(s *sessionSetup) { f(s) }
func (f toolOption) applyTool(s *toolSetup)          { f(s) }
func (f stepOption) applyStep(s *stepSetup)          { f(s) }
func (f errorOption) applyError(s *errorSetup)       { f(s) }

func setup(opts []SessionOption) (s sessionSetup) {
	applyEach(opts, func(o SessionOption) { o.applySession(&s) })
	return s
}

func applyTool(s *toolSetup, opts []ToolOption) {
	applyEach(opts, func(o ToolOption) { o.applyTool(s) })
}

func applyLLM(s *llmSetup, opts []LLMOption) {
	applyEach(opts, func(o LLMOption) { o.applyLLM(s) })
}

func applyStep(s *stepSetup, opts []StepOption) {
	applyEach(opts, func(o StepOption) { o.applyStep(s) })
}

func applyErr(s *errorSetup, opts []ErrorOption) {
	applyEach(opts, func(o ErrorOption) { o.applyError(s) })
}

func applyEach[O comparable](opts []O, apply func(O)) {
	var none O
	for _, o := range opts {
		if o != none { // a nil option is no option
			apply(o)
		}
	}
}

// WithMetadata adds facts of the program's own. Given more than once, later keys win. The map is copied, the values in it are read when the event is recorded.
func WithMetadata(m map[string]any) AnyOption { return metadataOption(maps.Clone(m)) }

type metadataOption map[string]any

func (m metadataOption) applySession(s *sessionSetup) { s.metadata = merged(s.metadata, m) }
func (m metadataOption) applyTool(s *toolSetup)       { s.Metadata = merged(s.Metadata, m) }
func (m metadataOption) applyLLM(s *llmSetup)         { s.Metadata = merged(s.Metadata, m) }
func (m metadataOption) applyStep(s *stepSetup)       { s.Metadata = merged(s.Metadata, m) }
func (m metadataOption) applyError(s *errorSetup)     { s.Metadata = merged(s.Metadata, m) }

// merged gives a new map of a with b's keys: a is the caller's, and b may belong to an option that is used again.
func merged(a, b map[string]any) map[string]any {
	m := make(map[string]any, len(a)+len(b))
	maps.Copy(m, a)
	maps.Copy(m, b)
	return m
}

// WithSessionID gives the session an id of the program's own: 1 to 128 characters of [A-Za-z0-9_.:-]. Default: sess_ and a UUIDv7. A session of an id that the
// server knows already is continued.
func WithSessionID(id string) SessionOption {
	return sessionOption(func(s *sessionSetup) { s.id = id })
}

// WithUserID names the person or account that the agent works for.
func WithUserID(id string) SessionOption {
	return sessionOption(func(s *sessionSetup) { s.fields.UserID = id })
}

// WithAgentName names the agent (OTel gen_ai.agent.name).
func WithAgentName(name string) SessionOption {
	return sessionOption(func(s *sessionSetup) { s.fields.AgentName = name })
}

// WithAgentVersion names the agent's version (OTel gen_ai.agent.version).
func WithAgentVersion(version string) SessionOption {
	return sessionOption(func(s *sessionSetup) { s.fields.AgentVersion = version })
}

// WithConversationID joins the sessions of one conversation or thread (OTel gen_ai.conversation.id).
func WithConversationID(id string) SessionOption {
	return sessionOption(func(s *sessionSetup) { s.fields.ConversationID = id })
}

// WithParentSession names the session that started this one. It is set by itself when one session is created inside another's context.
func WithParentSession(id string) SessionOption {
	return sessionOption(func(s *sessionSetup) { s.fields.ParentSessionID = id })
}

// WithInput is what the agent was asked: any value that has a JSON form.
func WithInput(input any) SessionOption {
	return sessionOption(func(s *sessionSetup) { s.fields.Input = input })
}

// WithTags labels the session. Tags given more than once add up.
func WithTags(tags ...string) SessionOption {
	return sessionOption(func(s *sessionSetup) { s.fields.Tags = append(s.fields.Tags, tags...) })
}

// WithReasoning says why the agent calls the tool.
func WithReasoning(text string) ToolOption {
	return toolOption(func(s *toolSetup) { s.Reasoning = text })
}

// WithCallID is the model's id for this tool call, which joins it to the LLM call that asked for it.
func WithCallID(id string) ToolOption {
	return toolOption(func(s *toolSetup) { s.CallID = id })
}

// WithCost sets what the call cost, in USD.
func WithCost(usd float64) interface {
	ToolOption
	LLMOption
} {
	return costOption(usd)
}

type costOption float64

func (o costOption) applyTool(s *toolSetup) { s.Cost = Ptr(float64(o)) }
func (o costOption) applyLLM(s *llmSetup)   { s.Cost = Ptr(float64(o)) }

// WithKind says what a step is: step (the default), agent, chain, retrieval or plan.
func WithKind(kind string) StepOption { return stepOption(func(s *stepSetup) { s.Kind = kind }) }

// Recoverable says that the agent goes on after the error, and how.
func Recoverable(action string) ErrorOption {
	return errorOption(func(s *errorSetup) { s.Recoverable, s.RecoveryAction = true, action })
}

// WithErrorType names the kind of error. Default: the Go type of the outermost error that is more than a text around another one, such as *fs.PathError.
func WithErrorType(name string) ErrorOption {
	return errorOption(func(s *errorSetup) { s.ErrorType = name })
}

// Ptr gives a pointer to v, for the optional numbers of package types.
func Ptr[T any](v T) *T { return &v }
