package genai

import "strings"

// Flue. Of late it follows the conventions, and flue.* are ids; before, names of spans said what they are.
var _ = newDialect(dialect{
	name: "flue", rank: 94, turn: 98,
	scopes: []string{"@flue/*", "flue*"},
	keys: []keyed{
		{"flue.conversation.id", fieldSessionID},
		{"flue.agent.name", fieldAgentName},
		{"flue.workflow.name", fieldEntityName},
	},
	families: []string{"flue.log.", "flue."},
	kind:     kindOfFlue,
	read:     readFlue,
})

func kindOfFlue(r *reading) (kind, string) {
	rule := "a span called " + r.span.Name
	switch words := strings.Fields(r.span.Name); {
	case len(words) == 0:
		return kindOther, ""
	case words[0] == "flue.workflow":
		return kindWorkflow, rule
	case words[0] == "flue.task":
		return kindAgent, rule
	case words[0] == "flue.operation" && (r.word("flue.operation.kind") == "prompt" || r.word("flue.operation.kind") == "skill"):
		return kindAgent, rule
	case words[0] == "flue.operation":
		return kindChain, rule
	case words[0] == "flue.tool":
		return kindTool, rule
	}
	return kindOther, ""
}

func readFlue(r *reading, _ *dialect) {
	for _, a := range r.family("flue.log.") {
		r.leave("flue.log."+a.Key, a.Value)
	}
	for _, a := range r.family("flue.") {
		if strings.HasSuffix(a.Key, "payload") || strings.HasSuffix(a.Key, "result") {
			r.leave("flue."+a.Key, a.Value)
		} else {
			r.fact("flue."+a.Key, a.Value)
		}
	}
}
