package sentrial_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// checkView compares what a redactor is shown with what reading the JSON gives, and tells whether the longer way was needed for it.
func checkView(t *testing.T, e *types.Event) (sure bool) {
	t.Helper()
	shown, read, sure, err := sentrial.Views(e)
	switch {
	case sure && err != nil:
		t.Errorf("it is shown though its JSON cannot be read: %v", err)
	case sure && !reflect.DeepEqual(shown, read):
		t.Errorf("a redactor is shown\n%s\nand would read\n%s", printed(shown), printed(read))
	}
	return sure
}

// printed has the payload too, with the types of its values.
func printed(e *types.Event) string {
	var b strings.Builder
	fields := reflect.ValueOf(e).Elem()
	for i := range fields.NumField() {
		v := fields.Field(i)
		if v.Kind() == reflect.Pointer && !v.IsNil() {
			v = v.Elem()
		}
		b.WriteString(strings.ReplaceAll(fmt.Sprintf("%#v", v.Interface()), "interface {}", "any") + "\n")
	}
	return b.String()
}

// TestViewIsWhatJSONGives for every field of every type of event, and without the longer way: who adds a field adds it to viewpayload.go too.
func TestViewIsWhatJSONGives(t *testing.T) {
	for kind := range payloads {
		t.Run(string(kind), func(t *testing.T) {
			for seed := range uint64(200) {
				m := newMaker(seed)
				m.full = seed%2 == 0
				e := m.event(kind)
				if checkView(t, e); e.Extra != nil {
					e.Extra = nil
				}
				if !checkView(t, e) {
					t.Fatalf("seed %d needs the longer way: %s", seed, printed(e))
				}
			}
			checkView(t, &types.Event{ID: "e", Type: kind, SessionID: "s", Timestamp: noon})
		})
	}
}

// oddValues have a JSON form that is not what it seems, or none.
var oddValues = map[string]any{
	"nil pointer": (*int)(nil), "nil map": map[string]any(nil), "nil list": []any(nil), "nil raw": json.RawMessage(nil), "null": json.RawMessage("null"), "spaces": json.RawMessage(" [ 1 ] "),
	"text in JSON": json.RawMessage(`"a\u0041\n"`), "marshals a text": gives(`"a"`), "marshals nothing": failsWith(errBoom), "named text": namedText("text"), "bad text": "a\xffb\xff\xfe",
	"names that become one": map[string]any{"\xff": 1, "\xfe": 2}, "not a number": math.NaN(), "list of them": []float64{1, math.Inf(1)}, "exact": []any{int64(1<<53 + 1), 0.1, float32(0.1)},
	"reference": map[string]any{"$ref": "sha256:0"}, "list of one": []any{map[string]string{"$ref": "sha256:0"}}, "marker": map[string]any{"$omitted": "x"}, "channel": make(chan int),
	"deep": chains["slices"](1000), "deep map": chains["maps"](1000), "deep JSON": chains["JSON"](1000), "empty": map[string]any{"a": []any{}, "b": map[string]any{}, "c": ""},
	"time": noon, "bytes": []byte("x"), "error": errBoom, "typed": map[string]map[string]int{"a": {"b": 1}},
}

type namedText string

func TestViewOfOddValues(t *testing.T) {
	cycle := map[string]any{"list": []any{1}}
	cycle["list"].([]any)[0] = cycle
	oddValues := maps.Clone(oddValues)
	oddValues["cycle"] = cycle
	for name, v := range oddValues {
		t.Run(name, func(t *testing.T) {
			inside := map[string]any{"k": v}
			for _, e := range []types.Event{
				{Type: types.EventToolCall, ToolCall: &types.ToolCall{ToolInput: v, ToolOutput: []any{v}}, Metadata: inside},
				{Type: types.EventLLMCall, LLMCall: &types.LLMCall{Messages: toolMessages(v, inside), OutputMessages: toolMessages(inside, v), Parameters: inside}},
				{Type: types.EventStep, Step: &types.Step{Input: v, Output: inside}},
				{Type: types.EventSessionStart, Session: &types.SessionFields{Input: v}},
				{Type: types.EventSessionEnd, Result: &types.SessionResult{Output: v}},
			} {
				if !checkView(t, &e) {
					t.Errorf("%s needs the longer way", e.Type)
				}
			}
		})
	}
}

// oddEvents have fields that are sent otherwise than they are, or not at all.
var oddEvents = map[string]types.Event{
	"nothing":             {},
	"no payload":          {Type: types.EventStep},
	"not its payload":     {Type: types.EventStep, Feedback: &types.Feedback{Name: "n", UserID: "u"}},
	"unknown type":        {Type: "handoff", Raw: json.RawMessage(`{"type":"handoff","to":[1]}`)},
	"unknown field":       {Type: types.EventStep, Step: &types.Step{Name: "n"}, Extra: map[string]json.RawMessage{"new": json.RawMessage(`1`)}},
	"field of its own":    {Type: types.EventStep, Step: &types.Step{Name: "n"}, Extra: map[string]json.RawMessage{"output": json.RawMessage(`1`)}},
	"no such status":      {Type: types.EventStep, Step: &types.Step{}, Status: "sleepy"},
	"unprintable ids":     {Type: types.EventStep, Step: &types.Step{}, ParentID: "\xff", TraceID: "a\xffb", SpanID: strings.Repeat("long", 100)},
	"impossible times":    {Type: types.EventStep, Step: &types.Step{}, Timestamp: time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), Duration: -1},
	"less than a moment":  {Type: types.EventToolCall, ToolCall: &types.ToolCall{}, Duration: 499, Timestamp: noon.Add(1)},
	"half a moment":       {Type: types.EventLLMCall, LLMCall: &types.LLMCall{TimeToFirstToken: 1500}, Duration: 1234567},
	"impossible counts":   {Type: types.EventToolCall, ToolCall: &types.ToolCall{Attempt: -1, Cost: sentrial.Ptr(-1.0)}, Seq: -1},
	"not a number":        {Type: types.EventDecision, Decision: &types.Decision{Confidence: sentrial.Ptr(math.NaN())}},
	"metrics":             {Type: types.EventSessionEnd, Result: &types.SessionResult{Metrics: map[string]float64{"a": math.Inf(1), "b": 1e300, "\xff": 0.1}}},
	"only bad metrics":    {Type: types.EventSessionEnd, Result: &types.SessionResult{Metrics: map[string]float64{"a": math.Inf(1)}}},
	"recoverable":         {Type: types.EventError, Error: &types.ErrorEvent{Recoverable: true}},
	"no tool definitions": {Type: types.EventLLMCall, LLMCall: &types.LLMCall{ToolDefinitions: json.RawMessage("null")}},
	"bad definitions":     {Type: types.EventLLMCall, LLMCall: &types.LLMCall{ToolDefinitions: json.RawMessage("[1")}},
	"empty lists":         {Type: types.EventSessionStart, Session: &types.SessionFields{Tags: []string{}, Input: []any{}}},
	"endless tags":        {Type: types.EventSessionStart, Session: &types.SessionFields{Tags: slices.Repeat([]string{strings.Repeat("x", 1<<20)}, 10)}},
	"endless metrics":     {Type: types.EventSessionEnd, Result: &types.SessionResult{Metrics: map[string]float64{strings.Repeat("x", 9<<20): 1, strings.Repeat("y", 9<<20): 2}}},
}

func TestViewOfOddEvents(t *testing.T) {
	for name, e := range oddEvents {
		t.Run(name, func(t *testing.T) { checkView(t, &e) })
	}
}

// oddParts are read as something else than was written, or kept whole.
var oddParts = map[string][]types.Part{
	"none":              nil,
	"unknown type":      {{Type: "image", Content: "c"}},
	"no type":           {{Content: "c"}},
	"known, with more":  {{Type: types.PartText, Raw: json.RawMessage(`{"type":"text","content":"a","cache":true}`)}},
	"known, as it is":   {{Type: types.PartText, Raw: json.RawMessage(` {"content":"a\u0041", "type":"text"}`)}},
	"null":              {{Raw: json.RawMessage(`null`)}},
	"null inside":       {{Raw: json.RawMessage(`{"type":"text","content":null}`)}},
	"no object":         {{Raw: json.RawMessage(`[1]`)}},
	"no JSON":           {{Raw: json.RawMessage(`{`)}},
	"wrong types":       {{Raw: json.RawMessage(`{"type":"text","content":{}}`)}},
	"twice":             {{Raw: json.RawMessage(`{"type":"text","content":"a","content":"b","type":"reasoning"}`)}},
	"a result":          {{Raw: json.RawMessage(`{"type":"tool_call_response","result":"a"}`)}},
	"response and more": {{Type: types.PartToolCallResponse, Response: 1, Content: "c"}},
	"content alone":     {{Type: types.PartToolCallResponse, Content: "c"}},
	"null response":     {{Type: types.PartToolCallResponse, Response: json.RawMessage(`null`), Content: "c"}},
	"no response":       {{Type: types.PartToolCallResponse, Response: (*int)(nil)}},
	"all fields":        {{Type: types.PartText, Content: "c\xff", ID: "i", Name: "n", Arguments: 1, Response: []string{"r"}}},
	"two":               {{Type: types.PartText, Content: "a"}, {Type: "image"}, {Type: types.PartReasoning, Content: "b"}},
}

func TestViewOfOddMessages(t *testing.T) {
	for name, parts := range oddParts {
		t.Run(name, func(t *testing.T) {
			messages := []types.Message{{Role: "user"}, {Role: "a\xff", Name: "b\n", FinishReason: "c", Parts: parts}, {Parts: []types.Part{{Type: types.PartText}}}}
			checkView(t, &types.Event{Type: types.EventLLMCall, LLMCall: &types.LLMCall{Messages: messages, OutputMessages: messages[1:]}})
		})
	}
}

// FuzzView: whatever an event is made of, a redactor is shown what its JSON says.
func FuzzView(f *testing.F) {
	for kind := range byte(22) {
		f.Add(kind, uint64(kind), "text "+string(rune(kind))+"\xff", []byte{kind, 9, 'a', 0xff, '"', '1', 'e', '9', 0, kind, 3, 1, 2, 3})
	}
	kinds := slices.Sorted(maps.Keys(payloads))
	f.Fuzz(func(t *testing.T, kind byte, seed uint64, text string, data []byte) {
		m := newMaker(seed)
		made := &forge{data: data}
		m.texts, m.values = []string{text, made.text()}, []any{text, made.value(), made.value()}
		e := m.event(kinds[int(kind)%len(kinds)])
		if c := e.LLMCall; c != nil {
			c.Messages = append(c.Messages[:len(c.Messages)/3*2], madeMessage(made))
		}
		checkView(t, e)
	})
}

func madeMessage(f *forge) types.Message {
	kinds := []string{types.PartText, types.PartReasoning, types.PartToolCall, types.PartToolCallResponse, f.text()}
	part := types.Part{Type: kinds[int(f.next())%len(kinds)], Content: f.text(), ID: f.text(), Name: f.text(), Arguments: f.value(), Response: f.value()}
	if f.next()%4 == 0 {
		part.Raw = json.RawMessage(f.text())
	}
	return types.Message{Role: f.text(), Name: f.text(), Parts: []types.Part{part}}
}
