package genai_test

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// Whatever a span says under the names that dialects know, it is read without a panic, and no count is below zero.
func FuzzRead(f *testing.F) {
	for seed, s := range []string{
		"", "Hello", "42", "-1", `"x"`, `[]`, `{}`, `[{"role":"user","parts":[{"type":"text","content":"hi"}]}]`, `{"messages":[["user","hi"]]}`,
		`{"generations":[[{"message":{"lc":1,"id":["AIMessage"],"kwargs":{"content":"hi","id":"run-1","usage_metadata":{"input_tokens":1}}}}]]}`,
		`{"input":1,"output":2,"total":-3,"input_cached_tokens":9e99}`, `{"args":[1],"kwargs":{"a":{"b":[]}}}`, `{"output":{"kwargs":{"tool_call_id":"c"}}}`,
		`[{"type":"tool_use","id":"t","input":"{"},{"role":null}]`, `{'cache_read': None}`, `{"choices":[{"message":{"tool_calls":[{"function":{}}]}}],"usage":null}`,
	} {
		f.Add(uint64(seed), s)
	}
	f.Fuzz(func(t *testing.T, seed uint64, text string) {
		s := randomSpan(rand.New(rand.NewPCG(seed, 7)), text)
		seen := genai.Look(s)
		if c := seen.LLMCall; c != nil {
			u := c.Usage
			if min(u.Input, u.Output, u.Total, u.CacheRead, u.CacheWrite, u.Reasoning) < 0 || u.Total < u.Input+u.Output {
				t.Errorf("tokens are %+v", u)
			}
			if c.Cost != nil && !(*c.Cost >= 0) || c.TimeToFirstToken < 0 {
				t.Errorf("cost %v, time to first token %v", c.Cost, c.TimeToFirstToken)
			}
			for _, m := range append(c.Messages, c.OutputMessages...) {
				if m.Role == "" {
					t.Errorf("a message has no role: %+v", m)
				}
			}
		}
		if again := genai.Look(s); !reflect.DeepEqual(equable(t, seen), equable(t, again)) {
			t.Errorf("read twice it is\n%s\nand\n%s", equable(t, seen), equable(t, again))
		}
	})
}

// equable leaves out numbers that are not equal to themselves.
func equable(t *testing.T, seen genai.Seen) string {
	seen.Attributes, seen.Metadata = nil, nil
	if seen.LLMCall != nil {
		seen.LLMCall.Parameters = nil
	}
	seen.About, seen.Step, seen.ToolCall = nil, nil, nil
	raw, err := json.Marshal(seen)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func randomSpan(r *rand.Rand, text string) *genai.Span {
	keys, prefixes, events, scopes := genai.Vocabulary()
	pick := func(list []string) string { return list[r.IntN(len(list))] }
	value := func() any {
		switch r.IntN(12) {
		case 0:
			return r.Int64() - math.MaxInt64/2
		case 1:
			return r.IntN(1000) - 100
		case 2:
			return r.NormFloat64() * 100
		case 3:
			return math.NaN()
		case 4:
			return r.IntN(2) == 0
		case 5:
			return []string{text, "b"}
		case 6:
			return []any{text, nil, map[string]any{"x": text}}
		case 7:
			return map[string]any{"role": "user", "content": text, "n": math.Inf(1)}
		case 8:
			return []byte(text)
		case 9:
			return nil
		}
		return text
	}
	tails := []string{
		"0.role", "0.content", "1.message.role", "0.message.content", "0.message.contents.0.message_content.type", "0.message.contents.0.message_content.text",
		"0.message.tool_calls.0.tool_call.function.name", "0.tool_calls.0.name", "0.document.content", "-1.role", "x", "0", "", "0.prompt.text", "session_id", "a.b.c",
	}
	attributes := func() (list []genai.Attribute) {
		for range r.IntN(20) {
			key := pick(keys)
			switch r.IntN(3) {
			case 0:
				key = pick(prefixes) + pick(tails)
			}
			v := value()
			if n, ok := v.(int); ok {
				v = int64(n)
			}
			list = append(list, genai.Attribute{Key: key, Value: v})
		}
		return list
	}
	s := &genai.Span{
		TraceID: genai.TraceID{1}, SpanID: genai.SpanID{1}, Name: text, Status: genai.StatusCode(r.IntN(3)), Scope: genai.Scope{Name: pick(append(scopes, ""))},
		Start: time.Unix(1, 0), End: time.Unix(2, 0), Attributes: attributes(), Dropped: r.IntN(2),
	}
	for range r.IntN(4) {
		s.Events = append(s.Events, genai.SpanEvent{Name: pick(append(events, "exception")), Attributes: attributes()})
	}
	return s
}

// What is read of JSON a level at a time is what encoding/json reads.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{
		`"long enough for \"words\" of eight"`, `"café, and then \u00e9\n"`, "\"a tab\tin it\"", `{}`, `[]`, ` { "a" : 1 , "b":[1,{"c":"]"}],"a":"\"}" } `, `[1, "a,b" ,null,true,{"x":[[]]}]`, `"a\u00e9\ud83d\ude00"`, "\"\xff\"", "[{\"role\":\"\xff\",\"parts\":[]}]", `{"a":"\\"}`, `["\\\"",-1e5]`,
		`[{"role":"user","name":null,"parts":[{"type":"text","content":"a\nb\u0041\ud83d\ude00\ud83d"},{"type":"tool_call","arguments":{"a":1},"id":"c"}]}]`,
		`[{"role":"user","parts":[{"type":"image"}]}]`, `[{"role":"user","parts":[{"type":"tool_call","arguments":{"a":}}]}]`, `[{"role":"tool","parts":[{"type":"tool_call_response","response":"{\"a\":1}"}],"finish_reason":"STOP"}]`,
	} {
		f.Add(s)
	}
	f.Add("[{\"role\":\"a\\tb\n\"}]")
	f.Fuzz(func(t *testing.T, s string) {
		if list, ok := genai.Schema(s); ok && (!json.Valid([]byte(s)) || len(list) > 0 && !utf8.ValidString(list[0].Role)) {
			t.Errorf("%q is no JSON, or no text, and was read as messages", s)
		}
		raw := json.RawMessage(s)
		if !json.Valid(raw) {
			genai.ObjectIn(raw) // finds an end all the same
			genai.ListIn(raw)
			genai.StringIn(raw)
			return
		}
		var object map[string]json.RawMessage
		if _ = json.Unmarshal(raw, &object); !sameJSON(object, genai.ObjectIn(raw)) {
			t.Errorf("members of %s: %s, want %s", s, genai.ObjectIn(raw), object)
		}
		var list []json.RawMessage
		if _ = json.Unmarshal(raw, &list); !reflect.DeepEqual(list, genai.ListIn(raw)) {
			t.Errorf("items of %s: %s, want %s", s, genai.ListIn(raw), list)
		}
		var text string
		if err := json.Unmarshal(raw, &text); err == nil && string(bytes.TrimSpace(raw)) != "null" {
			if got, ok := genai.StringIn(raw); !ok || got != text {
				t.Errorf("text of %s: %q, want %q", s, got, text)
			}
			list, ok := genai.Schema(`[{"parts":[{"type":"text","content":` + s + `},{"type":"reasoning","content":` + s + `}],"role":"r"}]`)
			if ok && (list[0].Parts[0].Content != text || list[0].Parts[1].Content != text) || !ok && utf8.ValidString(s) {
				t.Errorf("text of %s in a message: %q, %v, want %q", s, list, ok, text)
			}
		}
	})
}

func sameJSON(x, y map[string]json.RawMessage) bool {
	return len(x) == 0 && len(y) == 0 && (x == nil) == (y == nil) || reflect.DeepEqual(x, y)
}
