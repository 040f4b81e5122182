package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

// hosted sends a request of the hosted wire.
func (a *app) hosted(method, target, body string, headers ...string) *httptest.ResponseRecorder {
	a.t.Helper()
	return a.do(method, "/api/sdk"+target, strings.NewReader(body), append([]string{"Content-Type", "application/json"}, headers...)...)
}

// must is hosted for a request that succeeds.
func (a *app) must(method, target, body string, headers ...string) *httptest.ResponseRecorder {
	a.t.Helper()
	w := a.hosted(method, target, body, headers...)
	if w.Code != http.StatusOK {
		a.t.Fatalf("%s %s %s: %d %s", method, target, body, w.Code, w.Body)
	}
	return w
}

// openSession begins a session and returns its id.
func (a *app) openSession(headers ...string) string {
	a.t.Helper()
	return decode[struct{ ID string }](a.t, a.must("POST", "/sessions", `{"name":"n","agentName":"a","userId":"u"}`, headers...)).ID
}

// record adds an event to a session: its type and further members.
func (a *app) record(session, kind string, more ...string) *httptest.ResponseRecorder {
	a.t.Helper()
	return a.must("POST", "/events", hostedEvent(session, kind, more...))
}

func hostedEvent(session, kind string, more ...string) string {
	return `{"sessionId":"` + session + `","eventType":"` + kind + `"` + strings.Join(append([]string{""}, more...), ",") + `}`
}

// read is a session and its events as the SDK reads them.
func (a *app) read(session string) (types.Session, []types.Event) {
	a.t.Helper()
	var s types.Session
	var page struct{ Data []types.Event }
	if err := json.Unmarshal([]byte(a.get("/v1/sessions/"+session)), &s); err != nil {
		a.t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(a.get("/v1/sessions/"+session+"/events?limit=1000")), &page); err != nil {
		a.t.Fatal(err)
	}
	return s, page.Data
}

// wantFlat checks an error reply of the hosted wire, which has two members and no more.
func wantFlat(t *testing.T, w *httptest.ResponseRecorder, status int, code, message string) {
	t.Helper()
	got := decode[map[string]string](t, w)
	if w.Code != status || len(got) != 2 || got["error"] != code || !strings.Contains(got["message"], message) {
		t.Errorf("got %d %s, want %d %s …%s…", w.Code, w.Body, status, code, message)
	}
	if w.Header().Get("X-Request-Id") == "" || w.Header().Get("Content-Type") != "application/json" {
		t.Errorf("headers of the error: %v", w.Header())
	}
}

func TestHostedReplies(t *testing.T) {
	a := newApp(t)
	w := a.must("POST", "/sessions", `{"name":"n","agentName":"a","userId":"u"}`)
	id := decode[struct{ ID string }](t, w).ID
	if !strings.HasPrefix(id, "sess_") || len(id) != 41 || id[19] != '7' || types.ValidID(id) == false {
		t.Errorf("session id %q", id)
	}
	same(t, "session", strings.TrimSpace(w.Body.String()),
		`{"id":"`+id+`","name":"n","agentName":"a","userId":"u","status":"active","createdAt":"2026-11-22T12:00:00.000000005Z"}`)
	w = a.record(id, "tool_call", `"toolName":"search"`)
	event := decode[struct{ ID string }](t, w).ID
	same(t, "event", strings.TrimSpace(w.Body.String()),
		`{"id":"`+event+`","sessionId":"`+id+`","eventType":"tool_call","toolName":"search","createdAt":"2026-11-22T12:00:00.000000005Z"}`)
	if !strings.HasPrefix(event, "evt_") || len(event) != 40 {
		t.Errorf("event id %q", event)
	}
	same(t, "event without a tool", decode[map[string]any](t, a.record(id, "error"))["toolName"], "<nil>")
	same(t, "end", strings.TrimSpace(a.must("PATCH", "/sessions/"+id, `{"status":"failed","success":false,"failureReason":"r","estimatedCost":0.5,"totalTokens":7}`).Body.String()),
		`{"id":"`+id+`","name":"n","agentName":"a","userId":"u","status":"failed","createdAt":"2026-11-22T12:00:00.000000005Z",`+
			`"updatedAt":"2026-11-22T12:00:00.000000005Z","success":false,"failureReason":"r","estimatedCost":0.5,"totalTokens":7}`)
}

// TestHostedErrorsAreFlat goes through all errors that are not about a field.
func TestHostedErrorsAreFlat(t *testing.T) {
	a := newApp(t, func(c *server.Config) { c.Limits.MaxEventBytes = 1000 })
	id := a.openSession()
	long := `"` + strings.Repeat("x", 1000) + `"`
	for _, c := range []struct {
		w             *httptest.ResponseRecorder
		status        int
		code, message string
	}{
		{a.do("GET", "/api/sdk/sessions", nil), 405, "method_not_allowed", "GET is not allowed here, use POST"},
		{a.do("DELETE", "/api/sdk/events", nil), 405, "method_not_allowed", "DELETE"},
		{a.do("GET", "/api/sdk/sessions/"+id, nil), 405, "method_not_allowed", "use PATCH"},
		{a.do("POST", "/api/sdk", nil), 404, "not_found", "no such route: POST /api/sdk"},
		{a.do("POST", "/api/sdk/nothing", nil), 404, "not_found", "no such route"},
		{a.do("POST", "/api/sdk/sessions/", nil), 404, "not_found", "no such route"},
		{a.hosted("POST", "/events", hostedEvent("none", "error")), 404, "not_found", `no session "none" in this project`},
		{a.hosted("POST", "/events", hostedEvent("a b", "error")), 404, "not_found", `no session "a b"`},
		{a.hosted("PATCH", "/sessions/none", `{"status":"completed"}`), 404, "not_found", `no session "none" in this project`},
		{a.hosted("POST", "/events", hostedEvent(id, "error"), "X-Sentrial-Project", "other"), 404, "not_found", "no session"},
		{a.hosted("PATCH", "/sessions/"+id, `{}`, "X-Sentrial-Project", "other"), 404, "not_found", "no session"},
		{a.hosted("POST", "/sessions", `{}`, "X-Sentrial-Project", "a b"), 400, "validation_error", "X-Sentrial-Project"},
		{a.hosted("POST", "/sessions", `{}`, "Sentrial-Version", "2"), 400, "validation_error", "version 1 is"},
		{a.hosted("POST", "/sessions", `{}`, "Sentrial-Client", "a b"), 400, "validation_error", "Sentrial-Client"},
		{a.hosted("POST", "/sessions", `{}`, "Content-Type", "application/x-www-form-urlencoded"), 415, "unsupported_media_type", "urlencoded is not taken, send application/json"},
		{a.hosted("POST", "/sessions", `{}`, "Content-Type", "text/plain"), 415, "unsupported_media_type", "text/plain"},
		{a.hosted("POST", "/sessions", `{}`, "Content-Type", "", "Origin", "http://localhost"), 415, "unsupported_media_type", "missing"},
		{a.hosted("POST", "/sessions", `{}`, "Content-Encoding", "br"), 415, "unsupported_media_type", "br"},
		{a.hosted("POST", "/events", hostedEvent(id, "error", `"x":`+long)), 413, "payload_too_large", "at most 1000 are taken"},
		{a.hosted("POST", "/events", hostedEvent(id, "error", `"x":"`+strings.Repeat("x", 70_000)+`"`)), 413, "payload_too_large", "the body has 70"},
		{a.hosted("POST", "/events", strings.Repeat(" ", 6<<20)), 413, "payload_too_large", "larger than 5242880 bytes"},
	} {
		wantFlat(t, c.w, c.status, c.code, c.message)
	}
	same(t, "Allow", a.do("GET", "/api/sdk/sessions", nil).Header().Get("Allow"), "POST")
	if s, _ := a.read(id); s.Events != 1 {
		t.Errorf("%d events were stored, want session_start alone", s.Events)
	}
}

// noWrites is a store that cannot write.
type noWrites struct {
	store.Store
	do func() error
}

func (n noWrites) Ingest(context.Context, store.Batch) (store.Receipt, error) {
	return store.Receipt{}, n.do()
}

// noReads is a store that cannot read sessions.
type noReads struct{ store.Store }

func (noReads) Session(context.Context, string, string) (store.Session, error) {
	return store.Session{}, context.DeadlineExceeded
}

// knowing is a store that cannot read sessions, but tell which there are.
type knowing struct {
	noReads
	store.Knower
}

// TestEventsReadNoSession: whoever adds an event need not wait for all that its session holds.
func TestEventsReadNoSession(t *testing.T) {
	a := newApp(t, func(c *server.Config) { c.Store = knowing{noReads{c.Store}, c.Store.(store.Knower)} })
	a.record(a.openSession(), "error")
	wantFlat(t, a.hosted("POST", "/events", hostedEvent("none", "error")), 404, "not_found", `no session "none"`)
}

func TestHostedServerErrorsAreFlat(t *testing.T) {
	a := newApp(t, func(c *server.Config) { c.Store = noWrites{c.Store, func() error { return context.DeadlineExceeded }} })
	w := a.hosted("POST", "/sessions", `{"name":"n","agentName":"a","userId":"u"}`)
	wantFlat(t, w, 503, "unavailable", "send them again")
	same(t, "Retry-After", w.Header().Get("Retry-After"), "1")
	a = newApp(t, func(c *server.Config) { c.Store = noReads{c.Store} })
	id := a.openSession() // what is committed is told, whatever fails then
	wantFlat(t, a.hosted("POST", "/events", hostedEvent(id, "error")), 503, "unavailable", "send this again")
	wantFlat(t, a.hosted("PATCH", "/sessions/"+id, `{}`), 503, "unavailable", "send this again")
	a = newApp(t, func(c *server.Config) { c.Store = noWrites{c.Store, func() error { panic("secret detail") }} })
	wantFlat(t, a.hosted("POST", "/sessions", `{"name":"n","agentName":"a","userId":"u"}`), 500, "internal_error", "internal")
}

func TestHostedTakesUsualBodies(t *testing.T) {
	body := `{"name":"n","agentName":"a","userId":"u"}`
	for _, c := range []struct{ media, encoding string }{
		{"application/json", ""}, {"application/json; charset=utf-8", ""}, {"", ""}, {"application/json", "gzip"}, {"application/json", "zstd"},
	} {
		a := newApp(t)
		w := a.do("POST", "/api/sdk/sessions", bytes.NewReader(compressed(t, c.encoding, body)), "Content-Type", c.media, "Content-Encoding", c.encoding)
		if w.Code != http.StatusOK {
			t.Errorf("%+v: %d %s", c, w.Code, w.Body)
		}
	}
}

// TestHostedMistakes has requests with a field that is wrong or missing: the reply names it, and nothing is stored.
func TestHostedMistakes(t *testing.T) {
	a := newApp(t)
	id := a.openSession()
	session := func(name, agent, user string) string {
		return `{"name":` + name + `,"agentName":` + agent + `,"userId":` + user + `}`
	}
	event := func(kind, more string) string { return hostedEvent(id, kind, more) }
	for _, c := range []struct{ target, body, message string }{
		{"/sessions", `{"agentName":"a","userId":"u"}`, "name is missing: expected a string that is not empty"},
		{"/sessions", session(`""`, `"a"`, `"u"`), "name is missing"},
		{"/sessions", session(`"n"`, `null`, `"u"`), "agentName is missing"},
		{"/sessions", `{"name":"n","agentName":"a"}`, "userId is missing"},
		{"/sessions", session(`5`, `"a"`, `"u"`), "name: expected a string, got the number 5"},
		{"/sessions", session(`"n"`, `"a"`, `["u"]`), "userId: expected a string, got an array"},
		{"/sessions", `{"name":"n","agentName":"a","userId":"u","metadata":"m"}`, "metadata: expected an object, got a string"},
		{"/events", `{"eventType":"error"}`, "sessionId is missing"},
		{"/events", `{"sessionId":"` + id + `"}`, "eventType is missing"},
		{"/events", `{"sessionId":5,"eventType":"error"}`, "sessionId: expected a string, got the number 5"},
		{"/events", event("llm_call", `"x":1`), `eventType: expected tool_call, llm_decision, state_change or error, got "llm_call"`},
		{"/events", event("", `"x":1`), "eventType is missing"},
		{"/events", event("tool_call", `"toolName":{}`), "toolName: expected a string, got an object"},
		{"/events", event("tool_call", `"toolError":5`), "toolError: expected an object with a message, got the number 5"},
		{"/events", event("tool_call", `"toolError":{"message":[]}`), "toolError.message: expected a string, got an array"},
		{"/events", event("tool_call", `"toolError":{"a":1,"a":2}`), `toolError: "a" occurs twice`},
		{"/events", event("tool_call", `"estimatedCost":-1`), "estimatedCost: expected a number of US dollars from 0 to 1000000, got the number -1"},
		{"/events", event("tool_call", `"estimatedCost":"0.1"`), "estimatedCost: expected a number"},
		{"/events", event("tool_call", `"toolName":"llm:p:m","tokenCount":1.5`), "tokenCount: expected a whole number"},
		{"/events", event("tool_call", `"traceId":7`), "traceId: expected a string, got the number 7"},
		{"/events", event("tool_call", `"spanId":"`+strings.Repeat("x", 257)+`"`), "spanId: expected a string of at most 256 bytes"},
		{"/events", event("llm_decision", `"reasoning":{}`), "reasoning: expected a string, got an object"},
		{"/events", event("llm_decision", `"alternativesConsidered":"a"`), "alternativesConsidered: expected an array, got a string"},
		{"/events", event("llm_decision", `"confidence":"high"`), "confidence: expected a number, got a string"},
		{"/events", event("error", `"metadata":[]`), "metadata: expected an object, got an array"},
		{"/events", event("error", `"metadata":{"a":1,"\u0061":2}`), `metadata: "a" occurs twice`},
		{"/events", event("tool_call", `"toolInput":{"$ref":"sha256:0123"}`), "tool_input: the content sha256:0123 is not here"},
		{"", `{"status":"done"}`, `status: expected completed or failed, got "done"`},
		{"", `{"status":"completed","success":"yes"}`, "success: expected true or false, got a string"},
		{"", `{"failureReason":5}`, "failureReason: expected a string"},
		{"", `{"estimatedCost":1e9}`, "estimatedCost: expected a number of US dollars"},
		{"", `{"durationMs":-5}`, "durationMs: expected milliseconds"},
		{"", `{"promptTokens":-5}`, "promptTokens: expected a whole number"},
		{"", `{"completionTokens":"5"}`, "completionTokens: expected a whole number"},
		{"", `{"totalTokens":1e400}`, "totalTokens: expected a whole number"},
		{"", `{"customMetrics":[1]}`, "customMetrics: expected an object, got an array"},
		{"", `{"customMetrics":{"a":1,"a":2}}`, `customMetrics: "a" occurs twice`},
		{"", `{"metadata":5}`, "metadata: expected an object"},
	} {
		method := "POST"
		if c.target == "" {
			method, c.target = "PATCH", "/sessions/"+id
		}
		w := a.hosted(method, c.target, c.body)
		code := "validation_error"
		if strings.Contains(c.body, "$ref") {
			code = "missing_ref"
		}
		wantFlat(t, w, 400, code, c.message)
	}
	if s, _ := a.read(id); s.Events != 1 || s.Status != types.StatusActive {
		t.Errorf("the session has %d events and is %s", s.Events, s.Status)
	}
	same(t, "sessions", len(a.list("/v1/sessions").Data), 1)
}
