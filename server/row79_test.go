package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

// tricks mean something to SQL, to full-text search, to LIKE, to paths or to C, and nothing to this API.
var tricks = []string{
	"'", `"`, `';--`, `' OR '1'='1`, `" OR ""="`, `s1' --`, `s1"; DROP TABLE events; --`, `1) OR (1=1`, "/*", "*/", ";", "--", `\`, `\'`, "$1", "?1", ":id", "@id",
	"x' UNION SELECT hash FROM keys --", "%", "_", "%%", "s_", "s%", "s*", "*", "s1*", `\%`, "[a-z]", "[", "^s", "NEAR(s1)", "s1 AND s1", "s1 OR secret", "s1 NOT x",
	"name:s1", `"s1`, "(s1", "+s1", "-s1", "{s1}", "s1^2", "..", ".", "../..", "../events/e1", "..%2fx", "/", "//", "s1/", "a/b", `..\..`, "~", "\x00", "s1\x00", "s1\x00x",
	"\xff", "s1\xff", "\xed\xa0\x80", "\r\n", "s1\n", "\t", "\u202e", "\ufeff", "é", "e\u0301", "\U0010ffff", "<script>", "&amp;", "#", "?", "=", "&", "+", " ", "s1 ", " s1", "S1",
	"null", "true", "0", "-1", "NaN", "9223372036854775808", strings.Repeat("x", 500), strings.Repeat("'", 500), strings.Repeat("(", 200),
}

// secretApp has sessions of two projects. What the other one has must never show.
func secretApp(t *testing.T) *app {
	t.Helper()
	a := newApp(t)
	a.fillSecretly()
	return a
}

func (a *app) fillSecretly() {
	a.t.Helper()
	a.send(sessionAt("s1", "10:00:00", `"name":"needle","agent_name":"support","user_id":"u1","conversation_id":"c1"`), ev("e1", "llm_call", `"model":"m"`), ev("e2", "tool_call", `"tool_name":"t"`))
	a.send(sessionAt("s2", "11:00:00", `"name":"hay"`))
	secret := strings.ReplaceAll(`{"events":[`+sessionAt("secret", "10:00:00", `"name":"secret","agent_name":"secret"`)+`]}`, "start-", "")
	same(a.t, "secret", a.post(secret, "X-Sentrial-Project", "other").Code, 200)
}

// wantHarmless checks a reply to a request with a trick in it.
func wantHarmless(t *testing.T, what string, w *httptest.ResponseRecorder, allowed ...int) {
	t.Helper()
	if !slices.Contains(allowed, w.Code) {
		t.Errorf("%s: %d %s", what, w.Code, w.Body)
	}
	if strings.Contains(strings.ReplaceAll(w.Body.String(), "OR secret", ""), `"secret"`) {
		t.Errorf("%s shows another project: %s", what, w.Body)
	}
}

// TestRow79TricksInPaths: an id that is none is not found, on every route that takes one, and never another's.
func TestRow79TricksInPaths(t *testing.T) {
	a := secretApp(t)
	everyOperation(a, func(o *operation) {
		if !strings.Contains(o.Path, "{id}") || o.Method != http.MethodGet {
			return
		}
		for _, trick := range tricks {
			for _, escaped := range []string{url.PathEscape(trick), percent(trick)} {
				target := strings.ReplaceAll(o.Path, "{id}", escaped)
				wantHarmless(t, fmt.Sprintf("%s %q", o.Method, target), a.do(o.Method, target, nil), 400, 404)
			}
		}
	})
	same(t, "what is there", a.do("GET", "/v1/sessions/s1", nil).Code, 200)
}

// percent writes every byte of a text with its number.
func percent(text string) string {
	var out strings.Builder
	for _, b := range []byte(text) {
		fmt.Fprintf(&out, "%%%02x", b)
	}
	return out.String()
}

// TestRow79PathsThatClimb: paths are not cleaned, for nobody writes such a path by mistake.
func TestRow79PathsThatClimb(t *testing.T) {
	a := secretApp(t)
	for _, target := range []string{
		"/v1/sessions/../events/e1", "/v1/./sessions", "/v1//sessions", "//v1/sessions", "/../v1/sessions", "/v1/sessions/..", "/v1/sessions/.", "/v1/sessions/s1/",
		"/v1/sessions/%2e%2e/events/e1", "/v1/%2e/sessions", "/v1/sessions/%2e%2e%2fevents%2fe1", "/v1%2fsessions", "/%76%31/sessions/../sessions", "/v1/sessions/s1/../s2",
		"/v1/sessions/s1%2f..%2fs2", "/v1/sessions;x=1", "/v1/sessions/s1;x", `/v1/sessions\s1`, "/v1/sessions/s1%00", "/v1/sessions/%00", "/V1/sessions", "/v1/Sessions", "/v1/sessions%20",
		"/healthz/", "/healthz/..", "/api/sdk/../../v1/sessions", "/v1/sessions/%c0%ae%c0%ae/", "/v1/sessions/%252e%252e",
	} {
		w := a.do("GET", target, nil)
		wantHarmless(t, target, w, 400, 404)
		same(t, target, w.Header().Get("Location"), "")
	}
}

// TestRow79TricksInQueries: each parameter of each route that reads takes a trick for a text, or says that it is not one.
func TestRow79TricksInQueries(t *testing.T) {
	a := secretApp(t)
	everyOperation(a, func(o *operation) {
		if o.Method != http.MethodGet || strings.HasSuffix(o.Path, "/stream") {
			return
		}
		for _, p := range o.Operation.Parameters {
			for _, trick := range tricks {
				if p.Value.In != "query" {
					continue
				}
				target := strings.ReplaceAll(o.Path, "{id}", "s1") + "?" + p.Value.Name + "=" + url.QueryEscape(trick)
				w := a.do("GET", target, nil)
				wantHarmless(t, target, w, 200, 400)
				if found := foundBy(w); p.Value.Name != "q" && o.Path == "/v1/sessions" && found != "" {
					t.Errorf("%s finds %s", target, found)
				}
			}
		}
		for _, query := range []string{"'=1", "limit=1'", "limit=1;DROP", "limit=0x10", "limit=%31%00", "cursor='", "%00=1", "%ff=%ff", "=", "&&", ";", "%", "a[]=1", "__proto__=1"} {
			wantHarmless(t, o.Path+"?"+query, a.do("GET", strings.ReplaceAll(o.Path, "{id}", "s1")+"?"+query, nil), 200, 400, 404)
		}
	})
}

// foundBy are the ids of a list's rows.
func foundBy(w *httptest.ResponseRecorder) string {
	var p page
	_ = json.Unmarshal(w.Body.Bytes(), &p)
	return p.ids()
}

// TestRow79SearchTakesWordsOnly: what a search engine would take for an operator finds nothing that the words do not.
func TestRow79SearchTakesWordsOnly(t *testing.T) {
	a := secretApp(t)
	same(t, "the word", a.list("/v1/sessions?q=needle").ids(), "s1")
	for _, q := range []string{
		"needle OR hay", "needle NOT support OR hay", "NEAR(needle hay)", "hay NEAR/5 needle", "name:needle hay", "needle* hay", "secret", "^secret", "secret*", "needle secret", "n_edle", "need%le",
	} {
		same(t, q, a.list("/v1/sessions?q="+url.QueryEscape(q)).ids(), "")
	}
}

// TestRow79TextsAreKeptAsTheyAre: whatever a session is called, it is found by that and by nothing else.
func TestRow79TextsAreKeptAsTheyAre(t *testing.T) {
	a := newApp(t)
	var events []string
	for i, trick := range tricks {
		name, _ := json.Marshal(trick)
		events = append(events, fmt.Sprintf(`{"id":"e%d","type":"session_start","session_id":"s%d","timestamp":"2026-11-22T00:16:56Z","agent_name":%s,"user_id":%s,"metadata":{%s:1}}`, i, i, name, name, name))
	}
	same(t, "accepted", a.send(events...).Accepted, len(tricks))
	for i, trick := range tricks {
		if strings.ToValidUTF8(trick, "") != trick || len(trick) > 400 {
			continue // stands for another text in JSON
		}
		for _, filter := range []string{"agent", "user"} {
			same(t, fmt.Sprintf("%s %q", filter, trick), a.list("/v1/sessions?"+filter+"="+url.QueryEscape(trick)).ids(), fmt.Sprint("s", i))
		}
		session, _ := a.read(fmt.Sprint("s", i))
		same(t, "name", session.AgentName, trick)
	}
}

func TestRow79TricksInHeaders(t *testing.T) {
	a := secretApp(t)
	for _, trick := range tricks {
		if strings.TrimSpace(trick) == "" || validProject(trick) {
			continue
		}
		w := a.do("GET", "/v1/sessions", nil, "X-Sentrial-Project", trick)
		wantHarmless(t, "project "+trick, w, 400)
		w = a.do("GET", "/v1/sessions", nil, "X-Request-Id", trick)
		if id := w.Header().Get("X-Request-Id"); !strings.HasPrefix(id, "req_") {
			t.Errorf("the request %q is called %q", trick, id)
		}
		wantHarmless(t, "type "+trick, a.post(`{"events":[]}`, "Content-Type", trick), 415)
		wantHarmless(t, "encoding "+trick, a.post(`{"events":[]}`, "Content-Encoding", trick), 415)
		wantHarmless(t, "version "+trick, a.post(`{"events":[]}`, "Sentrial-Version", trick), 400)
	}
}

func validProject(s string) bool {
	return len(s) <= 128 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:-") == ""
}

// TestRow79TricksInIds: no event gets in under an id that is none.
func TestRow79TricksInIds(t *testing.T) {
	a := newApp(t)
	for _, trick := range tricks {
		if validProject(trick) {
			continue
		}
		id, _ := json.Marshal(trick)
		got := a.send(
			fmt.Sprintf(`{"id":%s,"type":"step","session_id":"s1","timestamp":"2026-11-22T00:16:56Z"}`, id),
			fmt.Sprintf(`{"id":"x","type":"step","session_id":%s,"timestamp":"2026-11-22T00:16:56Z"}`, id),
			fmt.Sprintf(`{"id":"y","type":%s,"session_id":"s1","timestamp":"2026-11-22T00:16:56Z"}`, id),
		)
		if accepted := got.Accepted; accepted > 0 {
			t.Errorf("%q: %+v", trick, got)
		}
	}
}

// TestRow79Cursors: a cursor that was changed is refused, one of another list too.
func TestRow79Cursors(t *testing.T) {
	a := secretApp(t)
	next := a.list("/v1/sessions?limit=1").Next
	for _, trick := range append(tricks, next[1:], next+"A", next[:len(next)-2], strings.ToUpper(next), next+"=", " "+next, "e30", "bnVsbA", "W10", "InMi", strings.Repeat("A", 5000)) {
		if trick == "0" {
			continue
		}
		wantHarmless(t, "cursor "+trick, a.do("GET", "/v1/sessions?limit=1&cursor="+url.QueryEscape(trick), nil), 400)
	}
	same(t, "the cursor itself", a.list("/v1/sessions?limit=1&cursor="+next).ids(), "s1")
}

// FuzzSessionsQuery: whatever stands behind the question mark, the reply is a list of this project's sessions or says what is wrong.
func FuzzSessionsQuery(f *testing.F) {
	for _, seed := range []string{
		"", "limit=1", "q=needle&status=active", "agent=%27+OR+1=1--", "since=7d&until=90m", "cursor=e30", "q=%22&q=1", "type=%00", "user=%ff", "q=" + strings.Repeat("a+", 200),
	} {
		f.Add(seed)
	}
	db, err := sqlite.Open(context.Background(), filepath.Join(f.TempDir(), "s.db"))
	if err != nil {
		f.Fatal(err)
	}
	defer db.Close()
	s, err := server.New(server.Config{Store: db, Now: func() time.Time { return noon }})
	if err != nil {
		f.Fatal(err)
	}
	var filled sync.Once
	f.Fuzz(func(t *testing.T, query string) {
		a := &app{t: t, Server: s}
		filled.Do(a.fillSecretly)
		a.edit = func(r *http.Request) { r.URL.RawQuery = query }
		w := a.do("GET", "/v1/sessions", nil)
		wantHarmless(t, query, w, 200, 400)
		for id := range strings.FieldsSeq(foundBy(w)) {
			if id != "s1" && id != "s2" {
				t.Fatalf("%q finds %q", query, id)
			}
		}
	})
}
