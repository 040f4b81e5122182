package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// sdkPairs is a session as our SDK sends it: each event on the batch wire, and the request that says the same on the hosted one.
var sdkPairs = []struct{ event, request string }{
	{
		`"id":"evt_1","type":"session_start","seq":1,"timestamp":"2026-11-22T00:16:56.000000001Z","trace_id":"t1","span_id":"p1","name":"reset","agent_name":"support",
			"agent_version":"2","user_id":"u1","conversation_id":"c1","parent_session_id":"sess_0","input":{"q":1.50},"tags":["a","b"],"metadata":{"plan":"pro","input":"the user's"}`,
		`POST /sessions {"name":"reset","agentName":"support","userId":"u1","metadata":{"plan":"pro","input":"the user's","sentrial_input":{"q":1.50},"session_id":"SESSION","event_id":"evt_1",
			"seq":1,"timestamp":"2026-11-22T00:16:56.000000001Z","trace_id":"t1","span_id":"p1","agent_version":"2","conversation_id":"c1","parent_session_id":"sess_0","tags":["a","b"]}}`,
	},
	{
		`"id":"evt_2","type":"tool_call","parent_id":"evt_0","seq":2,"timestamp":"2026-11-22T00:16:57Z","duration_ms":150.25,"status":"success","trace_id":"t1","span_id":"p1",
			"tool_name":"search","call_id":"call_1","tool_input":{"q":"x"},"tool_output":["y"],"reasoning":"r","attempt":1,"cost":0.25,"metadata":{"k":{"n":[1,{"m":null}]}}`,
		`POST /events {"sessionId":"SESSION","eventType":"tool_call","toolName":"search","toolInput":{"q":"x"},"toolOutput":{"value":["y"]},"reasoning":"r","estimatedCost":0.25,"traceId":"t1",
			"spanId":"p1","metadata":{"k":{"n":[1,{"m":null}]},"event_id":"evt_2","parent_id":"evt_0","seq":2,"timestamp":"2026-11-22T00:16:57Z","duration_ms":150.25,"call_id":"call_1","attempt":1}}`,
	},
	{
		`"id":"evt_3","type":"tool_call","seq":3,"timestamp":"2026-11-22T00:16:58Z","status":"error","tool_name":"a","tool_input":{"value":1},"tool_output":null,"error":"boom",
			"metadata":{"status":"cancelled","attempt":"mine"}`,
		`POST /events {"sessionId":"SESSION","eventType":"tool_call","toolName":"a","toolInput":{"value":{"value":1}},"toolOutput":{"value":null},"toolError":{"message":"boom"},
			"metadata":{"status":"cancelled","sentrial_status":null,"attempt":"mine","event_id":"evt_3","seq":3,"timestamp":"2026-11-22T00:16:58Z"}}`,
	},
	{
		`"id":"evt_4","type":"tool_call","seq":4,"timestamp":"2026-11-22T00:16:59Z","status":"cancelled","trace_id":"t2","tool_name":"b","error":"context canceled","metadata":{"trace_id":"the user's","response":"too"}`,
		`POST /events {"sessionId":"SESSION","eventType":"tool_call","toolName":"b","toolError":{"message":"context canceled"},"traceId":"t2",
			"metadata":{"trace_id":"the user's","response":"too","status":"cancelled","event_id":"evt_4","seq":4,"timestamp":"2026-11-22T00:16:59Z"}}`,
	},
	{
		`"id":"evt_5","type":"llm_call","seq":5,"timestamp":"2026-11-22T00:17:00Z","duration_ms":900,"status":"success","model":"gpt:4o","provider":"my:proxy","prompt":"hi","response":"ho",
			"request_model":"gpt","operation":"chat","response_id":"r1","parameters":{"temperature":0.5},"tool_definitions":[{"name":"search"}],"prompt_name":"pn","prompt_version":"1",
			"prompt_tokens":1200,"completion_tokens":80,"tokens_used":1290,"cached_tokens":3,"cache_write_tokens":4,"reasoning_tokens":5,"cost":0.0042,"finish_reason":"stop","attempts":2,
			"time_to_first_token_ms":12.345`,
		`POST /events {"sessionId":"SESSION","eventType":"tool_call","toolName":"llm:my_proxy:gpt:4o","toolInput":{"messages":[{"role":"user","content":"hi"}],"model":"gpt:4o","provider":"my:proxy"},
			"toolOutput":{"content":"ho","tokens":{"prompt":1200,"completion":80,"total":1290},"cost_usd":0.0042},"estimatedCost":0.0042,"tokenCount":1290,
			"metadata":{"event_id":"evt_5","seq":5,"timestamp":"2026-11-22T00:17:00Z","duration_ms":900,"request_model":"gpt","operation":"chat","response_id":"r1",
			"parameters":{"temperature":0.5},"tool_definitions":[{"name":"search"}],"prompt_name":"pn","prompt_version":"1","cached_tokens":3,"cache_write_tokens":4,"reasoning_tokens":5,
			"finish_reason":"stop","attempts":2,"time_to_first_token_ms":12.345}}`,
	},
	{
		`"id":"evt_6","type":"llm_call","seq":6,"timestamp":"2026-11-22T00:17:01Z","status":"error","model":"m","prompt":"in short: hi","messages":[{"role":"user","parts":[{"type":"text","content":"hi"}]}],
			"output_messages":[{"role":"assistant","parts":[{"type":"text","content":"h"}]}],"error":"cut off"`,
		`POST /events {"sessionId":"SESSION","eventType":"tool_call","toolName":"llm::m","toolInput":{"messages":[{"role":"user","parts":[{"type":"text","content":"hi"}]}],"model":"m","provider":""},
			"toolOutput":{"content":"","tokens":{"prompt":0,"completion":0,"total":0}},"toolError":{"message":"cut off"},"metadata":{"prompt":"in short: hi","event_id":"evt_6","seq":6,"timestamp":"2026-11-22T00:17:01Z",
			"output_messages":[{"role":"assistant","parts":[{"type":"text","content":"h"}]}]}}`,
	},
	{
		`"id":"evt_7","type":"decision","seq":7,"timestamp":"2026-11-22T00:17:02Z","reasoning":"r","alternatives":["a","b"],"chosen":"b","confidence":0.85`,
		`POST /events {"sessionId":"SESSION","eventType":"llm_decision","reasoning":"r","alternativesConsidered":["a","b"],"confidence":0.85,
			"metadata":{"chosen":"b","event_id":"evt_7","seq":7,"timestamp":"2026-11-22T00:17:02Z"}}`,
	},
	{
		`"id":"evt_8","type":"error","seq":8,"timestamp":"2026-11-22T00:17:03Z","error_type":"timeout","error_message":"too slow","stack_trace":"at f()","recoverable":false,"recovery_action":"again"`,
		`POST /events {"sessionId":"SESSION","eventType":"error","toolError":{"message":"too slow","type":"timeout","stack_trace":"at f()"},
			"metadata":{"recoverable":false,"recovery_action":"again","event_id":"evt_8","seq":8,"timestamp":"2026-11-22T00:17:03Z"}}`,
	},
	{
		`"id":"evt_9","type":"step","seq":9,"timestamp":"2026-11-22T00:17:04Z","duration_ms":5,"status":"success","name":"plan","input":"in","output":{"steps":3}`,
		`POST /events {"sessionId":"SESSION","eventType":"state_change","stateBefore":{"value":"in"},"stateAfter":{"steps":3},
			"metadata":{"name":"plan","event_id":"evt_9","seq":9,"timestamp":"2026-11-22T00:17:04Z","duration_ms":5}}`,
	},
	{
		`"id":"evt_10","type":"session_update","seq":10,"timestamp":"2026-11-22T00:17:05Z","user_id":"u2","tags":["c"],"metadata":{"more":1}`,
		`POST /events {"sessionId":"SESSION","eventType":"state_change","stateAfter":{"user_id":"u2","tags":["c"]},
			"metadata":{"more":1,"event_type":"session_update","event_id":"evt_10","seq":10,"timestamp":"2026-11-22T00:17:05Z"}}`,
	},
	{
		`"id":"evt_11","type":"feedback","seq":11,"timestamp":"2026-11-22T00:17:06Z","name":"stars","score":0,"label":"bad","event_id":"evt_5"`,
		`POST /events {"sessionId":"SESSION","eventType":"state_change","stateAfter":{"name":"stars","score":0,"label":"bad","event_id":"evt_5"},
			"metadata":{"event_type":"feedback","event_id":"evt_11","seq":11,"timestamp":"2026-11-22T00:17:06Z"}}`,
	},
	{
		`"id":"evt_12","type":"handoff","seq":12,"timestamp":"2026-11-22T00:17:07Z","status":"unknown","to":{"agent":"x"}`,
		`POST /events {"sessionId":"SESSION","eventType":"state_change","stateAfter":{"to":{"agent":"x"}},
			"metadata":{"event_type":"handoff","status":"unknown","event_id":"evt_12","seq":12,"timestamp":"2026-11-22T00:17:07Z"}}`,
	},
	{
		`"id":"evt_13","type":"session_end","parent_id":"evt_9","seq":13,"timestamp":"2026-11-22T00:17:08Z","status":"cancelled","output":{"a":1},"metrics":{"m":1.5},"metadata":{"why":"stopped"}`,
		`PATCH /sessions/SESSION {"status":"failed","success":false,"failureReason":"too slow","estimatedCost":0.2542,"durationMs":12000,"promptTokens":1200,"completionTokens":80,"totalTokens":1290,
			"customMetrics":{"m":1.5},"userInput":"{\"q\":1.50}","assistantOutput":{"a":1},"metadata":{"why":"stopped","status":"cancelled","event_id":"evt_13","parent_id":"evt_9","seq":13,
			"timestamp":"2026-11-22T00:17:08Z"}}`,
	},
}

var sdkHeaders = []string{"Sentrial-Client", "client-1", "User-Agent", "sentrial-go/0.1.0", "Sentrial-Version", "1"}

// TestOurSDKReadsTheSameOnBothWires sends a session over each wire and compares all that the server then says of it.
func TestOurSDKReadsTheSameOnBothWires(t *testing.T) {
	batch, hosted := newApp(t), newApp(t)
	for _, pair := range sdkPairs {
		w := batch.post(`{"client":{"id":"client-1"},"events":[{"session_id":"sess_1",` + pair.event + `}]}`)
		if got := decode[ack](t, w); got.Accepted != 1 {
			t.Fatalf("%s: %s", pair.event, w.Body)
		}
		hosted.sdk(pair.request)
	}
	same(t, "session", hosted.get("/v1/sessions/sess_1"), batch.get("/v1/sessions/sess_1"))
	want, got := rawEvents(t, batch), rawEvents(t, hosted)
	for i := range want {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Errorf("event %d:\n got %v\nwant %v", i, got[i], want[i])
		}
	}
	same(t, "events", len(got), len(want))
}

// sdk sends a request as our SDK does.
func (a *app) sdk(request string) map[string]any {
	a.t.Helper()
	method, rest, _ := strings.Cut(strings.ReplaceAll(request, "SESSION", "sess_1"), " ")
	target, body, _ := strings.Cut(rest, " ")
	return decode[map[string]any](a.t, a.must(method, target, body, sdkHeaders...))
}

// rawEvents are the events of sess_1 with numbers as they are written, without what differs from one delivery to the next.
func rawEvents(t *testing.T, a *app) []map[string]any {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader([]byte(a.get("/v1/sessions/sess_1/events?limit=1000"))))
	dec.UseNumber()
	var page struct{ Data []map[string]any }
	if err := dec.Decode(&page); err != nil {
		t.Fatal(err)
	}
	for _, e := range page.Data {
		delete(e, "position")
		delete(e, "received_at")
	}
	return page.Data
}

// TestRepeatedRequestsOfOurSDK sends everything three times: the ids make it once.
func TestRepeatedRequestsOfOurSDK(t *testing.T) {
	a := newApp(t)
	for i := range 3 {
		for n, pair := range sdkPairs {
			reply := a.sdk(pair.request)
			if id := fmt.Sprint("evt_", n+1); strings.HasPrefix(pair.request, "POST /events") && reply["id"] != id {
				t.Errorf("round %d: the reply to %s names %v", i, id, reply["id"])
			}
			if n == 0 {
				same(t, "id of the session", reply["id"], "sess_1")
				same(t, "its status", reply["status"], map[bool]string{true: "active", false: "failed"}[i == 0])
			}
		}
	}
	s, events := a.read("sess_1")
	same(t, "events", fmt.Sprint(len(events), s.Events), "13 13")
	same(t, "tokens and cost", fmt.Sprint(s.Usage.TotalTokens, *s.Cost), "1290 0.2542")
}

// TestSecondStartOfOurSDK: another event of a session that exists acts as an update.
func TestSecondStartOfOurSDK(t *testing.T) {
	a := newApp(t)
	a.sdk(sdkPairs[0].request)
	reply := a.sdk(`POST /sessions {"name":"other","agentName":"support","userId":"u9","metadata":{"session_id":"SESSION","event_id":"evt_x","seq":2,"timestamp":"2026-11-22T00:17:00Z"}}`)
	same(t, "reply", []any{reply["id"], reply["name"], reply["userId"], reply["createdAt"]}, "[sess_1 other u9 2026-11-22T00:16:56.000000001Z]")
	w := a.hosted("POST", "/sessions", `{"name":"n","agentName":"a","userId":"u","metadata":{"session_id":"sess_2","event_id":"evt_x"}}`, sdkHeaders...)
	wantFlat(t, w, 400, "validation_error", `metadata.event_id: "evt_x" is the id of an event of another session`)
}

// TestIDsOfOtherSessions: nothing is stored under an id that is taken, and none of the three routes says that it is.
func TestIDsOfOtherSessions(t *testing.T) {
	a := newApp(t)
	a.sdk(sdkPairs[0].request)
	a.sdk(sdkPairs[1].request)
	start := `{"name":"n","agentName":"a","userId":"u","metadata":{"session_id":"sess_2","event_id":%q}}`
	a.must("POST", "/sessions", fmt.Sprintf(start, "evt_s2"), sdkHeaders...)
	for _, request := range []struct{ method, target, body string }{
		{"POST", "/sessions", fmt.Sprintf(start, "evt_2")},
		{"POST", "/events", hostedEvent("sess_2", "error", `"metadata":{"event_id":"evt_2"}`)},
		{"PATCH", "/sessions/sess_2", `{"status":"completed","metadata":{"event_id":"evt_2"}}`},
	} {
		w := a.hosted(request.method, request.target, request.body, sdkHeaders...)
		wantFlat(t, w, 400, "validation_error", `metadata.event_id: "evt_2" is the id of an event of another session`)
	}
	s, events := a.read("sess_2")
	same(t, "session", []any{s.Status, s.Events, len(events)}, "[active 1 1]")
	a.must("POST", "/events", hostedEvent("sess_1", "error", `"metadata":{"event_id":"evt_2"}`), sdkHeaders...)
	a.must("POST", "/sessions", fmt.Sprintf(start, "evt_2"), append([]string{"X-Sentrial-Project", "other"}, sdkHeaders...)...)
}

// TestOddMessagesAreTaken: what is no message can be read all the same.
func TestOddMessagesAreTaken(t *testing.T) {
	a := newApp(t)
	a.sdk(sdkPairs[0].request)
	body := hostedEvent("sess_1", "state_change", `"stateAfter":{"messages":[1]},"metadata":{"event_type":"llm_call"}`)
	a.must("POST", "/events", body, sdkHeaders...)
	_, events := a.read("sess_1")
	same(t, "message", events[len(events)-1].LLMCall.Messages[0].Parts[0].Content, "1")
}

// TestIdentityIsBelievedOfOurSDKOnly: what others have under these names is their own metadata.
func TestIdentityIsBelievedOfOurSDKOnly(t *testing.T) {
	a := newApp(t)
	meta := `"metadata":{"session_id":"sess_x","event_id":"evt_x","parent_id":"p","seq":7,"timestamp":"2020-01-01T00:00:00Z","status":"cancelled","event_type":"feedback","output":5,"prompt":"p","trace_id":"t"}`
	id := decode[struct{ ID string }](t, a.must("POST", "/sessions", `{"name":"n","agentName":"a","userId":"u",`+meta+`}`)).ID
	a.record(id, "state_change", meta)
	a.record(id, "tool_call", meta, `"toolName":"llm:p:m","toolInput":{"messages":[]}`)
	a.must("PATCH", "/sessions/"+id, `{"status":"failed",`+meta+`}`)
	s, events := a.read(id)
	if id == "sess_x" || s.Status != "error" || s.Output != nil || len(s.Metadata) != 10 {
		t.Errorf("session %+v", s)
	}
	for i, e := range events {
		if e.ID == "evt_x" || e.ParentID != "" || e.Seq != 0 || !e.Timestamp.Equal(noon) || len(e.Metadata) != 10 || e.Status == "cancelled" || e.TraceID != "" {
			t.Errorf("event %d: %+v", i, e)
		}
	}
	same(t, "types", []any{events[1].Type, events[2].Type, events[2].LLMCall.Prompt}, "[step llm_call ]")
}
