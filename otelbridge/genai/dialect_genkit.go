package genai

import (
	"encoding/json"
	"strings"
)

// Genkit, in Go, TypeScript and Python. Its spans have nothing of the conventions: what went in and out of an action is JSON, and all else is in there.
// genkit:isFailureSource is of no use: the Go SDK sets it on every span that an error passes.
var _ = newDialect(dialect{
	name: "genkit", rank: 70, turn: 60,
	scopes: []string{"genkit-tracer", "genkit*"},
	keys: []keyed{
		{"genkit:sessionId", fieldSessionID},
		{"genkit:metadata:flow:name", fieldAgentName},
		{"genkit:error", fieldErrorMessage},
		{"genkit:state", fieldLevel},
		{"genkit:isFailureSource", fieldIgnored},
	},
	families: []string{"genkit:"},
	facts:    []string{"genkit:type", "genkit:name", "genkit:path", "genkit:metadata:subtype", "genkit:isRoot"},
	kind:     kindOfGenkit,
	read:     readGenkit,
})

var genkitKinds = map[string]kind{
	"flow": kindWorkflow, "agent": kindAgent, "session-flow": kindAgent,
	"model": kindLLM, "background-model": kindLLM, "embedder": kindEmbeddings,
	"tool": kindTool, "tool.v2": kindTool, "retriever": kindRetrieval, "reranker": kindRetrieval,
}

// genkitType is what an action is. Others (util, flowStep, prompt, evaluator) are steps; the first versions called a flow a type.
func genkitType(r *reading) string {
	if subtype := r.word("genkit:metadata:subtype"); subtype != "" {
		return subtype
	}
	return r.word("genkit:type")
}

func kindOfGenkit(r *reading) (kind, string) {
	key := "genkit:metadata:subtype"
	if r.word(key) == "" {
		key = "genkit:type"
	}
	if r.word(key) == "" {
		return kindOther, ""
	}
	if k := genkitKinds[r.word(key)]; k != kindOther {
		return k, r.saysFact(key)
	}
	return kindChain, r.saysFact(key)
}

func readGenkit(r *reading, d *dialect) {
	var input, output any
	for _, a := range r.family("genkit:") {
		switch a.Key {
		case "input":
			input = a.Value
		case "output":
			output = a.Value
		case "metadata:context", "init":
			r.leave("genkit:"+a.Key, a.Value)
		default:
			r.fact("genkit:"+a.Key, a.Value)
		}
	}
	name := wordOf(r.facts["genkit:name"])
	switch kind := genkitKinds[genkitType(r)]; {
	case kind.inference():
		genkitModel(r, d, name)
		genkitRequest(r, d, input)
		genkitReply(r, d, output)
	case kind == kindTool:
		r.give(d, 100, fieldToolName, "genkit:name", name)
		r.give(d, 101, fieldToolInput, "genkit:input", input)
		r.give(d, 102, fieldToolOutput, "genkit:output", genkitToolOutput(r, output))
	case kind == kindRetrieval:
		r.give(d, 100, fieldToolName, "genkit:name", name)
		r.give(d, 101, fieldToolInput, "genkit:input", genkitQuery(input))
		r.give(d, 102, fieldToolOutput, "genkit:output", output)
	default:
		r.give(d, 100, fieldEntityName, "genkit:name", name)
		r.give(d, 101, fieldInput, "genkit:input", input)
		r.give(d, 102, fieldOutput, "genkit:output", output)
	}
}

// genkitModel takes a name apart: openai/gpt-4o-mini is the model of a plugin, which is called after the provider.
func genkitModel(r *reading, d *dialect, name string) {
	if provider, model, ok := strings.Cut(name, "/"); ok {
		r.give(d, 100, fieldProvider, "genkit:name", provider)
		name = model
	}
	r.give(d, 101, fieldRequestModel, "genkit:name", name)
}

func genkitRequest(r *reading, d *dialect, input any) {
	raw := structured(input)
	r.give(d, 110, fieldInputMessages, "genkit:input", value(member(raw, "messages")))
	if genkitKinds[genkitType(r)] == kindEmbeddings {
		r.give(d, 111, fieldInput, "genkit:input", value(member(raw, "input")))
	}
	if tools := member(raw, "tools"); !emptyJSON(tools) {
		r.give(d, 112, fieldToolDefinitions, "genkit:input", value(tools))
	}
	if config := member(raw, "config"); !emptyJSON(config) {
		r.give(d, 113, fieldParameters, "genkit:input", value(config))
	}
}

// genkitReply reads the reply of a model. Its plugins put what the API said into custom, or raw. An embedder replies with vectors, which are left out.
func genkitReply(r *reading, d *dialect, output any) {
	raw := structured(output)
	members := objectIn(raw)
	if m := first(members, "message", "candidates"); m != nil {
		r.give(d, 120, fieldOutputMessages, "genkit:output", value(m))
	}
	r.give(d, 121, fieldFinishReasons, "genkit:output", firstText(members, "finishReason"))
	for _, inner := range []json.RawMessage{first(members, "custom"), first(members, "raw")} {
		r.give(d, 122, fieldServedModel, "genkit:output", firstText(objectIn(inner), "model", "modelVersion"))
		r.give(d, 123, fieldResponseID, "genkit:output", firstText(objectIn(inner), "id", "responseId"))
		if usage := objectIn(member(inner, "usage")); usage["cache_read_input_tokens"] != nil { // Anthropic's, which its plugin repeats without what was cached
			r.giveUsage(d, 119, "genkit:output", inclusive(usage))
		}
	}
	r.giveUsage(d, 124, "genkit:output", objectIn(first(members, "usage")))
}

// genkitToolOutput takes the output of a tool out of the object that tools of the second version reply with.
func genkitToolOutput(r *reading, output any) any {
	members := objectIn(structured(output))
	if inner := members["output"]; len(members) == 1 && inner != nil && genkitType(r) == "tool.v2" {
		return value(inner)
	}
	return output
}

// genkitQuery is the text that a retriever was asked for.
func genkitQuery(input any) any {
	query := member(structured(input), "query")
	if text := plainText([]Message{{Parts: partsOf(member(query, "content"))}}); text != "" {
		return text
	}
	return input
}
