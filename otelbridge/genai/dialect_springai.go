package genai

import "strings"

// Spring AI, whose observations come through Micrometer: every value is a text. Calls of models follow the conventions before 1.37; whatever else there is has the
// operation "framework", and spring.ai.kind says what it is.
var _ = newDialect(dialect{
	name: "spring ai", rank: 93, turn: 28,
	keys: []keyed{
		{"spring.ai.tool.definition.name", fieldToolName},
		{"spring.ai.tool.call.arguments", fieldToolInput},
		{"spring.ai.tool.call.result", fieldToolOutput},
		{"spring.ai.chat.client.conversation.id", fieldSessionID},
		{"spring.ai.chat.client.user.text", fieldInput},
		{"db.vector.query.content", fieldToolInput},
		{"db.vector.query.response.documents", fieldToolOutput},
	},
	common:   []string{"db.vector.query.content", "db.vector.query.response.documents"},
	families: []string{"spring.ai."},
	facts:    []string{"spring.ai.kind"},
	kind:     kindOfSpringAI,
	read:     readSpringAI,
})

var springAIKinds = map[string]kind{"tool_call": kindTool, "vector_store": kindRetrieval, "chat_client": kindChain, "advisor": kindChain}

// kindOfSpringAI: of a vector store only queries are retrievals.
func kindOfSpringAI(r *reading) (kind, string) {
	k, rule := r.kindBy("spring.ai.kind", springAIKinds)
	if k == kindRetrieval && textOf(r.attribute("db.operation.name")) != "query" {
		k = kindChain
	}
	return k, rule
}

// readSpringAI keeps what is no content: definitions of tools are long, and what a program asked and was answered is content.
func readSpringAI(r *reading, _ *dialect) {
	for _, a := range r.family("spring.ai.") {
		switch key := "spring.ai." + a.Key; {
		case strings.HasSuffix(a.Key, ".name"), strings.HasSuffix(a.Key, ".names"), strings.HasSuffix(a.Key, ".order"), strings.HasSuffix(a.Key, ".type"), strings.HasSuffix(a.Key, ".stream"):
			r.fact(key, a.Value)
		default:
			r.leave(key, a.Value)
		}
	}
}
