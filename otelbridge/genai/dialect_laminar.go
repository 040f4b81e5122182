package genai

import "strings"

// Laminar's SDKs (lmnr). Calls of models are written by its own copies of OpenLLMetry's instrumentations, in the attributes of the conventions; lmnr.* says what a
// span is, whom it belongs to, and what went in and came out.
var _ = newDialect(dialect{
	name: "laminar", rank: 75, turn: 51,
	scopes: []string{"lmnr*", "@lmnr-ai/*"},
	keys: []keyed{
		{"lmnr.association.properties.session_id", fieldSessionID},
		{"lmnr.association.properties.user_id", fieldUserID},
		{"lmnr.association.properties.tags", fieldTags},
		{"lmnr.span.input", fieldInput},
		{"lmnr.span.output", fieldOutput},
	},
	families: []string{"lmnr.association.properties.", "lmnr."},
	facts:    []string{"lmnr.span.type", "lmnr.span.original_type"},
	kind:     kindOfLaminar,
	read:     readLaminar,
})

func kindOfLaminar(r *reading) (kind, string) {
	name := "lmnr.span.type"
	if r.word(name) == "cached" { // an answer that was played back
		name = "lmnr.span.original_type"
	}
	switch r.word(name) {
	case "llm":
		return kindLLM, r.saysFact(name)
	case "tool":
		return kindTool, r.saysFact(name)
	case "evaluation", "evaluator", "human_evaluator", "executor", "pipeline":
		return kindChain, r.saysFact(name)
	}
	return kindOther, "" // DEFAULT says nothing
}

// readLaminar keeps what the program said of its own accord (metadata, labels) apart from what the SDK says of itself.
func readLaminar(r *reading, _ *dialect) {
	for _, a := range r.family("lmnr.association.properties.") {
		if strings.HasPrefix(a.Key, "metadata.") || strings.HasPrefix(a.Key, "label.") {
			r.leave("lmnr.association.properties."+a.Key, a.Value)
		} else {
			r.fact("lmnr.association.properties."+a.Key, a.Value)
		}
	}
	for _, a := range r.family("lmnr.") {
		if strings.HasPrefix(a.Key, "span.") {
			r.fact("lmnr."+a.Key, a.Value)
		} else {
			r.leave("lmnr."+a.Key, a.Value)
		}
	}
}
