package spans

import "github.com/sentrial/sentrial-go/types"

// feedback has a span of its own, as what it judges is over as a rule, with the span event on it that the conventions have.
func (f *form) feedback(b *types.Feedback) {
	f.text(keyJudged, b.EventID)
	f.text(keyJudge, b.UserID)
	inside := form{hook: f.hook}
	inside.text(keyEvaluationName, b.Name)
	inside.number(keyScore, b.Score)
	inside.text(keyLabel, b.Label)
	inside.content(keyExplanation, b.Comment)
	f.notes = append(f.notes, spanEvent{eventEvaluation, inside.list})
}
