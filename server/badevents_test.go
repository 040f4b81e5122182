package server_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestBadEventsAreRejectedAlone sends each bad event between two good ones.
func TestBadEventsAreRejectedAlone(t *testing.T) {
	const at = `"timestamp":"2026-11-22T00:16:56Z"`
	a := newApp(t)
	for i, c := range []struct{ event, id, message string }{
		{`null`, "#1", "expected an event object, got null"},
		{`5`, "#1", "expected an event object, got the number 5"},
		{`"x"`, "#1", "expected an event object, got a string"},
		{`[]`, "#1", "expected an event object, got an array"},
		{`{}`, "#1", "id is missing: expected 1 to 128 characters"},
		{`{"id":null}`, "#1", "id is missing"},
		{`{"id":5}`, "#1", "id: expected 1 to 128 characters of A-Z a-z 0-9 _ . : -, got the number 5"},
		{`{"id":""}`, "#1", "id: expected 1 to 128 characters of A-Z a-z 0-9 _ . : -, got an empty string"},
		{`{"id":"a b"}`, "#1", `id: expected 1 to 128 characters of A-Z a-z 0-9 _ . : -, got "a b"`},
		{`{"id":"` + strings.Repeat("x", 129) + `"}`, "#1", "id: expected 1 to 128 characters"},
		{`{"ID":"x"}`, "#1", "id is missing"},
		{`{"id":"x","id":"y"}`, "x", "id: occurs twice"},
		{`{"id":"x"}`, "x", "type is missing"},
		{`{"type":"Tool","id":"x"}`, "x", `type: expected a word of a-z 0-9 _ such as tool_call, got "Tool"`},
		{`{"id":"x","type":"` + strings.Repeat("a", 65) + `"}`, "x", "type: expected a word"},
		{`{"id":"x","type":7}`, "x", "type: expected a word of a-z 0-9 _ such as tool_call, got the number 7"},
		{`{"id":"x","type":"step"}`, "x", "session_id is missing"},
		{`{"id":"x","type":"step","session_id":"s 1"}`, "x", `session_id: expected 1 to 128 characters of A-Z a-z 0-9 _ . : -, got "s 1"`},
		{`{"id":"x","type":"step","session_id":"s1"}`, "x", "timestamp is missing: expected an RFC 3339 time such as 2026"},
		{`{"id":"x","type":"step","session_id":"s1","timestamp":1763770616}`, "x", "timestamp: expected an RFC 3339 time such as 2026-11-22T00:16:56.123456789Z, got the number 1763770616"},
		{`{"id":"x","type":"step","session_id":"s1","timestamp":"2026-11-22 00:16:56"}`, "x", `got "2026-11-22 00:16:56"`},
		{`{"id":"x","type":"step","session_id":"s1","timestamp":"2026-11-22T00:16:56"}`, "x", "timestamp: expected an RFC 3339 time"},
		{`{"id":"x","type":"step","session_id":"s1","timestamp":"2026-02-30T00:16:56Z"}`, "x", "timestamp: expected an RFC 3339 time"},
		{`{"id":"x","type":"step","session_id":"s1","timestamp":"0001-01-01T00:00:00Z"}`, "x", "timestamp: expected a time from 1970 to 2261"},
		{ev("x", "step", `"duration_ms":-1`), "x", "duration_ms: expected milliseconds from 0 to 315360000000 (10 years), got the number -1"},
		{ev("x", "step", `"duration_ms":1e300`), "x", "duration_ms: expected milliseconds"},
		{ev("x", "step", `"duration_ms":1e999`), "x", "duration_ms: expected milliseconds"},
		{ev("x", "step", `"duration_ms":"5"`), "x", "duration_ms: expected milliseconds from 0 to 315360000000 (10 years), got a string"},
		{ev("x", "step", `"status":"fine"`), "x", `status: expected running, success, error, cancelled or unknown, got "fine"`},
		{ev("x", "step", `"status":true`), "x", "status: expected running, success, error, cancelled or unknown, got true"},
		{ev("x", "session_end", `"status":"running"`), "x", "status: expected success, error, cancelled or unknown at the end of a session"},
		{ev("x", "session_end", `"status":"active"`), "x", "status: expected"},
		{ev("x", "step", `"seq":-1`), "x", "seq: expected a whole number from 0"},
		{ev("x", "step", `"seq":1.5`), "x", "seq: expected a whole number from 0 to 1000000000000000, got the number 1.5"},
		{ev("x", "step", `"parent_id":5`), "x", "parent_id: expected a string, got the number 5"},
		{ev("x", "step", `"trace_id":"`+strings.Repeat("x", 257)+`"`), "x", "trace_id: expected a string of at most 256 bytes"},
		{ev("x", "step", `"metadata":[]`), "x", "metadata: expected an object, got an array"},
		{ev("x", "step", `"name":{}`), "x", "name: expected a string, got an object"},
		{ev("x", "step", `"name":"a","name":"b"`), "x", "name: occurs twice"},
		{ev("x", "llm_call", `"prompt_tokens":"12"`), "x", "prompt_tokens: expected a whole number from 0 to 1000000000000000, got a string"},
		{ev("x", "llm_call", `"completion_tokens":-3`), "x", "completion_tokens: expected a whole number"},
		{ev("x", "llm_call", `"tokens_used":1e16`), "x", "tokens_used: expected a whole number"},
		{ev("x", "llm_call", `"cost":"0.1"`), "x", "cost: expected a number of US dollars from 0 to 1000000, got a string"},
		{ev("x", "llm_call", `"cost":-0.1`), "x", "cost: expected a number of US dollars"},
		{ev("x", "tool_call", `"cost":{}`), "x", "cost: expected a number of US dollars from 0 to 1000000, got an object"},
		{ev("x", "llm_call", `"model":["gpt"]`), "x", "model: expected a string, got an array"},
		{ev("x", "llm_call", `"messages":"hello"`), "x", "messages: expected an array, got a string"},
		{ev("x", "llm_call", `"prompt":["secret"]`), "x", "prompt: expected a string, got an array"},
		{ev("x", "llm_call", `"parameters":5`), "x", "parameters: expected an object, got the number 5"},
		{ev("x", "llm_call", `"time_to_first_token_ms":-5`), "x", "time_to_first_token_ms: expected milliseconds"},
		{ev("x", "tool_call", `"tool_name":5`), "x", "tool_name: expected a string, got the number 5"},
		{ev("x", "tool_call", `"attempt":"1"`), "x", "attempt: expected a whole number"},
		{ev("x", "tool_call", `"error":{"message":"secret"}`), "x", "error: expected a string, got an object"},
		{ev("x", "decision", `"alternatives":[1]`), "x", "alternatives: expected an array of strings, got an array"},
		{ev("x", "decision", `"confidence":"high"`), "x", "confidence: expected a number, got a string"},
		{ev("x", "error", `"recoverable":"yes"`), "x", "recoverable: expected true or false, got a string"},
		{ev("x", "feedback", `"score":"5"`), "x", "score: expected a number, got a string"},
		{ev("x", "session_start", `"name":5`), "x", "name: expected a string, got the number 5"},
		{ev("x", "session_start", `"tags":"a,b"`), "x", "tags: expected an array of strings, got a string"},
		{ev("x", "session_update", `"tags":[1]`), "x", "tags: expected an array of strings, got an array"},
		{ev("x", "session_end", `"metrics":[1]`), "x", "metrics: expected an object of numbers, got an array"},
		{ev("x", "session_end", `"metrics":{"a":1,"b":"2"}`), "x", `metrics: "b": expected a number, got a string`},
		{ev("x", "session_end", `"summary":null,"output":1,"output":2`), "x", "output: occurs twice"},
		{"{\"id\":\"x\",\"type\":\"step\",\"session_id\":\"s1\"," + at + ",\"name\":\"\xff\"}", "x", "the event is not valid UTF-8"},
	} {
		got := a.send(ev(fmt.Sprint("before", i), "step"), c.event, ev(fmt.Sprint("after", i), "step"))
		if got.Accepted != 2 || len(got.Rejected) != 1 {
			t.Errorf("%s: %+v", c.event, got)
			continue
		}
		r := got.Rejected[0]
		if r.ID != c.id || r.Code != "validation_error" || r.Retry || !strings.Contains(r.Message, c.message) {
			t.Errorf("%s:\n got %+v\nwant %s … %s", c.event, r, c.id, c.message)
		}
		if strings.Contains(r.Message, "secret") {
			t.Errorf("%s: the message shows content: %s", c.event, r.Message)
		}
	}
}

// TestUnusualEventsAreTaken has what is not wrong.
func TestUnusualEventsAreTaken(t *testing.T) {
	a := newApp(t)
	for _, event := range []string{
		ev("e1", "step", `"duration_ms":null,"metadata":null,"status":null,"seq":null,"name":null`),
		ev("e2", "custom_type_9", `"prompt_tokens":"many","cost":"high","input":{"$ref":"x"}`),
		ev("e3", "step", `"status":"","unknown":{"a":[1,{"b":null}]},"prompt_tokens":"not a step's"`),
		ev("e4", "llm_call", `"prompt_tokens":12.0,"completion_tokens":1.2e1,"cost":0`),
		ev("e5", "tool_call", `"tool_input":{"$ref":"#/definitions/x"},"tool_output":{"$ref":"sha256:ab","more":1}`),
		ev("e6", "session_end"),
		ev("e7", "session_alias", `"into":"s2"`),
		ev("e8", "decision", `"alternatives":[],"confidence":85`),
		`{"\u0069d":"e\u0039","type":"step","session_id":"s1","timestamp":"2026-11-22T01:16:56.123456789+01:00"}`,
		strings.ReplaceAll(ev("e10", "step"), ",", " ,\n\t"),
	} {
		if got := a.send(event); got.Accepted != 1 {
			t.Errorf("%s: %+v", event, got)
		}
	}
	if _, events := a.read("s1"); len(events) != 10 {
		t.Errorf("package types reads %d events, want 10", len(events))
	}
}

func TestReferencesAreMissing(t *testing.T) {
	a := newApp(t)
	ref := `{"$ref":"sha256:0123"}`
	for _, event := range []string{
		ev("x", "tool_call", `"tool_input":`+ref), ev("x", "tool_call", `"tool_output": { "$ref" : "sha256:0123" } `),
		ev("x", "llm_call", `"prompt":`+ref), ev("x", "llm_call", `"response":`+ref), ev("x", "llm_call", `"messages":`+ref),
		ev("x", "llm_call", `"output_messages":[{"role":"user"},`+ref+`]`), ev("x", "llm_call", `"tool_definitions":`+ref),
		ev("x", "step", `"input":`+ref), ev("x", "step", `"output":`+ref),
		ev("x", "session_start", `"input":`+ref), ev("x", "session_end", `"output":`+ref),
	} {
		got := a.send(event, ev("ok", "step"))
		if len(got.Rejected) != 1 || got.Rejected[0].Code != "missing_ref" || !got.Rejected[0].Retry || got.Rejected[0].ID != "x" {
			t.Errorf("%s: %+v", event, got)
		}
	}
}
