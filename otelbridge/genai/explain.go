package genai

import "cmp"

// explain tells for each span, in the order of time, what became of it.
func (as *assembly) explain() (list []Explanation) {
	for _, n := range as.nodes {
		x := Explanation{
			Span: n.span, Dialects: n.dialects(), Kind: n.reading.kind.String(), Rule: n.rule, Became: n.became, Session: n.session, From: n.sessionBy, Why: n.why,
		}
		if len(n.became) > 0 {
			x.Fields = n.sources()
		} else {
			x.Why = as.whyNothing(n)
		}
		list = append(list, x)
	}
	return list
}

func (as *assembly) whyNothing(n *node) string {
	switch {
	case n.mute:
		return "the filter leaves it out"
	case as.skips(n):
		return "Sentrial's SDK made it of the event " + n.event + ", which arrives by itself"
	case n.why != "":
		return n.why
	case n.kind == kindOther:
		return "it is not a GenAI span"
	case n.kind == kindChain:
		return "it is a step of a framework, which is no event unless asked for"
	}
	return cmp.Or(n.why, "nothing is known to make of it")
}
