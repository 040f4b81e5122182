package otelbridge_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

func llmCallOf(t *testing.T, attrs ...attribute.KeyValue) types.LLMCall {
	t.Helper()
	for _, e := range once(t, spansOf(t, t.Context(), work{name: "chat m", to: 10, attrs: op("chat", attrs...)})...) {
		if e.LLMCall != nil {
			return *e.LLMCall
		}
	}
	t.Fatal("no LLM call")
	return types.LLMCall{}
}

func TestMessages(t *testing.T) {
	text := func(role, s string) []types.Message {
		return []types.Message{{Role: role, Parts: []types.Part{{Type: "text", Content: s}}}}
	}
	image := json.RawMessage(`{"type":"uri","modality":"image","uri":"u"}`)
	for name, test := range map[string]struct {
		value attribute.Value
		want  []types.Message
	}{
		"list":          {attribute.StringValue(` [{"role":"user","parts":[{"type":"text","content":"hi"}]}]`), text("user", "hi")},
		"one message":   {attribute.StringValue(`{"role":"user","parts":[{"type":"text","content":"hi"}]}`), text("user", "hi")},
		"list of texts": {attribute.StringSliceValue([]string{`{"role":"user","parts":[{"type":"text","content":"hi"}]}`}), text("user", "hi")},
		"plain content": {attribute.StringValue(`[{"role":"user","content":"hi"}]`), text("user", "hi")},
		"text":          {attribute.StringValue("hi there"), text("user", "hi there")},
		"text in JSON":  {attribute.StringValue(`"hi there"`), text("user", "hi there")},
		"broken JSON":   {attribute.StringValue(`[{"role":`), text("user", `[{"role":`)},
		"another schema": {attribute.StringValue(`[{"role":"assistant","content":"hm","tool_calls":[{"id":"c"}]}]`), []types.Message{
			{Role: "assistant", Parts: []types.Part{{Type: "text", Content: "hm"}, {Type: "tool_call", ID: "c"}}},
		}},
		"untyped part": {attribute.StringValue(`[{"role":"user","parts":[{"text":"x"}]}]`), text("user", "x")},
		"number":       {attribute.Int64Value(3), text("user", "3")},
		"unknown part": {attribute.StringValue(`[{"role":"user","parts":[` + string(image) + `]}]`), []types.Message{{Role: "user", Parts: []types.Part{{Type: "uri", Raw: image}}}}},
		"none":         {attribute.StringValue(`[]`), nil},
		"null":         {attribute.StringValue(`null`), nil},
	} {
		t.Run(name, func(t *testing.T) {
			c := llmCallOf(t, attribute.KeyValue{Key: "gen_ai.input.messages", Value: test.value})
			if !reflect.DeepEqual(c.Messages, test.want) {
				t.Errorf("messages\n got %+v\nwant %+v", c.Messages, test.want)
			}
		})
	}
}

func TestSystemInstructions(t *testing.T) {
	for given, want := range map[string]string{
		`[{"type":"text","content":"Be brief."}]`: "Be brief.",
		"Be brief.":     "Be brief.",
		`"Be brief."`:   "Be brief.",
		`["Be brief."]`: "Be brief.",
	} {
		c := llmCallOf(t, attribute.String("gen_ai.system_instructions", given), attribute.String("gen_ai.input.messages", "hi"))
		if len(c.Messages) != 2 || c.Messages[0].Role != "system" || c.Messages[0].Parts[0].Content != want || c.Messages[1].Role != "user" {
			t.Errorf("%s: messages = %+v", given, c.Messages)
		}
	}
}

func TestFinishReason(t *testing.T) {
	for name, attr := range map[string]attribute.KeyValue{
		"list":        attribute.StringSlice("gen_ai.response.finish_reasons", []string{"stop", "length"}),
		"JSON":        attribute.String("gen_ai.response.finish_reasons", `["stop"]`),
		"text":        attribute.String("gen_ai.response.finish_reasons", "stop"),
		"the message": attribute.String("gen_ai.output.messages", `[{"role":"assistant","parts":[],"finish_reason":"stop"}]`),
	} {
		if c := llmCallOf(t, attr); c.FinishReason != "stop" {
			t.Errorf("%s: finish reason %q", name, c.FinishReason)
		}
	}
}

func TestNumbers(t *testing.T) {
	const key = "gen_ai.usage.input_tokens"
	for name, test := range map[string]struct {
		attr attribute.KeyValue
		want int
	}{
		"whole":     {attribute.Int(key, 7), 7},
		"float":     {attribute.Float64(key, 7), 7},
		"text":      {attribute.String(key, " 7 "), 7},
		"negative":  {attribute.Int(key, -7), 0},
		"fraction":  {attribute.Float64(key, 7.5), 0},
		"enormous":  {attribute.Float64(key, 1e18), 0},
		"no number": {attribute.String(key, "many"), 0},
		"bool":      {attribute.Bool(key, true), 0},
	} {
		c := llmCallOf(t, test.attr)
		if c.Usage.PromptTokens != test.want || c.Usage.TotalTokens != test.want {
			t.Errorf("%s: usage %+v, want %d", name, c.Usage, test.want)
		}
		if _, kept := c.Metadata[key]; kept == (test.want > 0) {
			t.Errorf("%s: metadata %v", name, c.Metadata)
		}
	}
	if c := llmCallOf(t, attribute.String("gen_ai.response.time_to_first_chunk", "0.5")); c.TimeToFirstToken != 500*time.Millisecond {
		t.Errorf("time to first token %v", c.TimeToFirstToken)
	}
	if c := llmCallOf(t, attribute.Float64("gen_ai.response.time_to_first_chunk", 1e300)); c.TimeToFirstToken != 0 {
		t.Errorf("time to first token %v", c.TimeToFirstToken)
	}
}

func TestOperationsOfModels(t *testing.T) {
	for _, operation := range []string{"chat", "text_completion", "generate_content", "embeddings"} {
		rec := sentrialtest.New(t)
		export(t, otelbridge.NewExporter(rec.Client()), spansOf(t, t.Context(), work{
			name: operation + " m", to: 10, attrs: op(operation, attribute.Int("gen_ai.embeddings.dimension.count", 8), attribute.String("gen_ai.output.type", "json")),
		})...)
		if calls := rec.LLMCalls(); len(calls) != 1 || calls[0].Operation != operation || calls[0].Parameters["dimensions"] != 8.0 || calls[0].Parameters["output_type"] != "json" {
			t.Errorf("%s: calls = %+v", operation, calls)
		}
	}
}

func TestToolValues(t *testing.T) {
	for given, want := range map[string]any{
		`{"a":[1,"x"]}`: map[string]any{"a": []any{1.0, "x"}}, `"{\"a\":1}"`: map[string]any{"a": 1.0}, "18 C": "18 C", "7": 7.0, "": nil, `{"a":`: `{"a":`, "\xff": "\ufffd",
	} {
		for _, e := range once(t, spansOf(t, t.Context(), work{name: "x", attrs: op("execute_tool", attribute.String("gen_ai.tool.call.result", given))})...) {
			if e.ToolCall != nil && !reflect.DeepEqual(e.ToolCall.ToolOutput, want) {
				t.Errorf("%q: output %#v, want %#v", given, e.ToolCall.ToolOutput, want)
			}
		}
	}
}

func TestCutSpanIsMarked(t *testing.T) {
	rec := sentrialtest.New(t)
	limits := sdktrace.NewSpanLimits()
	limits.AttributeCountLimit = 2
	tp := sdktrace.NewTracerProvider(sdktrace.WithSyncer(otelbridge.NewExporter(rec.Client())), sdktrace.WithRawSpanLimits(limits))
	work{name: "x", to: 1, attrs: op("execute_tool", attribute.String("gen_ai.tool.name", "t"), attribute.String("gen_ai.tool.call.id", "c"))}.run(t.Context(), tp.Tracer("test"))
	if calls := rec.ToolCalls(); len(calls) != 1 || calls[0].Metadata["truncated"] != true {
		t.Errorf("calls = %+v", calls)
	}
	if err := tp.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestSpanThatEndsBeforeItBegins(t *testing.T) {
	for _, e := range once(t, spansOf(t, t.Context(), work{name: "x", from: 50, to: 10, attrs: op("execute_tool")})...) {
		if e.Duration != 0 || strings.HasPrefix(string(e.Type), "tool") && !e.Timestamp.Equal(after(50)) {
			t.Errorf("%s at %v takes %v", e.Type, e.Timestamp, e.Duration)
		}
	}
}
