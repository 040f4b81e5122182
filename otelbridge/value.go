package otelbridge

import "go.opentelemetry.io/otel/attribute"

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
	return v.Emit() //nolint:staticcheck // what takes its place came later than the oldest version that we allow
}
