package otelbridge_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/sentrialtest"
)

const canary = "C4NARY"

// dialects are attributes of instrumentations that say what was asked and answered in a way of their own.
func dialects() []attribute.KeyValue {
	return []attribute.KeyValue{
		attribute.String("input.value", canary), attribute.String("gen_ai.prompt.0.content", canary), attribute.String("traceloop.entity.input", canary),
		attribute.StringSlice("llm.input_messages", []string{canary}), attribute.String("gen_ai.evaluation.explanation", canary), attribute.String("server.addresses", canary),
		attribute.String("gen_ai.tool.type", "fact"), attribute.Int("gen_ai.usage.other_tokens", 7), attribute.String("server.address", "fact"), attribute.Int("server.port", 443),
	}
}

// places are spans that become events of all kinds.
func places() map[string]work {
	in := work{name: "chat m", from: 10, to: 20, attrs: op("chat", dialects()...)}
	tool := work{name: "execute_tool t", from: 30, to: 40, attrs: op("execute_tool", dialects()...)}
	inner := work{name: "invoke_agent inner", from: 50, to: 60, attrs: op("invoke_agent", dialects()...)}
	return map[string]work{
		"agent": {name: "invoke_agent a", to: 100, attrs: op("invoke_agent", dialects()...), inside: []work{in, tool, inner}},
		"model": in, "tool": tool,
		"other": {name: "GET /", to: 100, attrs: dialects(), inside: []work{inner}},
	}
}

// TestUnknownAttributesAreContent: they arrive, but no mode that withholds content lets them out; the facts of the conventions stay.
func TestUnknownAttributesAreContent(t *testing.T) {
	facts := map[string]any{"gen_ai.tool.type": "fact", "gen_ai.usage.other_tokens": 7.0, "server.address": "fact", "server.port": 443.0}
	for name, run := range places() {
		spans := spansOf(t, t.Context(), run)
		for mode, word := range map[sentrial.ContentMode]string{sentrial.ContentFull: "full", sentrial.ContentHashed: "hashed", sentrial.ContentMetadata: "metadata"} {
			rec := sentrialtest.New(t, sentrial.WithContent(mode))
			export(t, otelbridge.NewExporter(rec.Client()), spans...)
			told := 0
			for _, e := range rec.Events() {
				attributes := string(e.Extra["attributes"])
				if mode != sentrial.ContentFull && strings.Contains(asJSON(t, e), canary) {
					t.Errorf("%s, %s: the canary got out: %s", name, word, asJSON(t, e))
				}
				if e.Metadata["gen_ai.tool.type"] == nil {
					continue // an end, or a span that is not of GenAI
				}
				told++
				delete(e.Metadata, "content")
				if !maps.Equal(e.Metadata, facts) {
					t.Errorf("%s, %s: metadata %v", name, word, e.Metadata)
				}
				if n := strings.Count(attributes, canary); mode == sentrial.ContentFull && n != 6 || mode == sentrial.ContentHashed && !strings.HasPrefix(attributes, `{"$hashed"`) || mode == sentrial.ContentMetadata && attributes != "" {
					t.Errorf("%s, %s: attributes = %s", name, word, attributes)
				}
			}
			if want := map[string]int{"agent": 4, "model": 1, "tool": 1, "other": 1}[name]; told != want {
				t.Errorf("%s, %s: %d events have the rest of the attributes, want %d", name, word, told, want)
			}
		}
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
