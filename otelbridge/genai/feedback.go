package genai

import "cmp"

// feedback gives the result of an evaluation.
func (r *reading) feedback() *Feedback {
	f := &Feedback{Name: cmp.Or(r.text(fieldEvaluationName), r.span.Name), Label: r.text(fieldEvaluationLabel), Comment: r.text(fieldEvaluationExplanation)}
	if score, ok := numberOf(r.content(fieldEvaluationScore)); ok {
		f.Score = &score
	}
	return f
}
