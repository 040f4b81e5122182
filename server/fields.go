package server

import (
	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

// field is a field of an event that the server knows: it must be of its kind, and some go into the event's columns.
type field struct {
	name string
	read func(e *store.Event, raw []byte) *problem
}

// fieldSet is the fields known for an envelope or a type, by the numbers of their names. Fields that are not in it are stored as they come.
type fieldSet [maxFieldNames]*field

func newFieldSet(parts ...[]field) *fieldSet {
	s := new(fieldSet)
	for _, part := range parts {
		for i := range part {
			s[names.add(part[i].name)] = &part[i]
		}
	}
	return s
}

// envelope is what every event may have.
var envelope = newFieldSet([]field{
	id("id", func(e *store.Event) *string { return &e.ID }),
	{name: "type", read: readType},
	id("session_id", func(e *store.Event) *string { return &e.SessionID }),
	name("parent_id", func(e *store.Event) *string { return &e.ParentID }),
	count("seq", func(e *store.Event) *int64 { return &e.Seq }),
	{name: "timestamp", read: readTimestamp},
	{name: "duration_ms", read: readDuration},
	{name: "status", read: readStatus},
	name("trace_id", func(e *store.Event) *string { return &e.TraceID }),
	name("span_id", func(e *store.Event) *string { return &e.SpanID }),
	object("metadata"),
})

// sessionFields are those of session_start and session_update.
var sessionFields = []field{
	changeText("name", func(c *store.Change) *string { return &c.Name }),
	changeText("agent_name", func(c *store.Change) *string { return &c.AgentName }),
	changeText("agent_version", func(c *store.Change) *string { return &c.AgentVersion }),
	changeText("user_id", func(c *store.Change) *string { return &c.UserID }),
	changeText("conversation_id", func(c *store.Change) *string { return &c.ConversationID }),
	changeText("parent_session_id", func(c *store.Change) *string { return &c.ParentSessionID }),
	{name: "input", read: readSessionInput},
	{name: "tags", read: readTags},
	{name: "metadata", read: readSessionMetadata},
}

// outcomeFields are what session_end says, and session_update may say before.
var outcomeFields = []field{
	changeText("summary", func(c *store.Change) *string { return &c.Summary }),
	{name: "output", read: readSessionOutput},
	{name: "metrics", read: readMetrics},
}

// fieldsOf has the fields of each type. Types that are not in it are stored as they come.
var fieldsOf = map[types.EventType]*fieldSet{
	types.EventSessionStart:  newFieldSet(sessionFields),
	types.EventSessionUpdate: newFieldSet(sessionFields, outcomeFields),
	types.EventSessionEnd: newFieldSet(outcomeFields, []field{
		{name: "status", read: readEndStatus},
		{name: "input", read: readSessionInput}, // for who learns of it only now
		{name: "metadata", read: readSessionMetadata},
	}),
	types.EventToolCall: newFieldSet([]field{
		text("tool_name", func(e *store.Event) *string { return &e.ToolName }),
		anyText("call_id"), content("tool_input"), content("tool_output"), anyText("reasoning"), anyText("error"), anyCount("attempt"), cost,
	}),
	types.EventDecision: newFieldSet([]field{
		anyText("reasoning"), anyTexts("alternatives"), anyText("chosen"), number("confidence"),
	}),
	types.EventLLMCall: newFieldSet([]field{
		{name: "model", read: readModel},
		{name: "request_model", read: readRequestModel},
		anyText("provider"), anyText("operation"), anyText("response_id"),
		textContent("prompt"), textContent("response"), messages("messages"), messages("output_messages"), content("tool_definitions"),
		object("parameters"), anyText("prompt_name"), anyText("prompt_version"),
		anyText("finish_reason"), anyCount("attempts"), span("time_to_first_token_ms"), anyText("error"), cost,
	}, tokenFields),
	types.EventError: newFieldSet([]field{
		anyText("error_type"), anyText("error_message"), anyText("stack_trace"), flag("recoverable"), anyText("recovery_action"),
	}),
	types.EventStep: newFieldSet([]field{
		anyText("name"), anyText("kind"), content("input"), content("output"), anyText("error"),
	}),
	types.EventFeedback: newFieldSet([]field{
		anyText("name"), number("score"), anyText("label"), anyText("comment"), anyText("event_id"), anyText("user_id"),
	}),
	"session_alias": newFieldSet([]field{id("into", func(e *store.Event) *string { return &e.Into })}),
}

var tokenFields = []field{
	count("prompt_tokens", func(e *store.Event) *int64 { return &e.Tokens.Prompt }),
	count("completion_tokens", func(e *store.Event) *int64 { return &e.Tokens.Completion }),
	count("tokens_used", func(e *store.Event) *int64 { return &e.Tokens.Total }),
	count("cached_tokens", func(e *store.Event) *int64 { return &e.Tokens.Cached }),
	count("cache_write_tokens", func(e *store.Event) *int64 { return &e.Tokens.CacheWrite }),
	count("reasoning_tokens", func(e *store.Event) *int64 { return &e.Tokens.Reasoning }),
}

var cost = field{name: "cost", read: readCost}
