package genai

import "strings"

// Langfuse's own SDKs for Python and JavaScript.
var _ = newDialect(dialect{
	name: "langfuse", rank: 10, turn: 10,
	scopes: []string{"langfuse-sdk"},
	keys: []keyed{
		{"langfuse.session.id", fieldSessionID},
		{"langfuse.trace.metadata.langfuse_session_id", fieldSessionID},
		{"langfuse.observation.metadata.langfuse_session_id", fieldSessionID},
		{"langfuse.user.id", fieldUserID},
		{"langfuse.trace.metadata.langfuse_user_id", fieldUserID},
		{"langfuse.observation.metadata.langfuse_user_id", fieldUserID},
		{"langfuse.trace.name", fieldSessionName},
		{"langfuse.trace.tags", fieldTags},
		{"langfuse.observation.input", fieldInput},
		{"langfuse.observation.output", fieldOutput},
		{"langfuse.trace.input", fieldInput},
		{"langfuse.trace.output", fieldOutput},
		{"langfuse.observation.model.name", fieldNamedModel},
		{"langfuse.observation.model.parameters", fieldParameters},
		{"langfuse.observation.completion_start_time", fieldFirstTokenTime},
		{"langfuse.observation.prompt.name", fieldPromptName},
		{"langfuse.observation.prompt.version", fieldPromptVersion},
		{"langfuse.observation.level", fieldLevel},
		{"langfuse.observation.status_message", fieldErrorMessage},
		{"langfuse.observation.usage_details", fieldUsageDetails},
		{"langfuse.observation.cost_details", fieldCostDetails},
	},
	families: []string{"langfuse.observation.metadata.", "langfuse.trace.metadata.", "langfuse.internal.", "langfuse.experiment."},
	facts: []string{
		"langfuse.observation.type", "langfuse.environment", "langfuse.release", "langfuse.version", "langfuse.trace.public", "langfuse.observation.metadata",
		"langfuse.trace.metadata",
	},
	kind: func(r *reading) (kind, string) { return r.kindBy("langfuse.observation.type", langfuseKinds) },
	read: readLangfuse,
	repair: func(r *reading) {
		if r.kind == kindAgent {
			r.namedBySpan("langfuse")
		}
	},
})

var langfuseKinds = map[string]kind{
	"generation": kindLLM, "embedding": kindEmbeddings, "tool": kindTool, "agent": kindAgent, "retriever": kindRetrieval,
	"chain": kindChain, "span": kindChain, "event": kindChain, "evaluator": kindChain, "guardrail": kindChain,
}

func readLangfuse(r *reading, d *dialect) {
	r.keepFamily("langfuse.observation.metadata.")
	r.keepFamily("langfuse.trace.metadata.")
	r.factsOfFamily("langfuse.internal.")
	r.keepFamily("langfuse.experiment.")
	readLangfuseUsage(r, d)
	readLangfuseCost(r, d)
	r.modelOfParameters()
	r.toolsOfInput()
}

// readLangfuseUsage adds up what Langfuse keeps apart: its input leaves out cached tokens and its output reasoning. Details inside an object of their own, and
// ones that the total shows to be counted already, are parts of the whole.
func readLangfuseUsage(r *reading, d *dialect) {
	key := "langfuse.observation.usage_details"
	members := objectIn(structured(r.get(fieldUsageDetails).value))
	if members == nil {
		return
	}
	r.use(fieldUsageDetails)
	if members["prompt_tokens"] != nil || members["input_tokens"] != nil { // as the API wrote it
		r.giveUsage(d, 900, key, inclusive(members))
		return
	}
	var u langfuseUsage
	for name, raw := range members {
		if n, ok := countOf(raw); ok {
			u.add(name, n)
		} else {
			r.giveUsageDetails(d, 900, key, objectIn(raw))
		}
	}
	in, out := u.sums()
	for f, n := range map[field]int{fieldInputTokens: in, fieldOutputTokens: out, fieldTotalTokens: u.total} {
		if n > 0 {
			r.give(d, 900, f, key, int64(n))
		}
	}
	for f, n := range map[field]int{fieldCacheReadTokens: u.read, fieldCacheWriteTokens: u.wrote, fieldReasoningTokens: u.reasoning} {
		r.give(d, 900, f, key, int64(n))
	}
}

type langfuseUsage struct {
	input, output, total   int
	moreIn, moreOut        int // counted beside input and output
	read, wrote, reasoning int
}

func (u *langfuseUsage) add(name string, n int) {
	name = strings.ToLower(name)
	switch {
	case name == "input":
		u.input = n
		return
	case name == "output":
		u.output = n
		return
	case name == "total":
		u.total = n
		return
	case strings.Contains(name, "cache"):
		u.moreIn += n
		if strings.Contains(name, "creation") || strings.Contains(name, "write") {
			u.wrote += n
		} else {
			u.read += n
		}
		return
	case strings.HasPrefix(name, "input_"):
		u.moreIn += n
		return
	case strings.Contains(name, "reasoning"), strings.Contains(name, "thought"):
		u.reasoning += n
	case !strings.HasPrefix(name, "output_"):
		return
	}
	u.moreOut += n
}

// sums gives all input and all output.
func (u *langfuseUsage) sums() (in, out int) {
	if u.total > 0 && u.total == u.input+u.output {
		return u.input, u.output
	}
	return u.input + u.moreIn, u.output + u.moreOut
}

func readLangfuseCost(r *reading, d *dialect) {
	members := objectIn(structured(r.get(fieldCostDetails).value))
	if members == nil {
		return
	}
	r.use(fieldCostDetails)
	if total := first(members, "total"); total != nil {
		r.give(d, 900, fieldCost, "langfuse.observation.cost_details", total)
		return
	}
	var sum float64
	for _, raw := range members {
		if f, ok := numberOf(raw); ok {
			sum += f
		}
	}
	r.give(d, 900, fieldCost, "langfuse.observation.cost_details", jsonOf(sum))
}
