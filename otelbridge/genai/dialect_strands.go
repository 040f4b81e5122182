package genai

import "strings"

// Strands Agents, in Python and TypeScript. Nearly all of it is what the conventions were before 1.37, with messages as events of the span; in its newer mode the
// same messages, in the form of the schema, are in events called gen_ai.client.inference.operation.details, those of tools too.
var _ = newDialect(dialect{
	name: "strands", rank: 85, turn: 92,
	scopes: []string{"strands-agents", "strands.*", "strands"},
	keys: []keyed{
		{"system_prompt", fieldSystem},
		{"gen_ai.usage.cache_write_input_tokens", fieldCacheWriteTokens},
		{"gen_ai.server.time_to_first_token", fieldFirstTokenMillis},
	},
	common: []string{"system_prompt"},
	facts: []string{
		"agent_loop.cycle_id", "agent_loop.parent_cycle_id", "event_loop.cycle_id", "event_loop.parent_cycle_id", "gen_ai.server.request.duration", "gen_ai.agent.tools",
	},
	kind:   kindOfStrands,
	repair: repairStrands,
})

// kindOfStrands knows what goes on around several agents: invoke_swarm, invoke_graph.
func kindOfStrands(r *reading) (kind, string) {
	if strings.HasPrefix(textOf(r.get(fieldOperation).value), "invoke_") {
		return kindWorkflow, r.saysOperation()
	}
	return kindOther, ""
}

// repairStrands takes the input and the output of a tool out of the messages in which the newer mode writes them.
func repairStrands(r *reading) {
	if !r.kind.toolLike() {
		return
	}
	for from, to := range map[field]field{fieldInputMessages: fieldToolInput, fieldOutputMessages: fieldToolOutput} {
		if v := r.get(from); r.has(from) && !r.has(to) {
			r.drop(from)
			r.offer(to, found{value: toolPart(conversation(v.value, "tool")), key: v.key, rank: v.rank, of: v.of})
		}
	}
}

// toolPart gives what the first part says of a tool: its arguments, or its response.
func toolPart(list []Message) any {
	for _, m := range list {
		for _, p := range m.Parts {
			if p.Arguments != nil {
				return p.Arguments
			}
			if p.Response != nil {
				return p.Response
			}
		}
	}
	return nil
}
