package genai

import "sync"

// classify asks the dialects in turn what the span is. When none knows, attributes that only a call of a model or a tool has tell.
func (r *reading) classify() (k kind, rule string) {
	for _, d := range byTurn() {
		if r.spoken&d.bit == 0 {
			continue
		}
		if k, rule = d.kind(r); k != kindOther {
			return k, rule
		}
	}
	return r.guess()
}

// guess is for spans of dialects that are not known, or not known to say what a span is.
func (r *reading) guess() (k kind, rule string) {
	if r.spoken == 0 {
		return kindOther, "it has no GenAI attribute"
	}
	for _, f := range []field{fieldToolName, fieldToolCallID, fieldToolInput, fieldToolOutput} {
		if _, event := vocabulary.events[r.get(f).key]; r.has(f) && !event {
			return kindTool, "it has " + r.get(f).key
		}
	}
	for _, f := range []field{fieldServedModel, fieldRequestModel, fieldNamedModel, fieldInputTokens, fieldOutputTokens, fieldTotalTokens} {
		if r.has(f) {
			return kindLLM, "it has " + r.get(f).key
		}
	}
	return kindChain, "it is written in the dialect " + r.dialects()[0] + ", which has no event for it"
}

// saysOperation is a rule: the operation that decided.
func (r *reading) saysOperation() string {
	key, name := r.get(fieldOperation).key, textOf(r.get(fieldOperation).value)
	if rule := usualRules()[name]; rule != "" && key == operationKey {
		return rule
	}
	return key + " = " + name
}

const operationKey = "gen_ai.operation.name"

// usualRules are those of the known operations, which most spans have.
var usualRules = sync.OnceValue(func() map[string]string {
	rules := make(map[string]string, len(operations))
	for name := range operations {
		rules[name] = operationKey + " = " + name
	}
	return rules
})

// operations are the values of gen_ai.operation.name, those of the conventions and those seen.
var operations = map[string]kind{
	"chat": kindLLM, "text_completion": kindLLM, "generate_content": kindLLM, "completion": kindLLM, "generate": kindLLM, "responses": kindLLM,
	"embeddings": kindEmbeddings, "embedding": kindEmbeddings, "embed": kindEmbeddings,
	"retrieval":    kindRetrieval,
	"execute_tool": kindTool, "tool": kindTool,
	"invoke_agent": kindAgent, "invoke_workflow": kindWorkflow, "create_agent": kindChain,
	"plan":                kindPlan,
	"create_memory_store": kindMemory, "delete_memory_store": kindMemory, "search_memory": kindMemory, "create_memory": kindMemory,
	"update_memory": kindMemory, "upsert_memory": kindMemory, "delete_memory": kindMemory,
	"agent_step": kindChain, "model_generation": kindChain, "model_step": kindChain, "model_chunk": kindChain, "chain": kindChain,
}
