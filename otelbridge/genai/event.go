package genai

import (
	"encoding/json"
	"time"
)

// EventType says what an [Event] is, with the names of Sentrial's wire.
type EventType string

// The types of events, each with its payload in Event but for the first three of the list's end.
const (
	EventSessionStart  EventType = "session_start"  // Session
	EventSessionEnd    EventType = "session_end"    // Result
	EventSessionUpdate EventType = "session_update" // Fields, of spans that the SDK made
	EventSessionAlias  EventType = "session_alias"  // Into
	EventLLMCall       EventType = "llm_call"       // LLMCall
	EventToolCall      EventType = "tool_call"      // ToolCall
	EventDecision      EventType = "decision"       // Decision
	EventStep          EventType = "step"           // Step
	EventFeedback      EventType = "feedback"       // Feedback
	EventError         EventType = "error"          // Failure
)

// Status of an event. The zero value says nothing.
type Status string

// How something ended.
const (
	StatusOfSuccess Status = "success"
	StatusOfError   Status = "error"
	StatusOfUnknown Status = "unknown"
)

// Event is what a span became, or one of the things it became. Its id depends on nothing but the span, so a span delivered again gives the same event.
type Event struct {
	Type      EventType
	ID        string
	SessionID string
	ParentID  string // the event it happened inside; "" = directly in the session
	TraceID   TraceID
	SpanID    SpanID
	Time      time.Time // when it began
	Duration  time.Duration
	Status    Status
	Error     string // what went wrong with a call or a step, in words; "" = nothing

	LLMCall  *LLMCall
	ToolCall *ToolCall
	Decision *Decision
	Step     *Step
	Feedback *Feedback
	Failure  *Failure
	Session  *Session
	Result   *Result
	Into     string // of an alias: the session that everything of SessionID belongs to

	// Fields hold the event's members by their names on the wire when Sentrial's own SDK made the span of it: all of them, where the structs above have a part.
	Fields map[string]any

	Metadata   map[string]any // facts: names, ids, kinds, counts
	Attributes map[string]any // attributes that nobody knows here, which may be content

	Note any // the span's
}

// LLMCall is one call of a model.
type LLMCall struct {
	Model            string // that answered
	RequestModel     string // that was asked for, where it differs
	Provider         string // gen_ai.provider.name
	Operation        string // chat, embeddings, ...
	ResponseID       string
	Messages         []Message // system, history and question
	OutputMessages   []Message
	ToolDefinitions  json.RawMessage
	Parameters       map[string]any // temperature, max_tokens, ... under the names of gen_ai.request.*
	PromptName       string
	PromptVersion    string
	Usage            Usage
	Cost             *float64 // USD as reported; nil = not reported
	FinishReason     string   // stop, length, tool_call, content_filter, error, or as it came
	TimeToFirstToken time.Duration
}

// Usage counts tokens. Input includes cached and cache-writing ones, Output includes reasoning; 0 = not reported.
type Usage struct{ Input, Output, Total, CacheRead, CacheWrite, Reasoning int }

// Message is one of a conversation with a model, in the form of the GenAI message schema.
type Message struct {
	Role, Name   string
	Parts        []Part
	FinishReason string
}

// Part of a message. Raw, when it is not nil, is the whole part as it came, and the other fields are a reading of it.
type Part struct {
	Type      string // text, reasoning, tool_call, tool_call_response, or any other
	Content   string
	ID, Name  string
	Arguments any // any JSON value
	Response  any // any JSON value
	Raw       json.RawMessage
}

// ToolCall is one call of a tool, a retrieval or an operation on a memory.
type ToolCall struct {
	Name      string
	CallID    string
	Input     any // any JSON value
	Output    any // any JSON value
	Reasoning string
}

// Decision is a choice of the agent.
type Decision struct {
	Reasoning    string
	Chosen       string
	Alternatives []string
	Confidence   *float64
}

// Step is work that is neither a call of a model nor of a tool.
type Step struct {
	Name, Kind    string
	Input, Output any
}

// Feedback is the result of an evaluation.
type Feedback struct {
	Name, Label, Comment string
	Score                *float64
	EventID              string // what was judged; "" = the session
}

// Failure is where an error began.
type Failure struct{ Type, Message, Stack string }

// Session is what spans say about the session they belong to. Empty is not known.
type Session struct {
	Name, AgentName, AgentVersion string
	UserID, ConversationID        string
	Input                         any
	Tags                          []string
}

// Result is how a session ended.
type Result struct {
	Status  Status
	Summary string
	Output  any
}
