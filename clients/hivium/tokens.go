package hivium

import "encoding/json"

// Tokens are what a run has used of models. The document says that they are told, and not how.
type Tokens struct {
	Input  int `json:"input,omitzero"`
	Output int `json:"output,omitzero"`
	Total  int `json:"total,omitzero"` // as told, else the sum
}

// tokenNames are the names by which a count is told in an object.
var tokenNames = struct{ input, output, total []string }{
	input:  []string{"input", "input_tokens", "prompt", "prompt_tokens"},
	output: []string{"output", "output_tokens", "completion", "completion_tokens"},
	total:  []string{"total", "total_tokens"},
}

// UnmarshalJSON takes a number, which is the total, or an object.
func (t *Tokens) UnmarshalJSON(data []byte) error {
	wrong := misshapen[Tokens]("tokens", data)
	if isNull(data) {
		return nil
	}
	var got Tokens
	if kindOf(data) == "number" {
		if json.Unmarshal(data, &got.Total) != nil || got.Total < 0 {
			return wrong
		}
		*t = got
		return nil
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(data, &members) != nil {
		return wrong
	}
	for _, count := range []struct {
		to    *int
		names []string
	}{{&got.Input, tokenNames.input}, {&got.Output, tokenNames.output}, {&got.Total, tokenNames.total}} {
		for _, name := range count.names {
			if raw, ok := members[name]; ok && (json.Unmarshal(raw, count.to) != nil || *count.to < 0) {
				return wrong
			}
		}
	}
	if got.Total == 0 {
		got.Total = got.Input + got.Output
	}
	*t = got
	return nil
}
