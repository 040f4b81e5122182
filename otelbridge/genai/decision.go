package genai

import "cmp"

// decision gives the choice that the span is.
func (r *reading) decision() *Decision {
	d := &Decision{
		Reasoning: cmp.Or(r.text(fieldDecisionReasoning), r.text(fieldReasoning)), Chosen: r.text(fieldDecisionChosen),
		Alternatives: textsOf(r.content(fieldDecisionAlternatives)),
	}
	if f, ok := numberOf(r.content(fieldDecisionConfidence)); ok {
		d.Confidence = &f
	}
	if d.Reasoning == "" {
		d.Reasoning = plainText(conversation(r.content(fieldOutputMessages, fieldOutput), "assistant"))
	}
	return d
}
