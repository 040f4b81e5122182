package genai

// What is written for Sentrial: by programs that say which session a span belongs to or why something was chosen, and by Sentrial's own SDK, which makes spans of the
// events that it records. Of those see ours.go.
var _ = newDialect(dialect{
	name: "sentrial", rank: 1, turn: 1,
	keys: []keyed{
		{"sentrial.session.id", fieldSessionID},
		{"sentrial.user.id", fieldUserID},
		{"sentrial.session.name", fieldSessionName},
		{"sentrial.session.end", fieldSessionEnds},
		{"sentrial.conversation.id", fieldConversationID},
		{"sentrial.tags", fieldTags},
		{"sentrial.cost", fieldCost},
		{"sentrial.prompt.version", fieldPromptVersion},
		{"sentrial.decision.reasoning", fieldDecisionReasoning},
		{"sentrial.reasoning", fieldDecisionReasoning}, // of a tool call
		{"sentrial.decision.chosen", fieldDecisionChosen},
		{"sentrial.decision.alternatives", fieldDecisionAlternatives},
		{"sentrial.decision.confidence", fieldDecisionConfidence},
		{"sentrial.event.id", fieldEventID},
		{"sentrial.source", fieldIgnored},
		{"sentrial.step.name", fieldEntityName},
		{"sentrial.input", fieldInput},
		{"sentrial.output", fieldOutput},
	},
	kind: kindOfSentrial,
})

func kindOfSentrial(r *reading) (kind, string) {
	switch {
	case r.isOurs():
		return kindOurs, "sentrial.source = sdk"
	case r.get(fieldDecisionChosen).key == "sentrial.decision.chosen":
		return kindDecision, "it has sentrial.decision.chosen"
	case r.get(fieldDecisionReasoning).key == "sentrial.decision.reasoning":
		return kindDecision, "it has sentrial.decision.reasoning"
	}
	return kindOther, ""
}
