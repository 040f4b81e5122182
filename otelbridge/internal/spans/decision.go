package spans

import "github.com/sentrial/sentrial-go/types"

func (f *form) beginDecision() (name string) {
	f.text(keyOperation, opPlan)
	f.inference("CHAIN")
	if f.session == nil {
		return opPlan
	}
	f.text(keyAgentName, f.session.agent)
	return joined(opPlan, f.session.agent)
}

func (f *form) decision(d *types.Decision) {
	f.number(keyConfidence, d.Confidence)
	f.content(keyWhy, d.Reasoning)
	f.content(keyChosen, d.Chosen)
	if f.hook.Content {
		f.texts(keyAlternatives, d.Alternatives)
	}
}
