package types

import "time"

// Decision is a choice that the agent made, with what it chose from. It travels as decision.
type Decision struct {
	Reasoning    string         // reasoning: why
	Alternatives []string       // alternatives: what could have been chosen
	Chosen       string         // chosen
	Confidence   *float64       // confidence: 0 to 1; nil = unknown
	StartTime    time.Time      // timestamp
	Metadata     map[string]any // metadata
}

func (d *Decision) fields() []field {
	return []field{
		{name: "reasoning", value: &d.Reasoning},
		{name: "alternatives", value: &d.Alternatives},
		{name: "chosen", value: &d.Chosen},
		{name: "confidence", value: &d.Confidence},
	}
}

func (d *Decision) shared() shared {
	return shared{start: &d.StartTime, metadata: &d.Metadata}
}
