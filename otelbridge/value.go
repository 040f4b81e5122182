package otelbridge

import (
	"encoding/json"
	"strings"

	"go.opentelemetry.io/otel/attribute"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

// plain gives an attribute's value without OpenTelemetry's types. Nested lists and maps exist in later versions of the attribute package than the one this module
// requires, where AsInterface gives them in the types named here; kinds that are later still come as their text.
func plain(v attribute.Value) any {
	switch inner := v.AsInterface().(type) {
	case nil, string, bool, int64, float64, []string, []bool, []int64, []float64, []byte:
		return inner
	case []attribute.Value:
		list := make([]any, len(inner))
		for i := range inner {
			list[i] = plain(inner[i])
		}
		return list
	case []attribute.KeyValue:
		object := make(map[string]any, len(inner))
		for _, kv := range inner {
			object[string(kv.Key)] = plain(kv.Value)
		}
		return object
	}
	return v.Emit()
}

// jsonSpace is what JSON allows around a value, which is less than what Go calls space.
const jsonSpace = " \t\r\n"

// decoded takes a text that holds JSON for the value it spells. The JSON is kept as it is written rather than decoded into Go's types, so numbers stay exact.
func decoded(v any) any {
	s, ok := v.(string)
	if !ok {
		return v
	}
	if raw := json.RawMessage(strings.Trim(s, jsonSpace)); json.Valid(raw) {
		return raw
	}
	return s
}

// toJSON gives the JSON of what decoded or plain returned; nil for nil. It is always valid: a number that has no JSON form is marked in place.
func toJSON(v any) json.RawMessage {
	switch v := v.(type) {
	case nil:
		return nil
	case json.RawMessage:
		return v
	}
	return jsonenc.Append(nil, v)
}
