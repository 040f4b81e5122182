package sentrial_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// limitedJSON is the JSON of an event that must fit, decode, and keep its identity.
func limitedJSON(t *testing.T, e *types.Event) map[string]any {
	t.Helper()
	e.ID, e.SessionID, e.ParentID, e.Seq, e.Timestamp = "evt_1", "sess_1", "evt_0", 7, noon
	if err := e.Complete(); err != nil {
		t.Fatal(err)
	}
	data := sentrial.EventJSON(e)
	if len(data) > sentrial.MaxEventBytes || !utf8.Valid(data) {
		t.Fatalf("%d bytes of JSON, valid UTF-8 = %t", len(data), utf8.Valid(data))
	}
	meaning(t, data)
	m := members(t, data)
	for name, want := range map[string]any{"id": "evt_1", "session_id": "sess_1", "parent_id": "evt_0", "seq": json.Number("7"), "type": string(e.Type)} {
		if m[name] != want {
			t.Errorf("%s = %v, want %v", name, m[name], want)
		}
	}
	return m
}

// checkCutText wants the beginning of text and a marker with its length and hash. It gives how many bytes were kept.
func checkCutText(t *testing.T, what string, got any, text string) int {
	t.Helper()
	marker := fmt.Sprintf("…[truncated: %d bytes, sha256:%x]", len(text), sha256.Sum256([]byte(text)))
	s, ok := got.(string)
	head, cut := strings.CutSuffix(s, marker)
	if !ok || !cut {
		t.Errorf("%s ends with %q, want %q", what, s[max(0, len(s)-len(marker)-10):], marker)
		return 0
	}
	if valid := utf8.ValidString(text); valid && !strings.HasPrefix(text, head) || !valid && strings.Trim(head, "\ufffd") != "" {
		t.Errorf("%s does not begin as the text does", what)
	}
	return len(head)
}

func TestLongText(t *testing.T) {
	const mib = 1 << 20
	tests := []struct{ name, text string }{
		{"plain", strings.Repeat("all work and no play ", 2*mib/21)},
		{"just too long", strings.Repeat("x", mib)},
		{"quotes", strings.Repeat(`"`, 700<<10)},
		{"quotes, longer than an event", strings.Repeat(`"`, 3*mib)},
		{"control characters", strings.Repeat("\x01", 300<<10)},
		{"three bytes a character", strings.Repeat("世", 400<<10)},
		{"four bytes a character", "x" + strings.Repeat("😀", 400<<10)},
		{"line separators", strings.Repeat("\u2028", 350<<10)},
		{"a marker of its own in it", strings.Repeat("…[truncated: 1 bytes, sha256:00]", 50_000)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := limitedJSON(t, &types.Event{LLMCall: &types.LLMCall{Model: "m", Prompt: tt.text, Response: "short"}})
			kept := checkCutText(t, "prompt", m["prompt"], tt.text)
			if kept < mib/16 {
				t.Errorf("only %d bytes were kept", kept)
			}
			if m["response"] != "short" || m["model"] != "m" {
				t.Errorf("response = %v, model = %v", m["response"], m["model"])
			}
		})
	}
}

func TestLongBytesThatAreNoText(t *testing.T) {
	text := strings.Repeat("\x80\xff", 1<<20)
	m := limitedJSON(t, &types.Event{LLMCall: &types.LLMCall{Prompt: text}})
	checkCutText(t, "prompt", m["prompt"], text)
}

// TestSeveralLongTexts: each marker tells of the whole text, also where it had to be cut twice.
func TestSeveralLongTexts(t *testing.T) {
	prompt, response, reason := strings.Repeat("p\n", 1<<20), strings.Repeat(`"r"`, 1<<20), strings.Repeat("f", 900<<10)
	m := limitedJSON(t, &types.Event{LLMCall: &types.LLMCall{Prompt: prompt, Response: response, Error: reason}})
	for name, text := range map[string]string{"prompt": prompt, "response": response} {
		checkCutText(t, name, m[name], text)
	}
	if m["error"] != reason {
		checkCutText(t, "error", m["error"], reason)
	}
}

func TestLargeValues(t *testing.T) {
	long := strings.Repeat("v", 2<<20)
	quoted := `"` + long + `"`
	object := map[string]any{"k": long}
	marker := func(value string) string {
		return fmt.Sprintf(`{"$truncated":{"bytes":%d,"sha256":"%x"}}`, len(value), sha256.Sum256([]byte(value)))
	}
	member := func(value string) string { return `{"k":` + value + `}` }
	messages := `[{"role":"user","parts":[{"type":"text","content":` + quoted + `}]}]`
	metrics := make(map[string]float64)
	for i := range 100_000 {
		metrics[fmt.Sprintf("metric.%06d", i)] = 1
	}
	tests := []struct {
		field string
		event types.Event
		want  string // JSON
	}{
		{"tool_input", types.Event{ToolCall: &types.ToolCall{ToolName: "t", ToolInput: long}}, marker(quoted)},
		{"tool_output", types.Event{ToolCall: &types.ToolCall{ToolName: "t", ToolOutput: object}}, marker(member(quoted))},
		{"parameters", types.Event{LLMCall: &types.LLMCall{Parameters: object}}, marker(member(quoted))},
		{"metadata", types.Event{Metadata: object, Step: &types.Step{Name: "n"}}, marker(member(quoted))},
		{"input", types.Event{Type: types.EventSessionStart, Session: &types.SessionFields{Name: "n", Input: json.RawMessage(quoted)}}, marker(quoted)},
		{"x", types.Event{Step: &types.Step{Name: "n"}, Extra: map[string]json.RawMessage{"x": json.RawMessage(quoted)}}, marker(quoted)},
		{
			"messages",
			types.Event{LLMCall: &types.LLMCall{Messages: []types.Message{{Role: "user", Parts: []types.Part{{Type: "text", Content: long}}}}}},
			"[" + marker(messages) + "]",
		},
		{
			"tags",
			types.Event{Type: types.EventSessionStart, Session: &types.SessionFields{Tags: []string{long}}},
			fmt.Sprintf(`["…[truncated: %d bytes, sha256:%x]"]`, len(quoted)+2, sha256.Sum256([]byte("["+quoted+"]"))),
		},
		{"metrics", types.Event{Result: &types.SessionResult{Metrics: metrics}}, `{"$truncated":1800001}`}, // {"metric.000000":1,...}
	}
	for _, tt := range tests {
		t.Run(tt.field, func(t *testing.T) {
			m := limitedJSON(t, &tt.event)
			if got, _ := json.Marshal(m[tt.field]); string(got) != canonical(t, tt.want) {
				t.Errorf("got %.300s\nwant %.300s", got, tt.want)
			}
		})
	}
}

func canonical(t *testing.T, data string) string {
	t.Helper()
	b, err := json.Marshal(tree(t, []byte(data)))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestOnlyTheBulkiestIsCut: what fits stays as it is.
func TestOnlyTheBulkiestIsCut(t *testing.T) {
	input := strings.Repeat("i", 400<<10)
	m := limitedJSON(t, &types.Event{Metadata: map[string]any{"k": "v"}, ToolCall: &types.ToolCall{ToolName: "t", ToolInput: input, ToolOutput: strings.Repeat("o", 700<<10)}})
	if m["tool_input"] != input || m["metadata"].(map[string]any)["k"] != "v" {
		t.Error("tool_input or metadata was cut too")
	}
	if o, _ := m["tool_output"].(map[string]any); o["$truncated"] == nil {
		t.Errorf("tool_output is %.100v", m["tool_output"])
	}
}

// TestLargeUnknownFields: what is large about them may be a name, or their number.
func TestLargeUnknownFields(t *testing.T) {
	longName := map[string]json.RawMessage{strings.Repeat("n", 2<<20): json.RawMessage("1"), "short": json.RawMessage("2")}
	m := limitedJSON(t, &types.Event{Step: &types.Step{Name: "n"}, Extra: longName})
	if m["$truncated"] == nil || m["short"] != json.Number("2") {
		t.Errorf("got %.300v", m)
	}
	many := make(map[string]json.RawMessage)
	for i := range 4000 {
		many[fmt.Sprintf("field_%d", i)] = json.RawMessage(`"` + strings.Repeat("v", 500) + `"`)
	}
	m = limitedJSON(t, &types.Event{Metadata: map[string]any{"k": "v"}, Step: &types.Step{Name: "n"}, Extra: maps.Clone(many)})
	if m["$truncated"] == nil || m["name"] != "n" || m["field_1"] != nil {
		t.Errorf("got %.300v", m)
	}
}

// TestEventsThatFitAreNotTouched: up to the last byte of the limit.
func TestEventsThatFitAreNotTouched(t *testing.T) {
	e := types.Event{ID: "e", Type: types.EventStep, SessionID: "s", Timestamp: noon, Step: &types.Step{Name: "n", Error: ""}}
	rest := sentrial.MaxEventBytes - len(sentrial.EventJSON(&e)) - len(`,"error":""`)
	e.Step.Error = strings.Repeat("x", rest)
	data := sentrial.EventJSON(&e)
	if len(data) != sentrial.MaxEventBytes || members(t, data)["error"] != e.Step.Error {
		t.Errorf("%d bytes, want the whole text and %d", len(data), sentrial.MaxEventBytes)
	}
	e.Step.Error += "x"
	data = sentrial.EventJSON(&e)
	if len(data) > sentrial.MaxEventBytes || len(data) < sentrial.MaxEventBytes-200 {
		t.Errorf("%d bytes, want hardly less than %d", len(data), sentrial.MaxEventBytes)
	}
	checkCutText(t, "error", members(t, data)["error"], e.Step.Error)
}
