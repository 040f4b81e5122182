package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// recordDay sends what the figures are of: two calls of models, one of a tool, in two hours and sessions.
func (a *app) recordDay() {
	a.t.Helper()
	a.send(
		sessionAt("s1", "09:30:00", `"agent_name":"support","user_id":"u1","conversation_id":"c1"`),
		`{"id":"e1","type":"llm_call","session_id":"s1","timestamp":"2026-11-22T09:31:00Z","duration_ms":100.5,"model":"gpt","prompt_tokens":100,"completion_tokens":20,"cost":0.25}`,
		`{"id":"e2","type":"llm_call","session_id":"s1","timestamp":"2026-11-22T11:50:00Z","model":"gpt","status":"error"}`,
		`{"id":"e3","type":"tool_call","session_id":"s1","timestamp":"2026-11-22T09:32:00Z","duration_ms":1000,"tool_name":"search"}`,
		`{"id":"e4","type":"session_end","session_id":"s1","timestamp":"2026-11-22T09:40:00Z","status":"success"}`,
		`{"id":"e5","type":"step","session_id":"s2","timestamp":"2026-11-22T11:55:00Z"}`,
	)
}

func TestRollups(t *testing.T) {
	a := newApp(t)
	a.recordDay()
	calls := `"events":1,"errors":0,"prompt_tokens":100,"completion_tokens":20,"tokens_used":120,"cost":0.25,"p50_ms":%s,"p95_ms":%[1]s}`
	_, rest, _ := strings.Cut(a.get("/v1/rollups?interval=hour"), `"p50_ms":`)
	middle, _, _ := strings.Cut(rest, ",")
	var ms float64
	if err := json.Unmarshal([]byte(middle), &ms); err != nil || ms < 95.5 || ms > 105.5 {
		t.Fatalf("p50 %s of 100.5 ms", middle)
	}
	nine := `{"start":"2026-11-22T09:00:00Z","by":"model","value":"gpt",` + fmt.Sprintf(calls, middle)
	eleven := `{"start":"2026-11-22T11:00:00Z","by":"model","value":"gpt","events":1,"errors":1}`
	day := strings.Replace(strings.Replace(nine, "T09", "T00", 1), `"events":1,"errors":0`, `"events":2,"errors":1`, 1)
	for target, want := range map[string]string{
		"":                                    day,
		"?by=model&interval=day&value=gpt":    day,
		"?interval=hour":                      nine + "," + eleven,
		"?interval=hour&since=15m":            eleven,
		"?interval=hour&until=2h":             nine,
		"?interval=hour&value=other":          ``,
		"?by=tool&until=2026-11-22T09:00:00Z": ``,
	} {
		same(t, target, a.get("/v1/rollups"+target), `{"data":[`+want+`]}`)
	}
	if got := a.get("/v1/rollups?by=agent&interval=hour"); !strings.Contains(got, `"by":"agent","value":"support","sessions":1,"events":5,"errors":1,`) ||
		!strings.Contains(got, `{"start":"2026-11-22T11:00:00Z","by":"agent","value":"","sessions":1,"events":1,"errors":0}`) {
		t.Errorf("agents: %s", got)
	}
	same(t, "types", strings.Count(a.get("/v1/rollups?by=type"), `"start"`), 5)
	same(t, "another project", a.get("/v1/rollups", "X-Sentrial-Project", "other"), `{"data":[]}`)
}

func TestRollupsPageByPage(t *testing.T) {
	a := newApp(t)
	for i := range 40 {
		name := []string{"gpt", "claude", `\u0001\u0001`, "", "\xff\xfe"}[i%5]
		a.send(fmt.Sprintf(`{"id":"e%d","type":"llm_call","session_id":"s1","timestamp":"2026-11-22T0%d:00:00Z","model":"%s"}`, i, i%9, name))
	}
	type rows struct {
		Data []map[string]any
		Next string `json:"next_cursor"`
	}
	read := func(target string) (r rows) {
		if err := json.Unmarshal([]byte(a.get(target)), &r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	all := read("/v1/rollups?interval=hour").Data
	var paged []map[string]any
	for next := ""; ; {
		p := read("/v1/rollups?interval=hour&limit=3&cursor=" + next)
		paged = append(paged, p.Data...)
		if next = p.Next; next == "" {
			break
		}
	}
	same(t, "paged", paged, all)
	next := read("/v1/rollups?interval=hour&limit=3").Next
	wantError(t, a.do("GET", "/v1/rollups?interval=day&cursor="+next, nil), http.StatusBadRequest, "validation_error", "cursor: it belongs to another list")
}

// TestRollupsOfTokens has every kind of them.
func TestRollupsOfTokens(t *testing.T) {
	a := newApp(t)
	a.send(ev("e1", "llm_call", `"model":"gpt","prompt_tokens":100,"completion_tokens":20,"cached_tokens":3,"cache_write_tokens":4,"reasoning_tokens":5`))
	same(t, "rollups", a.get("/v1/rollups"), `{"data":[{"start":"2026-11-22T00:00:00Z","by":"model","value":"gpt","events":1,"errors":0,`+
		`"prompt_tokens":100,"completion_tokens":20,"tokens_used":120,"cached_tokens":3,"cache_write_tokens":4,"reasoning_tokens":5}]}`)
}

func TestFacets(t *testing.T) {
	a := newApp(t)
	a.recordDay()
	value := func(v string) string { return fmt.Sprintf(`[{"value":%q,"sessions":1}]`, v) }
	// Events are received at noon, which is now, so nothing is idle yet.
	status := `{"name":"status","values":[{"value":"active","sessions":1},{"value":"success","sessions":1}]}`
	all := status + `,{"name":"agent","values":` + value("support") + `},{"name":"user","values":` + value("u1") + `},{"name":"model","values":` + value("gpt") +
		`},{"name":"tool","values":` + value("search") + `}`
	conversation := `{"name":"conversation","values":` + value("c1") + `}`
	same(t, "all", a.get("/v1/facets"), `{"data":[`+all+`]}`)
	same(t, "some", a.get("/v1/facets?name=conversation,status,conversation&limit=5"), `{"data":[`+conversation+`,`+status+`]}`)
	same(t, "a limit", a.get("/v1/facets?name=status&limit=1"), `{"data":[{"name":"status","values":[{"value":"active","sessions":1}]}]}`)
	same(t, "another project", a.get("/v1/facets?name=agent", "X-Sentrial-Project", "other"), `{"data":[{"name":"agent","values":[]}]}`)
}

func TestStats(t *testing.T) {
	a := newApp(t)
	a.recordDay()
	tokens := `"prompt_tokens":100,"completion_tokens":20,"tokens_used":120,"cached_tokens":0,"cache_write_tokens":0,"reasoning_tokens":0,"cost":0.25,`
	same(t, "all", a.get("/v1/stats"), `{"sessions":{"abandoned":0,"active":1,"cancelled":0,"error":0,"success":1,"total":2,"unknown":0},`+
		`"events":{"llm_call":2,"session_end":1,"session_start":1,"step":1,"tool_call":1,"total":6},"errors":1,`+tokens+`"last_event_at":"2026-11-22T11:55:00Z"}`)
	nothing := `"prompt_tokens":0,"completion_tokens":0,"tokens_used":0,"cached_tokens":0,"cache_write_tokens":0,"reasoning_tokens":0`
	same(t, "an hour", a.get("/v1/stats?since=10m"), `{"sessions":{"abandoned":0,"active":1,"cancelled":0,"error":0,"success":0,"total":1,"unknown":0},`+
		`"events":{"llm_call":1,"step":1,"total":2},"errors":1,`+nothing+`,"last_event_at":"2026-11-22T11:55:00Z"}`)
	until := a.get("/v1/stats?until=2026-11-22T11:00:00Z")
	if !strings.Contains(until, `"total":1,"unknown":0}`) || !strings.Contains(until, `"total":4},"errors":0,`) || !strings.HasSuffix(until, `"last_event_at":"2026-11-22T09:40:00Z"}`) {
		t.Errorf("until eleven: %s", until)
	}
	same(t, "nothing", a.get("/v1/stats", "X-Sentrial-Project", "other"), `{"sessions":{"abandoned":0,"active":0,"cancelled":0,"error":0,"success":0,"total":0,"unknown":0},`+
		`"events":{"total":0},"errors":0,`+nothing+`}`)
}

func TestBadParametersOfFigures(t *testing.T) {
	a := newApp(t)
	for target, message := range map[string]string{
		"/v1/rollups?by=user":         `by: expected one of [model agent tool type], got "user"`,
		"/v1/rollups?interval=week":   `interval: expected one of [hour day], got "week"`,
		"/v1/rollups?since=x":         "since: expected",
		"/v1/rollups?limit=0":         "limit: expected a number from 1 to 10000",
		"/v1/rollups?cursor=x":        "cursor: expected",
		"/v1/rollups?model=gpt":       `parameter "model" is not known here`,
		"/v1/facets?name=type":        `name: expected some of [status agent user model tool conversation] with commas between, got "type"`,
		"/v1/facets?name=agent,":      `got ""`,
		"/v1/facets?limit=x":          "limit: expected a number from 1 to 1000",
		"/v1/facets?since=1d":         `parameter "since" is not known here`,
		"/v1/stats?by=model":          `parameter "by" is not known here`,
		"/v1/stats?until=never":       "until: expected",
		"/v1/stats?since=1d&since=2d": "parameter since is given 2 times",
	} {
		wantError(t, a.do("GET", target, nil), http.StatusBadRequest, "validation_error", message)
	}
	wantError(t, a.do("POST", "/v1/stats", nil), http.StatusMethodNotAllowed, "method_not_allowed", "POST")
}
