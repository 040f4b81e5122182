package otelbridge_test

import (
	"encoding/binary"
	"encoding/json"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

var tool = types.ToolCall{ToolName: "t"}

// stubs is one span that no TracerProvider made, without ids.
func stubs(attrs []attribute.KeyValue) []sdktrace.ReadOnlySpan {
	return tracetest.SpanStubs{{Name: "n", Attributes: attrs}}.Snapshots()
}

// spanContext makes ids of numbers; 0 gives an id that is not valid.
func spanContext(span uint64, remote bool) trace.SpanContext {
	var id trace.SpanID
	binary.BigEndian.PutUint64(id[:], span)
	return trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: id, Remote: remote})
}

// FuzzAttributes: whatever a span's attributes hold, and wherever it stands, nothing is refused but for want of an id, and what a tool returned arrives.
func FuzzAttributes(f *testing.F) {
	for _, value := range []string{
		"", "text", "7", "7\f", "null", "-1e999", `"x"`, `[]`, `{}`, `[{"role":"user","parts":[{"type":"text","content":"hi"}]}]`, `[{"role":"user","content":[{"type":"text"}]}]`,
		`[null]`, `["a",1]`, `{"role":1}`, `[{"type":"text","content":"s"}]`, "\xff\"", `[[[[[[]]]]]]`, `{"type":"tool_call","arguments":{"a":1e400}}`,
	} {
		for _, operation := range []string{"chat", "execute_tool", "invoke_agent", "other"} {
			f.Add(operation, value, value, uint64(1), uint64(2), false)
		}
	}
	f.Fuzz(func(t *testing.T, operation, a, b string, span, parent uint64, remote bool) {
		attrs := op(operation,
			attribute.String("gen_ai.input.messages", a), attribute.String("gen_ai.output.messages", b), attribute.String("gen_ai.system_instructions", a),
			attribute.String("gen_ai.tool.definitions", b), attribute.String("gen_ai.tool.call.arguments", a), attribute.String("gen_ai.tool.call.result", b),
			attribute.StringSlice("gen_ai.response.finish_reasons", []string{a, b}), attribute.String("gen_ai.usage.input_tokens", a),
			attribute.String("gen_ai.response.time_to_first_chunk", b), attribute.String("gen_ai.request.model", a), attribute.String("gen_ai.conversation.id", b),
			attribute.String("error.type", a), attribute.String(a, b))
		spans := tracetest.SpanStubs{ // the second closes a ring of parents
			{Name: a, SpanContext: spanContext(span, false), Parent: spanContext(parent, remote), StartTime: after(1), EndTime: after(2), Attributes: attrs},
			{Name: b, SpanContext: spanContext(parent, false), Parent: spanContext(span, false), StartTime: after(1), EndTime: after(2)},
		}.Snapshots()
		rec := sentrialtest.New(t)
		if span == 0 || parent == 0 {
			rec.Allow(sentrialtest.LostEvents)
		}
		export(t, otelbridge.NewExporter(rec.Client()), spans...)
		for _, e := range rec.Events() {
			if c := e.ToolCall; c != nil && b != "" && !json.Valid([]byte(b)) && c.ToolOutput != string([]rune(b)) {
				t.Errorf("output %q, want %q", c.ToolOutput, b)
			}
		}
		stats, without := rec.Client().Stats(), uint64(0)
		for _, id := range []uint64{span, parent} {
			if id == 0 {
				without++
			}
		}
		if stats.Refused[sentrial.DropInvalid] != without || len(stats.Refused) > 1 || len(stats.Dropped) > 0 {
			t.Errorf("stats = %+v", stats)
		}
	})
}
