package spans

import (
	"cmp"
	"encoding/json"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
	"github.com/sentrial/sentrial-go/types"
)

// form is what is written on a span of an event.
type form struct {
	hook    *Hook
	session *session // that the event is of; nil = it did not begin here
	list    []attribute.KeyValue
	notes   []spanEvent
}

// spanEvent is one noted on the span.
type spanEvent struct {
	name string
	list []attribute.KeyValue
}

// describe says of an event what is known at its beginning: the name and the kind of the span, and what samplers and processors may want to see.
func (f *form) describe(e *types.Event) (name string, kind trace.SpanKind) {
	f.list = make([]attribute.KeyValue, 0, 12)
	f.text(keySource, sourceSDK)
	f.text(keyEventID, e.ID)
	f.text(keyEventType, string(e.Type))
	f.text(keySessionID, e.SessionID)
	f.ofSession(e.SessionID)
	switch {
	case e.LLMCall != nil:
		return f.beginLLM(e.LLMCall), trace.SpanKindClient
	case e.ToolCall != nil:
		return f.beginTool(e.ToolCall), trace.SpanKindInternal
	case e.Decision != nil:
		return f.beginDecision(), trace.SpanKindInternal
	case e.Step != nil:
		return f.beginStep(e.Step), trace.SpanKindInternal
	case e.Type == types.EventSessionStart:
		return f.beginAgent(f.session.agent), trace.SpanKindInternal
	case e.Feedback != nil:
		return joined("evaluate", e.Feedback.Name), trace.SpanKindInternal
	}
	return string(e.Type), trace.SpanKindInternal
}

// beginAgent is for the run of an agent.
func (f *form) beginAgent(name string) string {
	f.text(keyOperation, opInvokeAgent)
	f.text(keyAgentName, name)
	f.inference("AGENT")
	return joined(opInvokeAgent, name)
}

// joined is the name of a span: what is done, and to what.
func joined(operation, name string) string {
	if name == "" {
		return operation
	}
	return operation + " " + name
}

// ofSession repeats on each span what backends look for there.
func (f *form) ofSession(id string) {
	s := f.session
	if s == nil {
		s = new(session)
	}
	f.text(keyConversation, cmp.Or(s.conversation, id))
	f.text(keyUser, s.user)
	if f.hook.OpenInference {
		f.text(keySession, id)
	}
}

// whole says all of the event that is not said at its beginning.
func (f *form) whole(e *types.Event) {
	f.envelope(e)
	switch {
	case e.LLMCall != nil:
		f.llmCall(e.LLMCall)
	case e.ToolCall != nil:
		f.toolCall(e.ToolCall)
	case e.Decision != nil:
		f.decision(e.Decision)
	case e.Step != nil:
		f.step(e.Step)
	case e.Session != nil:
		f.fields(e.Session)
	case e.Result != nil:
		f.result(e.Result)
	case e.Error != nil:
		f.errorEvent(e.Error)
	case e.Feedback != nil:
		f.feedback(e.Feedback)
	}
	f.unknown(e)
}

// envelope is what all events have, but for what their span says by being one.
func (f *form) envelope(e *types.Event) {
	f.text(keyEventID, e.ID)
	f.text(keyParentID, e.ParentID)
	f.count(keySeq, e.Seq)
	f.text(keyStatus, string(e.Status))
	f.object(keyMetadata, e.Metadata)
}

// unknown keeps what has no struct: members without a field, and whole events of other types. They may well be content.
func (f *form) unknown(e *types.Event) {
	if !f.hook.Content {
		return
	}
	if e.Raw != nil && !e.Type.Known() {
		f.text(keyEvent, string(e.Raw))
	}
	f.members(keyFields, e)
}

// members keeps those of an event that have no field.
func (f *form) members(key string, e *types.Event) {
	if f.hook.Content && len(e.Extra) > 0 {
		f.json(key, e.Extra)
	}
}

func (f *form) add(kv attribute.KeyValue) { f.list = append(f.list, kv) }

func (f *form) text(key, text string) {
	if text != "" {
		f.add(attribute.String(key, text))
	}
}

func (f *form) texts(key string, list []string) {
	if len(list) > 0 {
		f.add(attribute.StringSlice(key, list))
	}
}

func (f *form) count(key string, n int64) {
	if n != 0 {
		f.add(attribute.Int64(key, n))
	}
}

func (f *form) number(key string, n *float64) {
	if n != nil {
		f.add(attribute.Float64(key, *n))
	}
}

func (f *form) object(key string, m map[string]any) {
	if len(m) > 0 {
		f.json(key, m)
	}
}

func (f *form) json(key string, v any) { f.add(attribute.String(key, string(jsonenc.Append(nil, v)))) }

// content is text that somebody wrote.
func (f *form) content(key, text string) {
	if f.hook.Content {
		f.text(key, text)
	}
}

// value is content of any kind: a text as it is unless it could be taken for JSON, all else in JSON.
func (f *form) value(key string, v any) {
	if !f.hook.Content || v == nil {
		return
	}
	if text, ok := v.(string); ok && !json.Valid([]byte(text)) {
		f.add(attribute.String(key, text)) // an empty one too
		return
	}
	f.json(key, v)
}

// said is what an agent was asked or answered: a message where it is a text, as backends expect, all else in JSON.
func (f *form) said(messages, other, role string, v any) {
	if !f.hook.Content || v == nil {
		return
	}
	if text, ok := v.(string); ok && text != "" {
		f.add(attribute.String(messages, plainMessage(role, text, "")))
		return
	}
	f.json(other, v)
}
