package hivium

import (
	"bytes"
	"cmp"
	"encoding/json"
	"reflect"
	"time"
)

// Run is one of an agent. The document names CostUSD, Tokens, Error and Output, and as parameters AgentSlug and Status. ID and the times are ours.
type Run struct {
	ID         string          `json:"id"`
	AgentSlug  string          `json:"agent_slug,omitzero"`
	Status     RunStatus       `json:"status,omitzero"`
	CostUSD    *float64        `json:"cost_usd,omitzero"` // nil = not told
	Tokens     Tokens          `json:"tokens,omitzero"`
	Error      *RunError       `json:"error,omitzero"`       // nil = none
	Output     json.RawMessage `json:"output,omitzero"`      // what the agent made, as it is
	CreatedAt  time.Time       `json:"created_at,omitzero"`  // zero = not told
	StartedAt  time.Time       `json:"started_at,omitzero"`  // zero = not told
	FinishedAt time.Time       `json:"finished_at,omitzero"` // also completed_at; zero = not told
}

// missing names a field without which it cannot be.
func (r *Run) missing() string {
	if r.ID == "" {
		return "id"
	}
	return ""
}

// UnmarshalJSON takes what the document leaves open in each of its usual forms: a cost as a number or a text of one, tokens as a number or by kind, an error as a text
// or an object.
func (r *Run) UnmarshalJSON(data []byte) error {
	type plain Run
	got := struct {
		plain
		CostUSD     json.RawMessage `json:"cost_usd"`
		CompletedAt time.Time       `json:"completed_at"`
	}{}
	if err := json.Unmarshal(data, &got); err != nil {
		return err
	}
	run := Run(got.plain)
	cost, err := usd(got.CostUSD)
	if err != nil {
		return err
	}
	run.CostUSD = cost
	run.FinishedAt = cmp.Or(run.FinishedAt, got.CompletedAt)
	if isNull(run.Output) {
		run.Output = nil
	}
	*r = run
	return nil
}

func isNull(raw json.RawMessage) bool {
	raw = bytes.TrimSpace(raw)
	return len(raw) == 0 || string(raw) == "null"
}

// usd reads a number, or a text of one: databases give their decimals so.
func usd(raw json.RawMessage) (*float64, error) {
	if isNull(raw) {
		return nil, nil //nolint:nilnil // not told
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		raw = json.RawMessage(text)
	}
	var cost float64
	if err := json.Unmarshal(raw, &cost); err != nil {
		return nil, misshapen[float64]("cost_usd", raw)
	}
	return &cost, nil
}

// misshapen says that a field is no T, without what is in it.
func misshapen[T any](field string, raw json.RawMessage) error {
	return &json.UnmarshalTypeError{Struct: "Run", Field: field, Value: kindOf(raw), Type: reflect.TypeFor[T]()}
}

// kindOf names what JSON is, and not what it says.
func kindOf(raw json.RawMessage) string {
	switch raw = bytes.TrimSpace(raw); {
	case len(raw) == 0:
		return "string"
	case raw[0] == '{':
		return "object"
	case raw[0] == '[':
		return "array"
	case raw[0] == 't' || raw[0] == 'f':
		return "bool"
	case raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9':
		return "number"
	}
	return "string"
}

// RunError is why a run failed.
type RunError struct {
	Code    string `json:"code,omitzero"` // "" = not told
	Message string `json:"message"`
}

// UnmarshalJSON takes a text, or an object.
func (e *RunError) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		*e = RunError{Message: text}
		return nil
	}
	type plain RunError
	var got plain
	if json.Unmarshal(data, &got) != nil {
		return misshapen[RunError]("error", data)
	}
	*e = RunError(got)
	return nil
}
