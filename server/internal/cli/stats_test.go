package cli_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const (
	someStats = `{"sessions":{"total":1240,"active":3,"success":1200,"error":30,"cancelled":0,"unknown":0,"abandoned":7},` +
		`"events":{"total":20000,"llm_call":9000,"tool_call":9000,"error":120,"evil\u001b[2J":1880},"errors":150,"prompt_tokens":1000000,"completion_tokens":50000,` +
		`"tokens_used":1050000,"cached_tokens":800000,"cache_write_tokens":0,"reasoning_tokens":0,"cost":12.3456,"last_event_at":"2026-03-04T09:31:00Z"}`
	noStats     = `{"sessions":{"total":0},"events":{"total":0},"errors":0,"prompt_tokens":0,"completion_tokens":0,"tokens_used":0}`
	someRollups = `{"data":[{"start":"2026-03-03T00:00:00Z","by":"model","value":"gpt-5","events":1200,"errors":3,"prompt_tokens":100,"completion_tokens":5,"tokens_used":105,"cost":1.5,"p50_ms":812.4,"p95_ms":4100},` +
		`{"start":"2026-03-03T00:00:00Z","by":"model","value":"in-house\u001b[2J","events":40,"errors":0},` +
		`{"start":"2026-03-04T00:00:00Z","by":"model","value":"gpt-5","events":300,"errors":0,"tokens_used":25,"cost":0.0041,"p50_ms":12.5,"p95_ms":12.5}]}`
	agentRollups = `{"data":[{"start":"2026-03-03T14:00:00Z","by":"agent","value":"support","sessions":12,"events":1200,"errors":3},` +
		`{"start":"2026-03-03T15:00:00Z","by":"agent","value":"","sessions":1,"events":600,"errors":0}]}`
)

// newFigures is a server with canned sums, which remembers what it was asked.
func newFigures(t *testing.T, answers map[string]string) (url string, asked *string) {
	t.Helper()
	asked = new(string)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked = r.URL.RequestURI()
		text, ok := answers[r.URL.Path]
		if !ok {
			notThere(w)
			return
		}
		_, _ = io.WriteString(w, text)
	}))
	t.Cleanup(srv.Close)
	return srv.URL, asked
}

func TestStats(t *testing.T) {
	url, asked := newFigures(t, map[string]string{"/v1/stats": someStats})
	golden(t, "stats", succeed(t, "stats", "--url", url))
	golden(t, "terminal-stats", watch(t, 80, "stats", "--url", url))
	if out := succeed(t, "stats", "--last", "24h", "--json", "--url", url); out != someStats+"\n" || *asked != "/v1/stats?since=24h" {
		t.Errorf("asked %s: %s", *asked, out)
	}
	url, _ = newFigures(t, map[string]string{"/v1/stats": noStats})
	golden(t, "stats-none", succeed(t, "stats", "--url", url))
}

func TestRollups(t *testing.T) {
	url, asked := newFigures(t, map[string]string{"/v1/rollups": someRollups})
	golden(t, "rollups", succeed(t, "rollups", "--url", url))
	golden(t, "terminal-rollups-120", watch(t, 120, "rollups", "--url", url))
	golden(t, "terminal-rollups-60", watch(t, 60, "rollups", "--url", url))
	succeed(t, "rollups", "--by", "tool", "--interval", "hour", "--last", "7d", "--value", "x", "--limit", "5", "--url", url)
	if *asked != "/v1/rollups?by=tool&interval=hour&limit=5&since=7d&value=x" {
		t.Errorf("asked %s", *asked)
	}
	if out := succeed(t, "rollups", "--json", "--url", url); out != someRollups+"\n" {
		t.Errorf("printed %s", out)
	}
	url, _ = newFigures(t, map[string]string{"/v1/rollups": agentRollups})
	golden(t, "rollups-agents", succeed(t, "rollups", "--by", "agent", "--interval", "hour", "--url", url))
	golden(t, "terminal-rollups-agents", watch(t, 100, "rollups", "--by", "agent", "--interval", "hour", "--url", url))
}

func TestNoRollups(t *testing.T) {
	url, _ := newFigures(t, map[string]string{"/v1/rollups": `{"data":[]}`})
	if got := run(t, "rollups", "--url", url); got.code != 0 || got.out != "" || !strings.Contains(got.errors, "nothing") {
		t.Errorf("%+v", got)
	}
	for _, args := range [][]string{{"--by", "user"}, {"--interval", "week"}, {"--last", "soon"}} {
		if got := run(t, append([]string{"rollups", "--url", url}, args...)...); got.code != 2 {
			t.Errorf("%v: %+v", args, got)
		}
	}
}
