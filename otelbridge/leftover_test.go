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

// unknown are attributes of an instrumentation that nobody knows, and facts of the conventions.
func unknown() []attribute.KeyValue {
	return []attribute.KeyValue{
		attribute.String("acme.prompt", canary), attribute.StringSlice("acme.messages", []string{canary}), attribute.String("server.addresses", canary),
		attribute.String("gen_ai.tool.type", "fact"), attribute.Int("gen_ai.usage.other_tokens", 7), attribute.String("server.address", "fact"), attribute.Int("server.port", 443),
	}
}

// dialects are attributes of instrumentations that say what was asked and answered in a way of their own.
func dialects() []attribute.KeyValue {
	return append(unknown(), attribute.String("input.value", canary), attribute.String("gen_ai.prompt.0.content", canary), attribute.String("traceloop.entity.input", canary),
		attribute.StringSlice("llm.input_messages", []string{canary}), attribute.String("gen_ai.evaluation.explanation", canary))
}

// places are spans that become events of all kinds.
func places(attrs []attribute.KeyValue) map[string]work {
	in := work{name: "chat m", from: 10, to: 20, attrs: op("chat", attrs...)}
	tool := work{name: "execute_tool t", from: 30, to: 40, attrs: op("execute_tool", attrs...)}
	inner := work{name: "invoke_agent inner", from: 50, to: 60, attrs: op("invoke_agent", attrs...)}
	return map[string]work{
		"agent": {name: "invoke_agent a", to: 100, attrs: op("invoke_agent", attrs...), inside: []work{in, tool, inner}},
		"model": in, "tool": tool,
		"other": {name: "GET /", to: 100, inside: []work{inner}},
	}
}

// TestUnknownAttributesAreKept: those that nobody knows as content, the facts of the conventions as such.
func TestUnknownAttributesAreKept(t *testing.T) {
	facts := map[string]any{"gen_ai.tool.type": "fact", "gen_ai.usage.other_tokens": 7.0, "server.address": "fact", "server.port": 443.0}
	for name, run := range places(unknown()) {
		told := 0
		for _, e := range once(t, spansOf(t, t.Context(), run)...) {
			if e.Metadata["gen_ai.tool.type"] == nil {
				continue // an end, or a span that is not of GenAI
			}
			told++
			delete(e.Metadata, "incomplete")
			if !maps.Equal(e.Metadata, facts) || strings.Count(string(e.Extra["attributes"]), canary) != 3 {
				t.Errorf("%s: metadata %v, attributes %s", name, e.Metadata, e.Extra["attributes"])
			}
		}
		if want := map[string]int{"agent": 4, "model": 1, "tool": 1, "other": 1}[name]; told != want {
			t.Errorf("%s: %d events have the rest of the attributes, want %d", name, told, want)
		}
	}
}

// TestContentStaysWithin: no mode that withholds content lets anything out that may be what somebody said, whatever the dialect; nor does the bridge's own.
func TestContentStaysWithin(t *testing.T) {
	for name, run := range places(dialects()) {
		spans := spansOf(t, t.Context(), run)
		for word, test := range map[string]struct {
			mode sentrial.ContentMode
			opts []otelbridge.Option
		}{
			"hashed":   {mode: sentrial.ContentHashed},
			"metadata": {mode: sentrial.ContentMetadata},
			"bridge":   {opts: []otelbridge.Option{otelbridge.WithoutContent()}},
		} {
			rec := sentrialtest.New(t, sentrial.WithContent(test.mode))
			exporter := otelbridge.NewExporter(rec.Client(), test.opts...)
			export(t, exporter, spans...)
			shutDown(t, exporter)
			events := rec.Events()
			if len(events) < 3 {
				t.Errorf("%s, %s: events = %v", name, word, events)
			}
			for _, e := range events {
				if text := asJSON(t, e); strings.Contains(text, canary) {
					t.Errorf("%s, %s: the canary got out: %s", name, word, text)
				}
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
