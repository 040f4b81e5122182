package spans

import (
	"cmp"

	"github.com/sentrial/sentrial-go/types"
)

// kindAgent is the kind of a step that is the run of another agent.
const kindAgent = "agent"

func (f *form) beginStep(s *types.Step) (name string) {
	if s.Kind == kindAgent {
		return f.beginAgent(s.Name)
	}
	f.inference("CHAIN")
	return cmp.Or(s.Name, s.Kind, string(types.EventStep))
}

func (f *form) step(s *types.Step) {
	f.text(keyStepName, s.Name)
	f.text(keyStepKind, s.Kind)
	f.text(keyError, s.Error)
	if s.Kind == kindAgent {
		f.text(keyAgentName, s.Name)
		f.said(keyInputMessages, keyOwnInput, "user", s.Input)
		f.said(keyOutputMessages, keyOwnOutput, "assistant", s.Output)
		return
	}
	if f.hook.Content && s.Input != nil {
		f.json(keyOwnInput, s.Input)
	}
	if f.hook.Content && s.Output != nil {
		f.json(keyOwnOutput, s.Output)
	}
}
