package genai

import (
	"encoding/json"
	"strings"
)

// Google's Agent Development Kit. A call of a model is known by the span's name only, and says all it says in two texts of JSON, which are "{}" on spans of tools;
// when it fails it says nothing at all. In Python the names in there are written with underscores.
var _ = newDialect(dialect{
	name: "adk", rank: 35, turn: 80,
	scopes: []string{"gcp.vertex.agent"},
	keys: []keyed{
		{"gcp.vertex.agent.session_id", fieldSessionID},
		{"gcp.vertex.agent.tool_call_args", fieldToolInput},
		{"gcp.vertex.agent.tool_response", fieldToolOutput},
		{"gcp.vertex.agent.data", fieldInput},
		{"gen_ai.usage.experimental.reasoning_tokens", fieldReasoningTokens},
		{"gen_ai.usage.experimental.cached_tokens", fieldCacheReadTokens},
		{"gen_ai.tool_definitions", fieldToolDefinitions},
	},
	families: []string{"gcp.vertex.agent."},
	kind:     kindOfADK,
	read:     readADK,
})

const (
	adkRequest  = "gcp.vertex.agent.llm_request"
	adkResponse = "gcp.vertex.agent.llm_response"
)

// adkMerged is a span that says once more what the tools that ran side by side answered, for a page that shows it.
const adkMerged = "execute_tool (merged tools)"

// kindOfADK goes by the names of spans. Those with brackets are of the first versions.
func kindOfADK(r *reading) (kind, string) {
	rule := "a span of gcp.vertex.agent called " + r.span.Name
	head, _, _ := strings.Cut(r.span.Name, " ")
	if r.span.Name == adkMerged {
		return kindChain, rule
	}
	switch head {
	case "call_llm":
		return kindLLM, rule
	case "agent_run":
		return kindAgent, rule
	case "execute_tool", "tool_call":
		return kindTool, rule
	}
	return kindOther, ""
}

func readADK(r *reading, d *dialect) {
	for _, a := range r.family("gcp.vertex.agent.") {
		switch key := "gcp.vertex.agent." + a.Key; key {
		case adkRequest:
			adkAsked(r, d, structured(a.Value))
		case adkResponse:
			adkAnswered(r, d, structured(a.Value))
		default:
			r.fact(key, a.Value)
		}
	}
	if r.span.Name == adkMerged {
		for _, f := range []field{fieldOperation, fieldToolName, fieldToolCallID, fieldToolInput, fieldToolOutput} {
			r.drop(f)
		}
	}
	if r.get(fieldToolCallID).value == "<not specified>" {
		r.drop(fieldToolCallID)
	}
	if _, name, ok := strings.Cut(r.span.Name, " ["); ok {
		f := fieldToolName
		if strings.HasPrefix(r.span.Name, "agent_run") {
			f = fieldAgentName
		}
		r.give(d, 100, f, "the span's name", strings.TrimSuffix(name, "]"))
	}
}

func adkAsked(r *reading, d *dialect, raw json.RawMessage) {
	members := objectIn(raw)
	if contents := first(members, "contents"); !emptyJSON(contents) {
		r.give(d, 110, fieldInputMessages, adkRequest, value(contents))
	}
	r.give(d, 111, fieldRequestModel, adkRequest, firstText(members, "model"))
	config := objectIn(first(members, "config"))
	r.give(d, 112, fieldSystem, adkRequest, value(first(config, "systemInstruction", "system_instruction")))
	r.give(d, 113, fieldToolDefinitions, adkRequest, value(first(config, "tools")))
	for _, name := range []string{"systemInstruction", "system_instruction", "tools", "httpOptions", "http_options", "labels"} {
		delete(config, name)
	}
	if len(config) > 0 {
		r.give(d, 114, fieldParameters, adkRequest, jsonOf(config))
	}
}

func adkAnswered(r *reading, d *dialect, raw json.RawMessage) {
	members := objectIn(raw)
	r.give(d, 120, fieldOutputMessages, adkResponse, value(first(members, "content")))
	r.give(d, 121, fieldFinishReasons, adkResponse, firstText(members, "finishReason", "finish_reason"))
	r.give(d, 122, fieldServedModel, adkResponse, firstText(members, "modelVersion", "model_version"))
	r.give(d, 123, fieldErrorType, adkResponse, firstText(members, "errorCode", "error_code"))
	r.give(d, 124, fieldErrorMessage, adkResponse, firstText(members, "errorMessage", "error_message"))
	usage := first(members, "usageMetadata", "usage_metadata")
	r.giveUsage(d, 125, adkResponse, objectIn(usage))
	addThoughts(r, objectIn(usage))
}

// addThoughts adds thoughts to the output, of which they were left out before 2.3.
func addThoughts(r *reading, usage map[string]json.RawMessage) {
	candidates, known := countOf(value(first(usage, "candidatesTokenCount", "candidates_token_count")))
	thoughts, _ := countOf(r.get(fieldReasoningTokens).value)
	if out, _ := countOf(r.get(fieldOutputTokens).value); known && out == candidates && thoughts > 0 {
		r.set(fieldOutputTokens, int64(out+thoughts), r.get(fieldOutputTokens).key+", and the thoughts of "+adkResponse)
	}
}
