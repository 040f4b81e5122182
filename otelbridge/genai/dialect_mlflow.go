package genai

import (
	"encoding/json"
	"slices"
)

// MLflow's tracing and its autologging. Attributes are JSON, texts among them too. What went into a model and what came out are the bodies of the API's request and
// reply, whatever API it was.
var _ = newDialect(dialect{
	name: "mlflow", rank: 90, turn: 94,
	scopes: []string{"mlflow*"},
	keys: []keyed{
		{"mlflow.trace.session", fieldSessionID},
		{"mlflow.trace.user", fieldUserID},
		{"mlflow.chat.tools", fieldToolDefinitions},
		{"mlflow.llm.model", fieldNamedModel},
		{"mlflow.llm.provider", fieldProvider},
		{"mlflow.spanInputs", fieldInput},
		{"mlflow.spanOutputs", fieldOutput},
	},
	families: []string{"mlflow."},
	facts:    []string{"mlflow.spanType", "mlflow.message.format", "mlflow.spanFunctionName"},
	kind:     kindOfMLflow,
	read:     readMLflow,
	repair:   repairMLflow,
})

var mlflowKinds = map[string]kind{
	"llm": kindLLM, "chat_model": kindLLM, "embedding": kindEmbeddings, "tool": kindTool, "retriever": kindRetrieval, "reranker": kindRetrieval, "memory": kindMemory,
	"agent": kindAgent, "workflow": kindWorkflow, "chain": kindChain, "parser": kindChain, "task": kindChain, "guardrail": kindChain, "evaluator": kindChain,
}

func kindOfMLflow(r *reading) (kind, string) {
	return r.kindBy("mlflow.spanType", mlflowKinds)
}

func readMLflow(r *reading, d *dialect) {
	for _, a := range r.family("mlflow.") {
		switch key := "mlflow." + a.Key; a.Key {
		case "chat.tokenUsage":
			r.giveUsage(d, 100, key, objectIn(structured(a.Value)))
		case "llm.cost":
			cost := objectIn(structured(a.Value))
			r.give(d, 101, fieldCost, key, value(first(cost, "total_cost")))
		case "traceInputs", "traceOutputs", "chat.messages", "trace.intermediate_outputs", "spanDescription":
			r.leave(key, a.Value)
		default:
			r.fact(key, spelled(a.Value))
		}
	}
	switch k := mlflowKinds[r.word("mlflow.spanType")]; {
	case k.inference():
		mlflowRequest(r, d)
		mlflowReply(r, d)
	case k == kindAgent:
		r.give(d, 130, fieldAgentName, "the span's name", r.span.Name)
	}
}

// mlflowRequest reads what a request says beside its messages.
func mlflowRequest(r *reading, d *dialect) {
	members := objectIn(structured(r.get(fieldInput).value))
	r.give(d, 110, fieldRequestModel, "mlflow.spanInputs", firstText(members, "model", "model_name", "modelId"))
	if tools := first(members, "tools"); !emptyJSON(tools) {
		r.give(d, 111, fieldToolDefinitions, "mlflow.spanInputs", value(tools))
	}
	for _, name := range samplingNames {
		if raw := members[name]; !emptyJSON(raw) {
			r.parameter(name, value(raw))
		}
	}
}

// samplingNames are the parameters of requests that are no content.
var samplingNames = []string{
	"temperature", "top_p", "topP", "top_k", "topK", "max_tokens", "maxTokens", "max_completion_tokens", "max_output_tokens", "seed", "n", "stop", "stop_sequences",
	"frequency_penalty", "presence_penalty", "stream", "tool_choice", "reasoning_effort", "response_format", "service_tier", "dimensions", "encoding_format",
}

// mlflowReply reads what a reply says beside its messages. Its own counts know more than the sums that MLflow makes of them.
func mlflowReply(r *reading, d *dialect) {
	members := objectIn(structured(r.get(fieldOutput).value))
	r.give(d, 120, fieldResponseID, "mlflow.spanOutputs", firstText(members, "id", "response_id"))
	r.give(d, 121, fieldServedModel, "mlflow.spanOutputs", firstText(members, "model", "modelVersion", "model_version"))
	r.giveUsage(d, 122, "mlflow.spanOutputs", objectIn(first(members, "usage", "usageMetadata", "usage_metadata")))
	if vectors := first(members, "data"); vectors != nil && r.word("mlflow.spanType") == "embedding" {
		r.drop(fieldOutput) // vectors are of no use to a reader
	}
}

// repairMLflow: of an API that counts its input without cached tokens MLflow repeats the count.
func repairMLflow(r *reading) {
	of := r.get(fieldInputTokens).of
	if of == nil || of.name != "mlflow" {
		return
	}
	if slices.Contains([]string{"anthropic", "bedrock", "claude"}, r.word("mlflow.message.format")) || anthropicUsage(structured(r.get(fieldOutput).value)) {
		r.excluded()
	}
}

// anthropicUsage tells whether a body is a reply of Anthropic's API.
func anthropicUsage(body json.RawMessage) bool {
	return member(body, "stop_reason") != nil && member(body, "usage", "cache_read_input_tokens") != nil
}
