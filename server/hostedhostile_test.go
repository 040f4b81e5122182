package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// TestHostileBodies sends what no sound program sends: each gets a clear refusal, and the server is none the worse.
func TestHostileBodies(t *testing.T) {
	a := newApp(t)
	id := a.openSession()
	nested := func(n int) string { return strings.Repeat(`{"a":`, n) + `1` + strings.Repeat(`}`, n) }
	event := func(more string) string { return hostedEvent(id, "tool_call", more) }
	for _, c := range []struct {
		body    string
		status  int
		message string
	}{
		{``, 400, "invalid JSON at byte 0: expected a value, found the end of the text"},
		{`   `, 400, "invalid JSON at byte 3"},
		{`null`, 400, "the body must be a JSON object, not null"},
		{`[]`, 400, "the body must be a JSON object, not an array"},
		{`"x"`, 400, "not a string"},
		{`17`, 400, "not the number 17"},
		{`{`, 400, "invalid JSON"},
		{`{"a":1}{"b":2}`, 400, "invalid JSON at byte 7: expected nothing after the end"},
		{`{"a":1,}`, 400, "expected a key in double quotes"},
		{`{'a':1}`, 400, "expected a key in double quotes"},
		{`{"a":NaN}`, 400, "invalid JSON"},
		{`{"a":Infinity}`, 400, "invalid JSON"},
		{`{"a":01}`, 400, "invalid JSON"},
		{"{\"a\":\"\x00\"}", 400, "expected an escaped control character, found byte 0x00"},
		{"{\"a\":\"\n\"}", 400, "expected an escaped control character"},
		{"{\"a\":\"\xff\"}", 400, "not valid UTF-8"},
		{"\xef\xbb\xbf{}", 400, "invalid JSON at byte 0"},
		{`{"a":"\ud8"}`, 400, "expected a hexadecimal digit"},
		{`{"sessionId":"a","sessionId":"b"}`, 400, `the body: "sessionId" occurs twice`},
		{`{"sessionId":"a","\u0073essionId":"b"}`, 400, `"sessionId" occurs twice`},
		{event(`"x":` + nested(62)), 200, ""},
		{event(`"x":` + nested(63)), 413, "nests 65 levels deep, at most 64 are taken"},
		{event(`"toolInput":` + nested(9_000)), 413, "levels deep"},
		{event(`"toolInput":` + nested(20_000)), 400, "expected at most 10000 levels"},
		{event(`"metadata":` + nested(5_000)), 413, "levels deep"},
		{event(`"toolError":{"x":` + nested(5_000) + `}`), 413, "levels deep"},
		{strings.Repeat(`[`, 1_000_000), 400, "at most 10000 levels"},
		{`{"a":` + strings.Repeat(`[`, 1_000_000), 400, "at most 10000 levels"},
		{manyMembers(257), 400, "more than 256 members"},
		{manyMembers(100_000), 400, "more than 256 members"},
		{event(`"metadata":` + manyMembers(100_000)), 200, ""},
		{event(`"estimatedCost":1e999999`), 400, "estimatedCost: expected a number of US dollars"},
		{event(`"estimatedCost":` + strings.Repeat("9", 10_000)), 400, "estimatedCost: expected"},
		{event(`"toolName":"llm::","tokenCount":1e15`), 200, ""},
		{event(`"toolName":"llm::","tokenCount":1e16`), 400, "tokenCount: expected a whole number"},
		{event(`"toolName":"llm::","tokenCount":-0.0`), 200, ""},
		{event(`"toolInput":{"n":1e999999,"m":123456789012345678901234567890.123}`), 200, ""},
		{event(`"toolName":"\u0000\ud800x","reasoning":"\u0000","metadata":{"\u0000":"\udfff"}`), 200, ""},
		{event(`"__proto__":{"toString":1},"constructor":{"prototype":{}}`), 200, ""},
		{event(`"toolName":"` + strings.Repeat("n", 100_000) + `"`), 200, ""},
		{event(`"toolName":"llm:` + strings.Repeat(":", 100_000) + `"`), 200, ""},
		{event(`"": 1`), 200, ""},
	} {
		w := a.hosted("POST", "/events", c.body)
		if w.Code != c.status {
			t.Errorf("%.100s: %d %.200s, want %d", c.body, w.Code, w.Body, c.status)
		}
		if c.status == http.StatusOK {
			continue
		}
		code := map[int]string{400: "validation_error", 413: "payload_too_large"}[c.status]
		wantFlat(t, w, c.status, code, c.message)
		if w.Body.Len() > 1000 {
			t.Errorf("%.100s: the reply has %d bytes", c.body, w.Body.Len())
		}
	}
	a.must("PATCH", "/sessions/"+id, `{"status":"completed"}`)
	if s, events := a.read(id); s.Events != len(events) || len(events) != 12 {
		t.Errorf("the session counts %d events and has %d", s.Events, len(events))
	}
	if log := a.log.String(); log != "" {
		t.Errorf("the server complained: %s", log)
	}
}

// manyMembers is an object of n members.
func manyMembers(n int) string {
	members := make([]string, n)
	for i := range members {
		members[i] = `"` + strconv.Itoa(i) + `":0`
	}
	return "{" + strings.Join(members, ",") + "}"
}

// TestHostileSessions sends the same to the other two routes.
func TestHostileSessions(t *testing.T) {
	a := newApp(t)
	id := a.openSession()
	for _, body := range []string{
		``, `[]`, `{"name":1}`, "{\"name\":\"\xff\"}", `{"name":"n","name":"m"}`, `{"metadata":[]}`, `{"metadata":{"a":1,"a":2}}`, `{"customMetrics":5,"name":{}}`, manyMembers(1000),
		strings.Repeat(`{"metadata":`, 70) + `1` + strings.Repeat(`}`, 70),
	} {
		for _, w := range []*httptest.ResponseRecorder{a.hosted("POST", "/sessions", body), a.hosted("PATCH", "/sessions/"+id, body)} {
			if w.Code < 400 || w.Code >= 500 {
				if body != `{"name":1}` || w.Code != 200 { // PATCH has no name: it is kept
					t.Errorf("%.100s: %d %.200s", body, w.Code, w.Body)
				}
			}
		}
	}
	deep := strings.Repeat(`[`, 80) + strings.Repeat(`]`, 80)
	wantFlat(t, a.hosted("POST", "/sessions", `{"name":"n","agentName":"a","userId":"u","metadata":{"x":`+deep+`}}`), 413, "payload_too_large", "levels deep")
	wantFlat(t, a.hosted("PATCH", "/sessions/"+id, `{"userInput":`+deep+`}`), 413, "payload_too_large", "levels deep")
	wantFlat(t, a.hosted("PATCH", "/sessions/"+id+"%00%ff", `{}`), 404, "not_found", "no session")
	a.must("POST", "/sessions", `{"name":"\u0000","agentName":"\ud800","userId":"`+strings.Repeat("u", 100_000)+`","metadata":{"tags":["\u0000"]}}`)
	a.get("/v1/sessions")
}

// TestManyPostsToOneSession has 100 programs add to a session at the same time, over real connections.
func TestManyPostsToOneSession(t *testing.T) {
	a := newApp(t)
	ts := httptest.NewServer(a)
	defer ts.Close()
	id := a.openSession()
	const posts = 100
	var mu sync.Mutex
	ids := make(map[string]bool)
	var wg sync.WaitGroup
	for i := range posts {
		wg.Go(func() {
			body := hostedEvent(id, "tool_call", fmt.Sprintf(`"toolName":"llm:p:m","toolOutput":{"tokens":{"prompt":%d}},"estimatedCost":0.001`, i))
			reply := postHosted(t, ts.URL, body)
			mu.Lock()
			defer mu.Unlock()
			ids[reply] = true
		})
	}
	wg.Wait()
	s, events := a.read(id)
	same(t, "session", []any{len(ids), len(events), s.Events, s.Usage.PromptTokens, *s.Cost}, "[100 101 101 4950 0.1]")
}

// postHosted returns the id of the event made.
func postHosted(t *testing.T, url, body string) string {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/api/sdk/events", strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return ""
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer res.Body.Close()
	var reply struct{ ID string }
	if err := json.NewDecoder(res.Body).Decode(&reply); err != nil || res.StatusCode != http.StatusOK {
		t.Errorf("%s: %v", res.Status, err)
	}
	return reply.ID
}
