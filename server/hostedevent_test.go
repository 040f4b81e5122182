package server_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/types"
)

// TestHostedEvents has what becomes of one request each: the members of the event behind the envelope.
func TestHostedEvents(t *testing.T) {
	const (
		tool = `"status":"success","tool_name":"x"`
		llm  = `"status":"success","provider":"p","model":"m"`
		step = `"status":"success","name":"state_change","kind":"state_change"`
	)
	call := func(more string) string { return `"toolName":"llm:p:m",` + more }
	a := newApp(t)
	for i, c := range []struct{ kind, sent, want string }{
		{"tool_call", ``, `"type":"tool_call","status":"success"`},
		{"tool_call", `"toolName":"x","toolInput":null,"toolError":null,"metadata":null,"reasoning":"","confidence":null`, `"type":"tool_call",` + tool},
		{"tool_call", `"toolName":"x","toolInput":"text","toolOutput":[1.50]`, `"type":"tool_call",` + tool + `,"tool_input":"text","tool_output":[1.50]`},
		// An object with a value is one: only our SDK wraps.
		{"tool_call", `"toolName":"set_temperature","toolInput":{"value":21},"toolOutput":{"value":null}`, `"type":"tool_call","status":"success","tool_name":"set_temperature","tool_input":{"value":21},"tool_output":{"value":null}`},
		{"tool_call", `"toolName":"x","toolInput":{"value":5,"more":1}`, `"type":"tool_call",` + tool + `,"tool_input":{"value":5,"more":1}`},
		{"tool_call", `"toolName":"x","toolError":{}`, `"type":"tool_call","status":"error","tool_name":"x"`},
		{"tool_call", `"toolName":"x","toolError":"boom"`, `"type":"tool_call","status":"error","tool_name":"x","error":"boom"`},
		{"tool_call", `"toolName":"llm:gpt"`, `"type":"tool_call","status":"success","tool_name":"llm:gpt"`},
		// What has no place is kept: fields of other types under their names in snake case, unknown ones as they are, and nothing is overwritten.
		{
			"tool_call", `"toolName":"x","confidence":0.5,"stateBefore":{"a":1},"foo":{"b":null},"durationMs":3`,
			`"type":"tool_call",` + tool + `,"metadata":{"confidence":0.5,"state_before":{"a":1},"foo":{"b":null},"durationMs":3}`,
		},
		{
			"tool_call", `"toolName":"x","toolError":{"message":"m","type":"T"},"metadata":{"tool_error":1,"sentrial_tool_error":2}`,
			`"type":"tool_call","status":"error","tool_name":"x","error":"m","metadata":{"tool_error":1,"sentrial_tool_error":2,"sentrial_sentrial_tool_error":{"type":"T"}}`,
		},
		{
			"tool_call", `"toolName":"x","__proto__":{"a":1},"metadata":{"__proto__":{"b":1},"constructor":"c"}`,
			`"type":"tool_call",` + tool + `,"metadata":{"__proto__":{"b":1},"constructor":"c","sentrial___proto__":{"a":1}}`,
		},
		{
			"tool_call", `"toolName":"x","id":"evt_1","session_id":"s","timestamp":"t","type":"step","position":5`,
			`"type":"tool_call",` + tool + `,"metadata":{"id":"evt_1","session_id":"s","timestamp":"t","type":"step","position":5}`,
		},
		// null counts as absent, known or not, of a toolError too; inside other values it is kept.
		{
			"tool_call", `"toolName":"x","foo":null,"branchName":null,"toolInput":{"q":null},"toolError":{"message":"m","type":null,"stack_trace":null,"code":{"n":null}}`,
			`"type":"tool_call","status":"error","tool_name":"x","tool_input":{"q":null},"error":"m","metadata":{"tool_error":{"code":{"n":null}}}`,
		},
		{"error", `"toolError":{"message":null,"type":"T","cause":null}`, `"type":"error","error_type":"T"`},
		// A cost of 0 says nothing, but of an LLM call that has no other.
		{"tool_call", `"toolName":"x","estimatedCost":0.0`, `"type":"tool_call",` + tool},
		{"llm_decision", `"estimatedCost":0`, `"type":"decision"`},
		{"error", `"estimatedCost":-0.0e5`, `"type":"error"`},
		{"state_change", `"estimatedCost":0.0`, `"type":"step",` + step},
		{"state_change", `"estimatedCost":0.5`, `"type":"step",` + step + `,"metadata":{"estimated_cost":0.5}`},
		{"tool_call", call(`"toolOutput":{"cost_usd":0.25},"estimatedCost":0.0`), `"type":"llm_call",` + llm + `,"cost":0.25`},
		{"tool_call", call(`"toolOutput":{"cost_usd":0},"estimatedCost":0.0`), `"type":"llm_call",` + llm + `,"cost":0`},
		{"tool_call", call(`"toolOutput":{"cost_usd":null},"estimatedCost":0.0`), `"type":"llm_call",` + llm},
		{"tool_call", call(`"toolOutput":{"content":"ho"},"estimatedCost":0.0`), `"type":"llm_call",` + llm + `,"response":"ho","cost":0.0`},
		// Facts of the wrong kind stay where they are.
		{"tool_call", `"toolName":"x","metadata":{"duration_ms":"12","attempt":1.5,"call_id":7}`, `"type":"tool_call",` + tool + `,"metadata":{"duration_ms":"12","attempt":1.5,"call_id":7}`},
		{"tool_call", `"toolName":"x","metadata":{"duration_ms":null,"attempt":2.0,"chosen":"c"}`, `"type":"tool_call","status":"success","attempt":2,"tool_name":"x","metadata":{"duration_ms":null,"chosen":"c"}`},
		{
			"tool_call", `"toolName":"x","metadata":{"duration_ms":5,"sentrial_duration_ms":7,"sentrial_attempt":2,"call_id":"c","sentrial_call_id":null}`,
			`"type":"tool_call","status":"success","duration_ms":5,"call_id":"c","tool_name":"x","metadata":{"sentrial_duration_ms":7,"sentrial_attempt":2,"sentrial_call_id":null}`,
		},
		{
			"llm_decision", `"reasoning":"r","alternativesConsidered":[],"confidence":1,"metadata":{"chosen":"c","duration_ms":5},"toolName":"t"`,
			`"type":"decision","duration_ms":5,"chosen":"c","reasoning":"r","alternatives":[],"confidence":1,"metadata":{"tool_name":"t"}`,
		},
		{"llm_decision", `"alternativesConsidered":["a",1,null,{"b":"c"}]`, `"type":"decision","alternatives":["a","1","null","{\"b\":\"c\"}"]`},
		{"error", ``, `"type":"error"`},
		{
			"error", `"toolError":{"message":"m","type":5,"stack_trace":["a"],"stackTrace":"s"},"metadata":{"recoverable":"yes"}`,
			`"type":"error","error_message":"m","metadata":{"recoverable":"yes","tool_error":{"type":5,"stack_trace":["a"],"stackTrace":"s"}}`,
		},
		{"state_change", ``, `"type":"step",` + step},
		{"state_change", `"stateBefore":{"value":null},"stateAfter":7,"metadata":{"name":"n","kind":"k"}`, `"type":"step","status":"success","name":"n","kind":"k","input":{"value":null},"output":7`},
		{"state_change", `"toolError":{"message":"m"},"metadata":{"name":5}`, `"type":"step","status":"error","name":"state_change","kind":"state_change","error":"m","metadata":{"name":5}`},
		// LLM calls.
		{"tool_call", `"toolName":"llm::"`, `"type":"llm_call","status":"success"`},
		{"tool_call", `"toolName":"llm::","toolInput":{"model":"m","provider":"p"}`, `"type":"llm_call",` + llm},
		{"tool_call", `"toolName":"llm:ollama:llama3:8b"`, `"type":"llm_call","status":"success","provider":"ollama","model":"llama3:8b"`},
		{"tool_call", call(`"metadata":{"provider":"p"}`), `"type":"llm_call",` + llm + `,"metadata":{"provider":"p"}`},
		{"tool_call", call(`"toolInput":{"value":"hi"},"toolOutput":{"value":"ho"}`), `"type":"llm_call",` + llm + `,"metadata":{"tool_input":{"value":"hi"},"tool_output":{"value":"ho"}}`},
		{"tool_call", call(`"toolInput":"hi","toolOutput":"ho"`), `"type":"llm_call",` + llm + `,"prompt":"hi","response":"ho"`},
		{"tool_call", call(`"toolInput":{"messages":[{"content":"hi","role":"user"}]}`), `"type":"llm_call",` + llm + `,"prompt":"hi"`},
		{"tool_call", call(`"toolInput":{"messages":[{"role":"user","content":"hi","name":"ann"}]}`), `"type":"llm_call",` + llm + `,"messages":[{"role":"user","content":"hi","name":"ann"}]`},
		{
			"tool_call", call(`"toolInput":{"messages":[{"role":"user","content":"a"},{"role":"user","content":"b"}]}`),
			`"type":"llm_call",` + llm + `,"messages":[{"role":"user","content":"a"},{"role":"user","content":"b"}]`,
		},
		{"tool_call", call(`"toolInput":{"messages":[1],"model":"other","provider":"q","top_p":1}`), `"type":"llm_call",` + llm + `,"metadata":{"tool_input":{"messages":[1],"top_p":1,"provider":"q","model":"other"}}`},
		{"tool_call", call(`"toolInput":[1],"toolOutput":[2]`), `"type":"llm_call",` + llm + `,"metadata":{"tool_input":[1],"tool_output":[2]}`},
		{
			"tool_call", call(`"toolOutput":{"content":["a"],"tokens":{"prompt":12.0,"completion":1.2e1,"total":"many","cached":3},"cost_usd":0.5}`),
			`"type":"llm_call",` + llm + `,"prompt_tokens":12,"completion_tokens":12,"cost":0.5,"metadata":{"tool_output":{"content":["a"],"tokens":{"total":"many","cached":3}}}`,
		},
		{"tool_call", call(`"toolOutput":{"tokens":7,"cost_usd":-1},"tokenCount":20`), `"type":"llm_call",` + llm + `,"tokens_used":20,"metadata":{"tool_output":{"cost_usd":-1,"tokens":7}}`},
		{"tool_call", call(`"toolOutput":{"tokens":{"prompt":1,"completion":2}},"tokenCount":3`), `"type":"llm_call",` + llm + `,"prompt_tokens":1,"completion_tokens":2`},
		{"tool_call", call(`"toolOutput":{"tokens":{"prompt":1,"completion":2}},"tokenCount":4`), `"type":"llm_call",` + llm + `,"prompt_tokens":1,"completion_tokens":2,"metadata":{"token_count":4}`},
		{"tool_call", call(`"toolOutput":{"cost_usd":0.25},"estimatedCost":0.5`), `"type":"llm_call",` + llm + `,"cost":0.5,"metadata":{"tool_output":{"cost_usd":0.25}}`},
		{
			"tool_call", call(`"metadata":{"output_messages":["x"],"cached_tokens":3.0,"parameters":[],"finish_reason":"stop"}`),
			`"type":"llm_call",` + llm + `,"cached_tokens":3,"finish_reason":"stop","metadata":{"output_messages":["x"],"parameters":[]}`,
		},
	} {
		id, position := a.openSession(), fmt.Sprint(3+3*i)
		event := decode[struct{ ID string }](t, a.record(id, c.kind, given(c.sent)...)).ID
		got := a.get("/v1/events/" + event)
		for _, fixed := range []string{`"id":"` + event + `",`, `"session_id":"` + id + `",`, `"timestamp":"2026-11-22T12:00:00.000000005Z"`, `,"position":` + position + `,"received_at":"2026-11-22T12:00:00.000000005Z"`} {
			if !strings.Contains(got, fixed) {
				t.Errorf("%s lacks %s", got, fixed)
			}
			got = strings.Replace(got, fixed, "", 1)
		}
		got = strings.NewReplacer(`,,`, `,`, `,}`, `}`).Replace(got)
		if want := "{" + c.want + "}"; got != want {
			t.Errorf("%s %s:\n got %s\nwant %s", c.kind, c.sent, got, want)
		}
		if _, events := a.read(id); len(events) != 2 { // also reads them with package types
			t.Errorf("%d events", len(events))
		}
	}
}

// TestHostedEventsListInTheirOrder also when the clock stands still or is set back a little.
func TestHostedEventsListInTheirOrder(t *testing.T) {
	times := []time.Duration{0, 0, 5, -500_000_000, -500_000_000, 6, 7}
	now := noon
	a := newApp(t, func(c *server.Config) { c.Now = func() time.Time { return now } })
	id := a.openSession()
	var want []string
	for _, d := range times {
		now = noon.Add(d)
		want = append(want, decode[struct{ ID string }](t, a.record(id, "error")).ID)
	}
	same(t, "order", a.list("/v1/sessions/" + id + "/events").ids()[41:], strings.Join(want, " "))
	now = noon.Add(-time.Hour) // a clock that was far ahead is followed
	late := decode[struct{ CreatedAt time.Time }](t, a.record(id, "error"))
	same(t, "time", late.CreatedAt, now)
}

// TestHostedSessionsMayGoOn: a session that ended takes more events.
func TestHostedSessionsMayGoOn(t *testing.T) {
	a := newApp(t)
	id := a.openSession()
	a.must("PATCH", "/sessions/"+id, `{"status":"completed"}`)
	a.record(id, "error", `"toolError":{"message":"late"}`)
	s, events := a.read(id)
	same(t, "session", []any{s.Status, s.Events, s.Errors, events[2].Error.ErrorMessage}, "[success 3 1 late]")
}

// TestHostedProjects: a session is known in its project only.
func TestHostedProjects(t *testing.T) {
	a := newApp(t)
	id := a.openSession("X-Sentrial-Project", "p1")
	a.must("POST", "/events", hostedEvent(id, "error"), "X-Sentrial-Project", "p1")
	wantFlat(t, a.hosted("POST", "/events", hostedEvent(id, "error")), 404, "not_found", "no session")
	var s types.Session
	if err := json.Unmarshal([]byte(a.get("/v1/sessions/"+id, "X-Sentrial-Project", "p1")), &s); err != nil {
		t.Fatal(err)
	}
	same(t, "session", []any{s.ProjectID, s.Events}, "[p1 2]")
}

// TestPatchKeepsWhatHasNoPlace: nothing that a program says of its session vanishes.
func TestPatchKeepsWhatHasNoPlace(t *testing.T) {
	a := newApp(t)
	id := a.openSession()
	a.must("PATCH", "/sessions/"+id, `{"status":"failed","success":true,"failureReason":"reason","customMetrics":{"good":1,"bad":"x"},"durationMs":1500,"foo":[1],"userInput":{"a":1},
		"assistantOutput":["b"],"metadata":{"summary":"sum","duration_ms":7}}`)
	s, _ := a.read(id)
	same(t, "session", []any{s.Status, s.Summary, s.Input, s.Output, s.Metrics}, "[error sum map[a:1] [b] map[good:1]]")
	same(t, "metadata", s.Metadata, "map[custom_metrics:map[bad:x] duration_ms:7 failure_reason:reason foo:[1] sentrial_duration_ms:1500 success:true]")
}

// TestTimesOfTheSDK: a time of the SDK's own is kept, however late it comes.
func TestTimesOfTheSDK(t *testing.T) {
	a := newApp(t)
	a.sdk(sdkPairs[0].request)
	for i, at := range []string{"2026-11-22T00:16:57.000000002Z", "2026-11-22T02:16:57.000000001+02:00", "1960-01-01T00:00:00Z"} {
		a.sdk(fmt.Sprintf(`POST /events {"sessionId":"SESSION","eventType":"error","metadata":{"event_id":"e%d","timestamp":%q}}`, i, at))
	}
	same(t, "order", a.list("/v1/sessions/sess_1/events").ids(), "evt_1 e1 e0 e2")
	_, events := a.read("sess_1")
	same(t, "a time that cannot be", []any{events[3].Timestamp, events[3].Metadata}, []any{noon, "map[timestamp:1960-01-01T00:00:00Z]"})
}

// given is the one text, or none.
func given(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}
