package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/types"
)

func TestEventsComeBackAsSent(t *testing.T) {
	a := newApp(t)
	sent := `{ "id" : "e1", "type":"custom", "session_id":"s1","timestamp":"2026-11-22T00:16:56.123456789+02:00", "n":1.000, "big":12345678901234567890123,` +
		` "s":"<\u00e9&é>" , "nested":{ "b" : 1, "a":[ ] } }`
	a.send(sent)
	want := strings.TrimSuffix(sent, " }") + `,"position":2,"received_at":"2026-11-22T12:00:00.000000005Z"}`
	same(t, "event", a.get("/v1/events/e1"), want)
	same(t, "list", a.get("/v1/sessions/s1/events"), `{"data":[`+want+`]}`)
}

// TestServerKeysAreTheServers sends an event as another server returned it.
func TestServerKeysAreTheServers(t *testing.T) {
	a := newApp(t)
	a.send(`{"position":99,"id":"e1","client_id":"x","type":"step", "received_at":1,"session_id":"s1","timestamp":"2026-11-22T00:16:56Z","\u0063lock_skew_ms":5}`)
	same(t, "event", a.get("/v1/events/e1"),
		`{"id":"e1","type":"step","session_id":"s1","timestamp":"2026-11-22T00:16:56Z","position":2,"received_at":"2026-11-22T12:00:00.000000005Z"}`)
}

func TestSessionIsWhatItsEventsSay(t *testing.T) {
	a := newApp(t)
	a.send(
		ev("e1", "session_start", `"name":"n","agent_name":"a","agent_version":"2","user_id":"u","conversation_id":"c","parent_session_id":"s0"`,
			`"input":{"q":1.50},"tags":["x"],"metadata":{"k":12345678901234567890}`),
		ev("e2", "llm_call", `"model":"gpt","prompt_tokens":100,"completion_tokens":20,"cached_tokens":3,"cache_write_tokens":4,"reasoning_tokens":5,"cost":0.0000123`),
		ev("e3", "tool_call", `"tool_name":"search","status":"error","cost":0.1`),
		ev("e4", "session_end", `"status":"success","summary":"sum","output":"<out>","metrics":{"m":0.1}`),
	)
	want := `{"id":"s1","name":"n","agent_name":"a","agent_version":"2","user_id":"u","conversation_id":"c","parent_session_id":"s0","project_id":"default",` +
		`"status":"success","summary":"sum","input":{"q":1.50},"output":"<out>","tags":["x"],"metrics":{"m":0.1},` +
		`"created_at":"2026-11-22T00:16:56.123456789Z","closed_at":"2026-11-22T00:16:56.123456789Z","last_received_at":"2026-11-22T12:00:00.000000005Z","metadata":{"k":12345678901234567890},` +
		`"events":4,"errors":1,"prompt_tokens":100,"completion_tokens":20,"tokens_used":120,"cached_tokens":3,"cache_write_tokens":4,"reasoning_tokens":5,"cost":0.1000123}`
	got := a.get("/v1/sessions/s1")
	same(t, "session", got, want)
	same(t, "list", a.get("/v1/sessions"), `{"data":[`+want+`]}`)
	var s types.Session
	if err := json.Unmarshal([]byte(got), &s); err != nil {
		t.Fatal(err)
	}
	same(t, "as the SDK reads it", fmt.Sprint(s.ID, s.Status, s.Usage, *s.Cost, s.CreatedAt.Nanosecond(), s.ClosedAt.Equal(s.CreatedAt), s.Events, s.Errors, s.Metrics["m"], s.Tags),
		"s1success{100 20 120 3 4 5} 0.1000123 123456789 true 4 1 0.1 [x]")
}

func TestUnknownSessionHasNoMoreThanItsEvents(t *testing.T) {
	a := newApp(t)
	a.send(ev("e1", "step"))
	same(t, "session", a.get("/v1/sessions/s1"),
		`{"id":"s1","project_id":"default","status":"active","created_at":"2026-11-22T00:16:56.123456789Z","last_received_at":"2026-11-22T12:00:00.000000005Z","events":1,"errors":0}`)
}

func TestNotFound(t *testing.T) {
	a := newApp(t)
	a.send(ev("e1", "step"))
	for target, message := range map[string]string{
		"/v1/sessions/none":          `no session "none" in this project`,
		"/v1/sessions/none/events":   `no session "none" in this project`,
		"/v1/sessions/..%2f..%2fetc": `no session "../../etc"`,
		"/v1/events/none":            `no event "none" in this project`,
		"/v1/events/e1%00":           `no event`,
	} {
		wantError(t, a.do("GET", target, nil), http.StatusNotFound, "not_found", message)
	}
	wantError(t, a.do("GET", "/v1/sessions/s1", nil, "X-Sentrial-Project", "other"), 404, "not_found", "no session")
	wantError(t, a.do("GET", "/v1/events/e1", nil, "X-Sentrial-Project", "other"), 404, "not_found", "no event")
}

// page is a list's reply.
type page struct {
	Data []struct {
		ID string
	}
	Next string `json:"next_cursor"`
}

func (p page) ids() string {
	var ids []string
	for _, d := range p.Data {
		ids = append(ids, d.ID)
	}
	return strings.Join(ids, " ")
}

// list gets a page.
func (a *app) list(target string) page {
	a.t.Helper()
	var p page
	if err := json.Unmarshal([]byte(a.get(target)), &p); err != nil {
		a.t.Fatal(err)
	}
	return p
}

// sessionAt is the start of a session at a time of noon's day.
func sessionAt(id, clock string, more ...string) string {
	return fmt.Sprintf(`{"id":"start-%s","type":"session_start","session_id":"%s","timestamp":"2026-11-22T%sZ"%s}`, id, id, clock, strings.Join(append([]string{""}, more...), ","))
}

func TestSessionFilters(t *testing.T) {
	a := newApp(t)
	a.send(
		sessionAt("a", "11:00:00", `"agent_name":"support","user_id":"u1","conversation_id":"c1","name":"Reset a password"`),
		sessionAt("b", "10:00:00", `"agent_name":"support","user_id":"u+2"`),
		sessionAt("c", "09:00:00"),
		`{"id":"e1","type":"llm_call","session_id":"b","timestamp":"2026-11-22T10:00:01Z","model":"gpt-5"}`,
		`{"id":"e2","type":"llm_call","session_id":"c","timestamp":"2026-11-22T10:00:01Z","request_model":"asked"}`,
		`{"id":"e3","type":"tool_call","session_id":"c","timestamp":"2026-11-22T10:00:01Z","tool_name":"search"}`,
		`{"id":"e4","type":"session_end","session_id":"c","timestamp":"2026-11-22T10:00:02Z","status":"error"}`,
	)
	for query, want := range map[string]string{
		"": "a b c", "status=error": "c", "status=active": "a b", "agent=support": "a b", "user=u%2B2": "b", "conversation=c1": "a", "model=gpt-5": "b",
		"model=asked": "c", "tool=search": "c", "q=reset+pass": "a", "since=150m": "a b", "since=0d150m": "a b", "until=90m": "b c", "since=3h1s&until=90m": "b c",
		"since=2026-11-22T10:00:00Z": "a b", "until=2026-11-22T10:00:00Z": "c", "until=2026-11-22T11:00:00%2B01:00": "c", "until=2026-11-22T11:00:00+01:00": "c",
		"since=1d&agent=support&limit=1": "a", "user=": "a b c", "limit=99999": "a b c",
	} {
		same(t, query, a.list("/v1/sessions?"+query).ids(), want)
	}
}

func TestBadParameters(t *testing.T) {
	a := newApp(t)
	a.send(ev("e1", "step"))
	for target, message := range map[string]string{
		"/v1/sessions?limit=0":                       `limit: expected a number from 1 to 1000, got "0"`,
		"/v1/sessions?limit=-1":                      "limit: expected",
		"/v1/sessions?limit=ten":                     `got "ten"`,
		"/v1/sessions?status=done":                   "status: expected one of [active success error cancelled unknown abandoned], got \"done\"",
		"/v1/sessions?since=yesterday":               "since: expected an RFC 3339 time from 1970 to 2261 or a duration back such as 90m or 7d",
		"/v1/sessions?until=-5m":                     "until: expected",
		"/v1/sessions?since=0s":                      "since: expected",
		"/v1/sessions?since=99999d":                  "since: expected",
		"/v1/sessions?since=9999999h":                "since: expected",
		"/v1/sessions?stats=error":                   `parameter "stats" is not known here, these are: limit, cursor, status`,
		"/v1/sessions?user=a&user=b":                 "parameter user is given 2 times",
		"/v1/sessions?q=" + strings.Repeat("x", 600): "q: expected at most 512 bytes",
		"/v1/sessions?q=%zz":                         "the query string is malformed",
		"/v1/sessions?cursor=x":                      "cursor: expected the next_cursor of a reply, unchanged",
		"/v1/sessions/s1?limit=5":                    `parameter "limit" is not known here`,
		"/v1/sessions/s1/events?type=Tool":           `type: expected words of a-z 0-9 _ such as tool_call, got "Tool"`,
		"/v1/sessions/s1/events?type=step,":          "type: expected words",
		"/v1/sessions/s1/events?limit=1e3":           "limit: expected",
		"/v1/sessions/s1/events?cursor=e30":          "cursor: it belongs to another list",
		"/v1/events/e1?x=":                           `parameter "x" is not known here`,
	} {
		wantError(t, a.do("GET", target, nil), http.StatusBadRequest, "validation_error", message)
	}
}

func TestSessionsPageByPage(t *testing.T) {
	a := newApp(t)
	for i := range 120 {
		a.send(sessionAt(fmt.Sprintf("s%03d", i), fmt.Sprintf("08:00:%02d", i/2), `"user_id":"u"`))
	}
	first := a.list("/v1/sessions")
	same(t, "standard page", len(first.Data), 50)
	var got []string
	target := "/v1/sessions?user=u&limit=7"
	for next := ""; ; {
		p := a.list(target + "&cursor=" + next)
		got = append(got, p.ids())
		if next = p.Next; next == "" {
			break
		}
	}
	same(t, "paged", strings.Join(got, " "), a.list("/v1/sessions?limit=1000").ids())
	cursor := url.QueryEscape(first.Next)
	for _, other := range []string{"?user=u&cursor=", "?since=7d&cursor="} {
		wantError(t, a.do("GET", "/v1/sessions"+other+cursor, nil), 400, "validation_error", "cursor: it belongs to another list")
	}
	wantError(t, a.do("GET", "/v1/sessions?cursor="+cursor, nil, "X-Sentrial-Project", "other"), 400, "validation_error", "cursor: it belongs to another list")
	same(t, "another limit", len(a.list("/v1/sessions?limit=3&cursor="+cursor).Data), 3)
}

func TestEventsPageByPage(t *testing.T) {
	a := newApp(t)
	for i := range 130 {
		a.send(ev(fmt.Sprintf("e%03d", i), []string{"step", "error", "tool_call"}[i%3], fmt.Sprintf(`"seq":%d`, i)))
	}
	same(t, "standard page", len(a.list("/v1/sessions/s1/events").Data), 100)
	for _, filter := range []string{"", "type=", "type=step", "type=step,error", "type=step&type=error"} {
		all := a.list("/v1/sessions/s1/events?limit=1000&" + filter)
		var got []string
		for next := ""; ; {
			p := a.list("/v1/sessions/s1/events?limit=9&" + filter + "&cursor=" + next)
			got = append(got, p.ids())
			if next = p.Next; next == "" {
				break
			}
		}
		same(t, "paged "+filter, strings.Join(got, " "), all.ids())
	}
	same(t, "of two types", len(a.list("/v1/sessions/s1/events?limit=1000&type=error,step").Data), 87)
	next := a.list("/v1/sessions/s1/events?type=error,step&limit=85").Next
	same(t, "the same list said otherwise", len(a.list("/v1/sessions/s1/events?type=step&type=error,step&cursor="+next).Data), 2)
	wantError(t, a.do("GET", "/v1/sessions/s1/events?cursor="+a.list("/v1/sessions/s1/events?limit=1&type=step").Next, nil), 400, "validation_error", "another list")
}

// TestEventsPageByPageOfStrangeClients has names that grow when they are written, and one that is no text.
func TestEventsPageByPageOfStrangeClients(t *testing.T) {
	a := newApp(t)
	for i, name := range []string{strings.Repeat(`\u0001`, 256), strings.Repeat("<", 256), "\xff\xfe", ""} {
		for j := range 3 {
			id := fmt.Sprintf("e%d%d", i, j)
			same(t, name, a.post(`{"client":{"id":"`+name+`"},"events":[`+ev(id, "step")+`]}`).Code, 200)
		}
	}
	var got []string
	for next, pages := "", 0; pages < 20; pages++ {
		p := a.list("/v1/sessions/s1/events?limit=1&cursor=" + next)
		got = append(got, p.ids())
		if next = p.Next; next == "" {
			break
		}
	}
	same(t, "paged", strings.Join(got, " "), a.list("/v1/sessions/s1/events").ids())
	same(t, "number of pages", len(got), 12)
}
