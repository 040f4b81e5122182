package genai

import "cmp"

// step gives what a span is that calls neither a model nor a tool.
func (r *reading) step() *Step {
	s := &Step{Name: r.span.Name, Kind: r.kind.String()}
	switch r.kind {
	case kindAgent:
		s.Name = cmp.Or(r.text(fieldAgentName), r.span.Name)
	case kindChain, kindWorkflow:
		s.Name = cmp.Or(r.text(fieldEntityName), r.span.Name)
	case kindOther:
		s.Kind = "step"
	}
	if r.kind != kindOther { // what is outside GenAI keeps to itself
		s.Input, s.Output = r.said(), r.output()
	}
	return s
}
