package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// routeCase says how a route is asked for something of a tenant. TENANT in it becomes the tenant's name, KEYID the id of a key of its.
type routeCase struct {
	target, body string
	status       int // of a caller who may
	// elsewhere is the status for a caller of another tenant: 404, or the status of its own empty answer.
	elsewhere int
	shows     bool // the answer has the tenant's own words
}

// routeCases are those of every route that needs a key. A route without one fails the test.
var routeCases = map[string]routeCase{
	"POST /v1/events": {
		target: "/v1/events", status: 200, elsewhere: 200,
		body: `{"events":[{"id":"evt_new","type":"step","session_id":"sess_TENANT","timestamp":"2026-11-22T00:16:56Z"}]}`,
	},
	"POST /api/sdk/sessions":       {target: "/api/sdk/sessions", body: `{"name":"n","agentName":"a","userId":"user_TENANT"}`, status: 200, elsewhere: 200},
	"PATCH /api/sdk/sessions/{id}": {target: "/api/sdk/sessions/sess_TENANT", body: `{"userInput":"x"}`, status: 200, elsewhere: 404},
	"POST /api/sdk/events":         {target: "/api/sdk/events", body: `{"sessionId":"sess_TENANT","eventType":"tool_call","toolName":"t"}`, status: 200, elsewhere: 404},
	"POST /v1/traces":              {target: "/v1/traces", body: spansOf("TENANT"), status: 200, elsewhere: 200},
	"POST /v1/logs":                {target: "/v1/logs", body: `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"words-of-TENANT"}}]}]}]}`, status: 200, elsewhere: 200},
	"POST /v1/metrics":             {target: "/v1/metrics", body: `{}`, status: 200, elsewhere: 200},
	"GET /v1/sessions":             {target: "/v1/sessions", status: 200, elsewhere: 200, shows: true},
	"GET /v1/sessions/{id}":        {target: "/v1/sessions/sess_TENANT", status: 200, elsewhere: 404, shows: true},
	"GET /v1/sessions/{id}/events": {target: "/v1/sessions/sess_TENANT/events", status: 200, elsewhere: 404, shows: true},
	"GET /v1/events/{id}":          {target: "/v1/events/evt_TENANT", status: 200, elsewhere: 404, shows: true},
	"GET /v1/limits":               {target: "/v1/limits", status: 200, elsewhere: 200},
	"GET /v1/keys":                 {target: "/v1/keys", status: 200, elsewhere: 200, shows: true},
	"POST /v1/keys":                {target: "/v1/keys", body: `{"name":"more_TENANT","scopes":["admin"]}`, status: 201, elsewhere: 201},
	"DELETE /v1/keys/{id}":         {target: "/v1/keys/KEYID", status: 204, elsewhere: 404},

	"DELETE /v1/sessions/{id}": {target: "/v1/sessions/sess_TENANT", status: 204, elsewhere: 404},
	"DELETE /v1/users/{id}":    {target: "/v1/users/user_TENANT", status: 200, elsewhere: 200},
	"GET /v1/stats":            {target: "/v1/stats", status: 200, elsewhere: 200},
	"GET /v1/rollups":          {target: "/v1/rollups?by=agent", status: 200, elsewhere: 200, shows: true},
	"GET /v1/facets":           {target: "/v1/facets", status: 200, elsewhere: 200, shows: true},
	"GET /v1/stream":           {target: "/v1/stream", status: 200, elsewhere: 200},
	"GET /metrics":             {target: "/metrics", status: 200, elsewhere: 200},
}

// tenant has data and keys of every kind.
type tenant struct {
	name                  string
	all, expired, revoked madeKey
	lacking               map[string]madeKey // by scope: a key with all others but that
	victim                madeKey            // to be revoked by the route that does
}

func newTenant(g *gated, name string) *tenant {
	body := `{"events":[{"id":"evt_TENANT","type":"session_start","session_id":"sess_TENANT","timestamp":"2026-11-22T00:16:56Z","name":"words-of-TENANT",` +
		`"agent_name":"words-of-TENANT","user_id":"user_TENANT"},{"id":"evt_TENANT_2","type":"step","session_id":"sess_TENANT","timestamp":"2026-11-22T00:16:57Z","name":"words-of-TENANT"}]}`
	w := g.admin.post(strings.ReplaceAll(body, "TENANT", name), "X-Sentrial-Project", name)
	same(g.t, "events of "+name, w.Code, http.StatusOK)
	return &tenant{
		name: name, all: g.key(name, "admin"), expired: g.keyFor(name, "1h", "admin"), revoked: g.key(name, "admin"), victim: g.named(name, "words-of-"+name),
		lacking: map[string]madeKey{
			"events:write": g.key(name, "sessions:read"), "sessions:read": g.key(name, "events:write"), "admin": g.key(name, "events:write", "sessions:read"),
		},
	}
}

// named makes a key with a name.
func (g *gated) named(project, name string) madeKey {
	w := g.admin.do("POST", "/v1/keys", strings.NewReader(`{"scopes":["events:write"],"name":"`+name+`"}`), "Content-Type", "application/json", "X-Sentrial-Project", project)
	same(g.t, "key "+name, w.Code, http.StatusCreated)
	return decode[madeKey](g.t, w)
}

// request is what c asks for of t, and with what key.
func (s *site) request(pattern string, c routeCase, t *tenant, headers ...string) answer {
	s.t.Helper()
	method, _, _ := strings.Cut(pattern, " ")
	fill := strings.NewReplacer("TENANT", t.name, "KEYID", t.victim.ID).Replace
	if c.body != "" {
		headers = append(headers, "Content-Type", "application/json")
	}
	return s.ask(method, fill(c.target), fill(c.body), headers...)
}

// TestRow76EveryRouteTwoTenants asks every route there is with every kind of key.
func TestRow76EveryRouteTwoTenants(t *testing.T) {
	for _, r := range newApp(t).Routes() {
		if r.Scope == "" {
			continue
		}
		c, known := routeCases[r.Pattern]
		if !known {
			t.Errorf("%s (%s) has no case in routeCases", r.Pattern, r.Scope)
			continue
		}
		t.Run(strings.ReplaceAll(r.Pattern, "/", "."), func(t *testing.T) {
			g := newGated(t)
			north, south := newTenant(g, "north"), newTenant(g, "south")
			for _, gone := range []madeKey{north.revoked, south.revoked} {
				g.revoke(gone)
			}
			g.clock.move(2 * time.Hour)
			s := g.serve(nil)
			for _, pair := range [][2]*tenant{{north, south}, {south, north}} {
				s.turnedAway(r.Pattern, r.Scope, c, pair[0])
				s.elsewhere(r.Pattern, c, pair[0], pair[1])
			}
			for _, pair := range [][2]*tenant{{north, south}, {south, north}} {
				s.letIn(r.Pattern, c, pair[0], pair[1])
			}
		})
	}
}

// turnedAway asks for what is t's with keys that are not good for it.
func (s *site) turnedAway(pattern, scope string, c routeCase, t *tenant) {
	s.t.Helper()
	never := t.all.Prefix + "_" + strings.Repeat("0", 32)
	first := s.request(pattern, c, t)
	s.want(pattern+" without a key", first, http.StatusUnauthorized, "invalid_api_key")
	for what, key := range map[string]string{
		"a wrong key": never, "an unknown key": strings.Replace(never, t.all.Prefix, "sntl_00000000", 1), "no key of ours": "secret", "an empty key": "",
		"an expired key": t.expired.Key, "a revoked key": t.revoked.Key, "half a key": t.all.Key[:20], "a key and more": t.all.Key + "x",
	} {
		if got := s.request(pattern, c, t, "Authorization", "Bearer "+key); got.words() != first.words() {
			s.t.Errorf("%s with %s: %s, without a key: %s", pattern, what, got.words(), first.words())
		}
	}
	s.want(pattern+" without the scope", s.request(pattern, c, t, t.lacking[scope].header()...), http.StatusForbidden, "insufficient_scope")
}

// elsewhere asks for what is t's with a key of other, which is good for it there.
func (s *site) elsewhere(pattern string, c routeCase, t, other *tenant) {
	s.t.Helper()
	before := s.everything(t)
	named := s.request(pattern, c, t, append(other.all.header(), "X-Sentrial-Project", t.name)...)
	s.want(pattern+" in another project", named, http.StatusForbidden, "insufficient_scope")
	got := s.request(pattern, c, t, other.all.header()...)
	if got.status != c.elsewhere || strings.Contains(got.body, "words-of-"+t.name) {
		s.t.Errorf("%s of %s for %s: %d %s", pattern, t.name, other.name, got.status, got.body)
	}
	if got.status == http.StatusNotFound {
		nobody := &tenant{name: strings.Repeat("x", len(t.name)), victim: madeKey{ID: strings.Repeat("x", len(t.victim.ID))}}
		unknown := s.request(pattern, c, nobody, other.all.header()...).words()
		if words := strings.NewReplacer(t.name, nobody.name, t.victim.ID, nobody.victim.ID).Replace(got.words()); words != unknown {
			s.t.Errorf("%s: %s of another tenant, %s of nobody", pattern, words, unknown)
		}
	}
	if after := s.everything(t); after != before {
		s.t.Errorf("%s by %s changed what %s has:\n%s\nwas\n%s", pattern, other.name, t.name, after, before)
	}
}

// letIn asks for what is t's with its own key.
func (s *site) letIn(pattern string, c routeCase, t, other *tenant) {
	s.t.Helper()
	for _, headers := range [][]string{t.all.header(), append(t.all.header(), "X-Sentrial-Project", t.name)} {
		got := s.request(pattern, c, t, headers...)
		if again := strings.HasPrefix(pattern, "DELETE ") && got.status == http.StatusNotFound && len(headers) > 2; got.status != c.status && !again {
			s.t.Errorf("%s with the right key: %d %s", pattern, got.status, got.body)
		}
		if strings.Contains(got.body, "words-of-"+other.name) || (c.shows && !strings.Contains(got.body, "words-of-"+t.name)) {
			s.t.Errorf("%s for %s: %s", pattern, t.name, got.body)
		}
	}
}

// everything is what t has, as it sees it.
func (s *site) everything(t *tenant) string {
	s.t.Helper()
	var all strings.Builder
	for _, target := range []string{"/v1/sessions", "/v1/sessions/sess_" + t.name, "/v1/sessions/sess_" + t.name + "/events", "/v1/keys"} {
		got := s.ask("GET", target, "", t.all.header()...)
		same(s.t, target, got.status, http.StatusOK)
		all.WriteString(got.body)
	}
	return all.String()
}
