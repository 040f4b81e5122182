package server_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server"
)

// TestS7KeysLeaveATrail: who made and revoked which key, from where; no refusal and no key.
func TestS7KeysLeaveATrail(t *testing.T) {
	var trail bytes.Buffer
	g := newGated(t, func(c *server.Config) { c.Audit = slog.New(slog.NewJSONHandler(&trail, nil)) })
	typed := []string{"Content-Type", "application/json", "X-Request-Id", "r1"}
	first := decode[madeKey](t, g.do("POST", "/v1/keys", strings.NewReader(`{"scopes":["admin"]}`), append(typed, "X-Sentrial-Project", "p")...))
	by := append(first.header(), typed...)
	second := decode[madeKey](t, g.do("POST", "/v1/keys", strings.NewReader(`{"scopes":["events:write"]}`), by...))
	same(t, "revoke", g.do("DELETE", "/v1/keys/"+second.ID, nil, by...).Code, http.StatusNoContent)
	g.do("DELETE", "/v1/keys/key_none", nil, by...)
	g.do("DELETE", "/v1/keys/"+first.ID, nil, second.header()...)
	g.do("POST", "/v1/keys", strings.NewReader(`{}`), by...)
	var got []string
	for line := range strings.Lines(trail.String()) {
		var e map[string]any
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		same(t, "msg", e["msg"], "audit")
		var fields []string
		for _, name := range []string{"action", "project", "subject", "by", "remote", "request_id"} {
			text, _ := e[name].(string)
			fields = append(fields, text)
		}
		got = append(got, strings.Join(fields, " "))
	}
	same(t, "trail", strings.Join(got, "\n"), strings.Join([]string{
		"key.create p " + first.ID + " loopback 127.0.0.1 r1",
		"key.create p " + second.ID + " " + first.ID + " 127.0.0.1 r1",
		"key.revoke p " + second.ID + " " + first.ID + " 127.0.0.1 r1",
	}, "\n"))
	if strings.Contains(trail.String(), "sntl_") || strings.Contains(g.log.String(), "msg=audit") {
		t.Errorf("a key in the trail, or the trail in the log: %s%s", &trail, g.log)
	}
}

// TestS7RequestsAreLoggedWithoutWhatIsInThem: the pattern of the route, not its ids.
func TestS7RequestsAreLoggedWithoutWhatIsInThem(t *testing.T) {
	g := newGated(t)
	k := g.key("p", "sessions:read")
	s := g.serve(nil)
	s.ask("GET", "/v1/sessions/private-id?q=private-query", "", append(k.header(), "X-Request-Id", "r1")...)
	s.ask("GET", "/private-path", "", "X-Request-Id", "r2")
	log := g.log.String()
	for _, line := range []string{
		`msg=request method=GET route="GET /v1/sessions/{id}" status=400 duration=`, `request_id=r1 by=` + k.ID,
		`msg=request method=GET route="" status=404 duration=`, `request_id=r2 by=nobody`,
	} {
		if !strings.Contains(log, line) {
			t.Errorf("the log lacks %s:\n%s", line, log)
		}
	}
	if strings.Contains(log, "private") {
		t.Errorf("the log has what was asked for:\n%s", log)
	}
}
