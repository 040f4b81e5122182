package genai

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// deprecatedRank is the last rank of the conventions.
const deprecatedRank = 25

// What the GenAI conventions were before 1.37, and spellings that were never in them but are seen. Messages were events of the span, or of its log.
var deprecated = newDialect(dialect{
	name: "semconv before 1.37", rank: deprecatedRank,
	keys: []keyed{
		{"gen_ai.system", fieldProvider},
		{"gen_ai.request_model", fieldRequestModel},
		{"gen_ai.response_model", fieldServedModel},
		{"gen_ai.usage.prompt_tokens", fieldInputTokens},
		{"gen_ai.usage.completion_tokens", fieldOutputTokens},
		{"gen_ai.usage.cache_read_input_tokens", fieldCacheReadTokens},
		{"gen_ai.usage.cache_creation_input_tokens", fieldCacheWriteTokens},
		{"gen_ai.usage.details.cache_read_tokens", fieldCacheReadTokens},
		{"gen_ai.usage.details.cache_write_tokens", fieldCacheWriteTokens},
		{"gen_ai.usage.details.reasoning_tokens", fieldReasoningTokens},
		{"gen_ai.usage.reasoning_tokens", fieldReasoningTokens},
		{"gen_ai.usage.cached_tokens", fieldCacheReadTokens},
		{"gen_ai.usage.cost", fieldCost},
		{"gen_ai.usage.input_cost", fieldInputCost},
		{"gen_ai.usage.output_cost", fieldOutputCost},
		{"gen_ai.prompt", fieldInput},
		{"gen_ai.completion", fieldOutput},
		{"gen_ai.tool.status", fieldToolStatus},
		{"exception.type", fieldErrorType},
		{"exception.message", fieldErrorMessage},
		{"exception.stacktrace", fieldErrorStack},
	},
	families: []string{"gen_ai.prompt.", "gen_ai.completion.", "gen_ai.openai.request.", "gen_ai.openai.response."},
	facts:    []string{"gen_ai.event.start_time", "gen_ai.event.end_time"},
	common:   []string{"exception.type", "exception.message", "exception.stacktrace"},
	events: []string{
		"gen_ai.system.message", "gen_ai.user.message", "gen_ai.assistant.message", "gen_ai.tool.message", "gen_ai.choice",
		"gen_ai.content.prompt", "gen_ai.content.completion",
	},
	read: readDeprecated,
})

func readDeprecated(r *reading, d *dialect) {
	r.heard(d, "gen_ai.prompt.*", flatMessages(r.family("gen_ai.prompt."), "user"))
	r.answered(d, "gen_ai.completion.*", flatMessages(r.family("gen_ai.completion."), "assistant"))
	for _, a := range r.family("gen_ai.openai.request.") {
		r.parameter(a.Key, a.Value)
	}
	for _, a := range r.family("gen_ai.openai.response.") {
		r.fact("openai.response."+a.Key, a.Value)
	}
	r.eachEvent(func(e *SpanEvent) { readMessageEvent(r, d, e) })
}

// readMessageEvent reads one message that was written as an event. On the span of a tool the two messages are its input and its output.
func readMessageEvent(r *reading, d *dialect, e *SpanEvent) {
	e = unpacked(e)
	said := func(keys ...string) any {
		for _, key := range keys {
			for _, a := range e.Attributes {
				if a.Key == key && a.Value != nil {
					return a.Value
				}
			}
		}
		return nil
	}
	switch e.Name {
	case "gen_ai.content.prompt":
		r.give(d, 900, fieldInput, e.Name, said("gen_ai.prompt"))
	case "gen_ai.content.completion":
		r.give(d, 900, fieldOutput, e.Name, said("gen_ai.completion"))
	case "gen_ai.choice":
		r.give(d, 900, fieldFinishReasons, e.Name, said("finish_reason"))
		r.give(d, 900, fieldToolOutput, e.Name, said("message", "content"))
		r.answered(d, e.Name, eventMessage("assistant", said))
	case "gen_ai.system.message", "gen_ai.user.message", "gen_ai.assistant.message", "gen_ai.tool.message":
		role := strings.TrimSuffix(strings.TrimPrefix(e.Name, "gen_ai."), ".message")
		if role == "tool" {
			r.give(d, 900, fieldToolInput, e.Name, said("content"))
		}
		r.heard(d, e.Name, eventMessage(role, said))
	}
}

// unpacked gives an event whose members are all in one attribute, as the SDKs for .NET and Azure write them, the attributes it would have otherwise.
func unpacked(e *SpanEvent) *SpanEvent {
	i := slices.IndexFunc(e.Attributes, func(a Attribute) bool { return a.Key == "gen_ai.event.content" })
	if i < 0 {
		return e
	}
	attributes := slices.Clone(e.Attributes)
	for name, raw := range objectIn(structured(e.Attributes[i].Value)) {
		attributes = append(attributes, Attribute{name, asWritten(raw)})
	}
	return &SpanEvent{Name: e.Name, Time: e.Time, Attributes: attributes}
}

// eventMessage gives the message of an event: its attributes are the message's members, of which message may hold all others. Log records have them in the body.
func eventMessage(role string, said func(...string) any) []Message {
	members := make(map[string]json.RawMessage)
	for _, name := range []string{"content", "message", "tool_calls", "id", "name", "finish_reason"} {
		if v := said(name); v != nil {
			members[name] = memberOf(name, v)
			if name == "content" {
				members[name] = contentJSON(role, v)
			}
		}
	}
	if inner := objectIn(members["message"]); inner != nil && (inner["content"] != nil || inner["tool_calls"] != nil) {
		delete(members, "message")
		maps.Copy(members, inner)
	}
	if len(members) == 0 {
		return nil
	}
	members["role"] = jsonOf(role)
	if role == "tool" && members["id"] != nil && members["tool_call_id"] == nil {
		members["tool_call_id"] = members["id"]
	}
	m, _ := messageOf(members)
	return []Message{m}
}

// memberOf gives a member of a message. Content that is JSON may be a list of parts, or an answer that happens to be JSON, which is a text.
func memberOf(name string, v any) json.RawMessage {
	if s, ok := v.(string); ok && (name == "content" || name == "message") && !partsInside(structured(s)) {
		return jsonOf(s)
	}
	return jsonOf(spelled(v))
}

// partsInside tells whether JSON holds a message, or parts of one.
func partsInside(raw json.RawMessage) bool {
	if members := objectIn(raw); members != nil {
		return members["role"] != nil || members["content"] != nil || members["tool_calls"] != nil || looksLikePart(members)
	}
	return slices.ContainsFunc(listIn(raw), func(item json.RawMessage) bool {
		members := objectIn(item)
		return firstText(members, "type") != "" || members != nil && looksLikePart(members)
	})
}
