package types

import "time"

// Step is a named span of work that is neither a tool nor an LLM call. It travels as step.
type Step struct {
	Name      string         // name
	Kind      string         // kind: step, agent, chain, retrieval, plan; "" = step
	Input     any            // input: any JSON value; nil = absent
	Output    any            // output: any JSON value; nil = absent
	Status    Status         // status: "" = success, or error when Error is set
	Error     string         // error: what went wrong; "" = nothing
	StartTime time.Time      // timestamp
	Duration  time.Duration  // duration_ms
	Metadata  map[string]any // metadata
}

func (s *Step) fields() []field {
	return []field{
		{name: "name", value: &s.Name},
		{name: "kind", value: &s.Kind},
		{name: "input", value: &s.Input},
		{name: "output", value: &s.Output},
		{name: "error", value: &s.Error},
	}
}

func (s *Step) shared() shared {
	return shared{start: &s.StartTime, duration: &s.Duration, status: &s.Status, metadata: &s.Metadata}
}
