package genai

import (
	"encoding/json"
	"slices"
	"strings"
)

// Pydantic AI, and Logfire's instrumentations of the SDKs of OpenAI and Anthropic. Pydantic AI wrote messages as a list of events in one attribute, then as the
// schema has them; its spans of agents and tools had no gen_ai.operation.name for long. Logfire's own have the bodies of request and reply.
var _ = newDialect(dialect{
	name: "logfire", rank: 95, turn: 96,
	scopes: []string{
		"pydantic-ai", "pydantic_ai*", "logfire.openai", "logfire.anthropic", "logfire.pydantic_ai", "logfire.litellm", "logfire.google_genai", "logfire.openai_agents",
	},
	keys: []keyed{
		{"agent_name", fieldAgentName},
		{"prompt", fieldInput},
		{"final_result", fieldOutput},
		{"tool_arguments", fieldToolInput},
		{"tool_response", fieldToolOutput},
		{"model_name", fieldFact},
		{"logfire.json_schema", fieldIgnored},
		{"logfire.metrics", fieldIgnored},
		{"logfire.msg_template", fieldIgnored},
		{"logfire.span_type", fieldFact},
		{"logfire.level_num", fieldFact},
		{"logfire.tags", fieldTags},
		{"gen_ai.client.operation.time_to_first_chunk", fieldFirstTokenSeconds},
		{"operation.cost", fieldCost},
	},
	common:   []string{"agent_name", "prompt", "final_result", "tool_arguments", "tool_response", "model_name", "logfire.json_schema", "logfire.metrics", "logfire.msg_template", "logfire.span_type", "logfire.level_num", "logfire.tags"},
	families: []string{"pydantic_ai.", "gen_ai.aggregated_usage."},
	facts:    []string{"gen_ai.agent.call.id", "pydantic_ai.new_message_index", "pydantic_ai.variable_instructions"},
	kind:     kindOfLogfire,
	read:     readLogfire,
	repair:   repairLogfire,
})

// kindOfLogfire goes by names of spans: those of agents and tools have changed theirs, and say by nothing else what they are.
func kindOfLogfire(r *reading) (kind, string) {
	name, rule := r.span.Name, "a span called "+r.span.Name
	switch {
	case r.word("logfire.span_type") == "log": // of a streamed answer, beside the call
		return kindChain, r.saysFact("logfire.span_type")
	case r.attribute("pydantic_ai.all_messages") != nil, r.attribute("all_messages_events") != nil, name == "agent run":
		return kindAgent, rule
	case strings.HasPrefix(name, "running ") && strings.HasSuffix(name, " tools"), name == "running tools":
		return kindChain, rule
	case r.attribute("request_data") == nil:
		return kindOther, ""
	case strings.HasPrefix(name, "Embedding"):
		return kindEmbeddings, rule
	}
	return kindLLM, "it has request_data"
}

func readLogfire(r *reading, d *dialect) {
	r.events(r.unknown["events"], "events")
	if v, ok := r.unknown["model_request_parameters"]; ok {
		r.give(d, 100, fieldToolDefinitions, "model_request_parameters", value(member(structured(v), "function_tools")))
		delete(r.unknown, "model_request_parameters")
	}
	for _, a := range r.family("gen_ai.aggregated_usage.") {
		r.fact("gen_ai.aggregated_usage."+a.Key, a.Value)
	}
	for _, a := range r.family("pydantic_ai.") {
		logfireRun(r, "pydantic_ai."+a.Key, a.Value)
	}
	if v, ok := r.unknown["all_messages_events"]; ok && r.events(v, "all_messages_events") {
		r.input, r.answer = asked(append(r.input, r.answer...)), nil
	}
	logfireBodies(r, d)
}

// events reads a list of messages written as events are, and tells whether it was one.
func (r *reading) events(v any, key string) bool {
	items := listIn(structured(v))
	if items == nil {
		return false
	}
	for _, item := range items {
		members := objectIn(item)
		e := SpanEvent{Name: firstText(members, "event.name")}
		for name, raw := range members {
			e.Attributes = append(e.Attributes, Attribute{name, asWritten(raw)})
		}
		readMessageEvent(r, deprecated, &e)
	}
	delete(r.unknown, key)
	return true
}

// logfireRun takes from all the messages of a run what it was asked and what it answered; each message is in a call of its own too.
func logfireRun(r *reading, key string, v any) {
	if key != "pydantic_ai.all_messages" {
		r.fact(key, v)
		return
	}
	list := conversation(v, "user")
	r.input = asked(list)
	if n := len(list); n > 0 && list[n-1].Role == "assistant" && !r.has(fieldOutput) {
		r.answer = list[n-1:]
	}
}

// asked is the last message of a user in a conversation. What tools answered is a user's message too for some.
func asked(list []Message) []Message {
	for i, m := range slices.Backward(list) {
		if m.Role == "user" && !slices.ContainsFunc(m.Parts, func(p Part) bool { return p.Type == "tool_call_response" }) {
			return list[i : i+1]
		}
	}
	return nil
}

// logfireBodies reads the bodies of request and reply that Logfire's instrumentations of SDKs write.
func logfireBodies(r *reading, d *dialect) {
	if request, ok := r.unknown["request_data"]; ok {
		raw := structured(request)
		members := objectIn(raw)
		r.give(d, 110, fieldRequestModel, "request_data", firstText(members, "model"))
		r.give(d, 111, fieldInput, "request_data", request)
		delete(r.unknown, "request_data")
		r.give(d, 112, fieldToolDefinitions, "request_data", value(first(members, "tools")))
		for _, name := range samplingNames {
			if v := members[name]; !emptyJSON(v) {
				r.parameter(name, value(v))
			}
		}
	}
	if response, ok := r.unknown["response_data"]; ok {
		members := objectIn(structured(response))
		r.giveUsage(d, 120, "response_data", objectIn(first(members, "usage")))
		r.give(d, 121, fieldResponseID, "response_data", firstText(members, "id"))
		logfireAnswer(r, d, members)
	}
}

// repairLogfire: the reply of Anthropic's API counts its input without what was cached.
func repairLogfire(r *reading) {
	if r.span.Scope.Name == "logfire.anthropic" && r.get(fieldInputTokens).key == "response_data" {
		r.excluded()
	}
}

func logfireAnswer(r *reading, d *dialect, members map[string]json.RawMessage) {
	r.give(d, 122, fieldOutputMessages, "response_data", value(first(members, "message")))
	r.give(d, 123, fieldOutputText, "response_data", firstText(members, "combined_chunk_content", "text"))
	delete(r.unknown, "response_data")
}
