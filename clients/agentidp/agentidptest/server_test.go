package agentidptest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/clients/agentidp/agentidptest"
)

// platform asks a server by hand, as a program in any language would.
type platform struct {
	t *testing.T
	*agentidptest.Server
	token string
}

func start(t *testing.T, opts ...agentidptest.Option) *platform {
	t.Helper()
	p := &platform{t: t, Server: agentidptest.New(opts...)}
	p.token = p.issue(p.ClientID(), p.ClientSecret(), "").text("access_token")
	return p
}

type reply struct {
	t    *testing.T
	code int
	http.Header
	json map[string]any
}

func (r reply) text(name string) string {
	r.t.Helper()
	s, ok := r.json[name].(string)
	if !ok {
		r.t.Fatalf("%d %v has no %s", r.code, r.json, name)
	}
	return s
}

// ask sends a request with the token; a body that begins with { is JSON, another one a form.
func (p *platform) ask(method, path, body string, headers ...string) reply {
	p.t.Helper()
	r := httptest.NewRequestWithContext(p.t.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+p.token)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if strings.HasPrefix(body, "{") {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	got := reply{p.t, w.Code, w.Header(), nil}
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &got.json); err != nil {
			p.t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
		}
	}
	return got
}

func (p *platform) issue(id, secret, scope string) reply {
	p.t.Helper()
	return p.ask("POST", "/api/v1/token", "grant_type=client_credentials&client_id="+id+"&client_secret="+secret+"&scope="+scope)
}

func (r reply) want(code int, name string) reply {
	r.t.Helper()
	got := ""
	for _, field := range []string{"code", "error"} {
		if s, ok := r.json[field].(string); ok {
			got = s
		}
	}
	if r.code != code || got != name {
		r.t.Errorf("got %d %v, want %d %s", r.code, r.json, code, name)
	}
	return r
}

func TestOAuth(t *testing.T) {
	p := start(t, agentidptest.WithTokenLifetime(90*time.Second))
	if got := p.issue(p.ClientID(), p.ClientSecret(), "audit:read+agents:read").want(200, ""); got.json["expires_in"] != 90.0 || got.text("scope") != "audit:read agents:read" ||
		got.text("token_type") != "Bearer" || got.Get("Cache-Control") != "no-store" {
		t.Errorf("issued %v", got.json)
	}
	p.issue(p.ClientID(), "wrong", "").want(401, "invalid_client")
	p.issue("nobody", p.ClientSecret(), "").want(401, "invalid_client")
	p.issue(p.ClientID(), p.ClientSecret(), "moon").want(400, "invalid_scope")
	p.ask("POST", "/api/v1/token", "grant_type=password").want(400, "unsupported_grant_type")
	p.ask("POST", "/api/v1/token", `{"grant_type":"client_credentials"}`).want(400, "invalid_request")
	basic := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
	basic.SetBasicAuth(p.ClientID(), p.ClientSecret())
	own := basic.Header.Get("Authorization")
	p.ask("POST", "/api/v1/token", "grant_type=client_credentials", "Authorization", own).want(200, "")
	if got := p.ask("POST", "/api/v1/token/introspect", "token="+p.token, "Authorization", own).want(200, ""); got.json["active"] != true || got.text("client_id") != p.ClientID() {
		t.Errorf("introspected %v", got.json)
	}
	p.ask("POST", "/api/v1/token/introspect", "token=x", "Authorization", "").want(401, "UnauthorizedError")
	p.ask("POST", "/api/v1/token/introspect", "").want(400, "ValidationError")
	p.ask("POST", "/api/v1/token/revoke", "").want(400, "ValidationError")
	p.ask("POST", "/api/v1/token/revoke", "token=nobody").want(200, "")
	p.ask("POST", "/api/v1/token/revoke", "token="+p.token).want(200, "")
	if got := p.ask("GET", "/api/v1/agents", "").want(401, "UnauthorizedError"); got.Get("WWW-Authenticate") != "Bearer" {
		t.Error("no WWW-Authenticate")
	}
}

func TestTokensEnd(t *testing.T) {
	p := start(t)
	p.ask("GET", "/api/v1/agents", "").want(200, "")
	p.ExpireTokens()
	p.ask("GET", "/api/v1/agents", "").want(401, "UnauthorizedError")
}

func TestRecords(t *testing.T) {
	p := start(t)
	const agent = `{"email":"a@b.c","agentType":"x","version":"1","owner":"o","deploymentEnv":"d"}`
	id := p.ask("POST", "/api/v1/agents", agent).want(201, "").text("agentId")
	p.ask("POST", "/api/v1/agents", agent).want(409, "AgentAlreadyExistsError")
	p.ask("POST", "/api/v1/agents", `{"email":"a"}`).want(400, "ValidationError")
	p.ask("PATCH", "/api/v1/agents/"+id, `{"version":2}`).want(400, "ValidationError")
	if got := p.ask("PATCH", "/api/v1/agents/"+id, `{"version":"2","capabilities":["c"]}`).want(200, ""); got.text("version") != "2" || got.text("owner") != "o" {
		t.Errorf("updated %v", got.json)
	}
	made := p.ask("POST", "/api/v1/agents/"+id+"/credentials", `{}`).want(201, "")
	secret, credential := made.text("clientSecret"), "/api/v1/agents/"+id+"/credentials/"+made.text("credentialId")
	if list := fmt.Sprint(p.ask("GET", "/api/v1/agents/"+id+"/credentials", "").want(200, "").json); strings.Contains(list, secret) || strings.Contains(list, "ecret") {
		t.Errorf("the list shows the secret: %s", list)
	}
	p.issue(id, secret, "").want(200, "")
	next := p.ask("POST", credential+"/rotate", `{}`).want(200, "").text("clientSecret")
	p.issue(id, secret, "").want(401, "invalid_client")
	p.issue(id, next, "").want(200, "")
	p.ask("DELETE", credential, "").want(204, "")
	p.ask("DELETE", credential, "").want(409, "CredentialAlreadyRevokedError")
	p.ask("POST", credential+"/rotate", "").want(409, "CredentialAlreadyRevokedError")
	p.ask("DELETE", "/api/v1/agents/"+id+"/credentials/none", "").want(404, "CredentialNotFoundError")
	p.ask("GET", "/api/v1/agents/none/credentials", "").want(404, "AgentNotFoundError")
	p.ask("POST", "/api/v1/agents/none/credentials", "").want(404, "AgentNotFoundError")
	p.ask("DELETE", "/api/v1/agents/"+id, "").want(204, "")
	p.ask("DELETE", "/api/v1/agents/"+id, "").want(409, "AgentAlreadyDecommissionedError")
	p.ask("PATCH", "/api/v1/agents/"+id, `{}`).want(409, "AgentAlreadyDecommissionedError")
	p.ask("GET", "/api/v1/agents/none", "").want(404, "AgentNotFoundError")
	if got := p.ask("GET", "/api/v1/agents?status=decommissioned&limit=1&page=1", "").want(200, ""); got.json["total"] != 1.0 {
		t.Errorf("decommissioned: %v", got.json)
	}
	for _, query := range []string{"page=0", "page=x", "limit=101", "limit=-1"} {
		p.ask("GET", "/api/v1/agents?"+query, "").want(400, "ValidationError")
	}
	p.ask("GET", "/api/v1/nothing", "").want(404, "NotFoundError")
}

// The tokens of an agent end with the agent.
func TestADecommissionedAgentsTokens(t *testing.T) {
	p := start(t)
	id, secret := p.NewAgent("a@b.c")
	token := p.issue(id, secret, "").text("access_token")
	p.ask("DELETE", "/api/v1/agents/"+id, "").want(204, "")
	if got := p.ask("POST", "/api/v1/token/introspect", "token="+token); got.json["active"] != false || len(got.json) != 1 {
		t.Errorf("introspected %v", got.json)
	}
	p.issue(id, secret, "").want(401, "invalid_client")
}

func TestAuditEvents(t *testing.T) {
	p := start(t)
	p.issue(p.ClientID(), "wrong", "")
	got := p.ask("GET", "/api/v1/audit?outcome=failure&action=token.issued&fromDate=2020-01-01T00:00:00Z&agentId="+p.ClientID(), "").want(200, "")
	data, _ := got.json["data"].([]any)
	if len(data) != 1 {
		t.Fatalf("got %v", got.json)
	}
	id, _ := data[0].(map[string]any)["eventId"].(string)
	p.ask("GET", "/api/v1/audit/"+id, "").want(200, "")
	p.ask("GET", "/api/v1/audit/none", "").want(404, "AuditEventNotFoundError")
	p.ask("GET", "/api/v1/audit?fromDate=yesterday", "").want(400, "ValidationError")
	if got := p.ask("GET", "/api/v1/audit?toDate=2020-01-01T00:00:00Z", ""); got.json["total"] != 0.0 {
		t.Errorf("before it began: %v", got.json)
	}
}

func TestFaults(t *testing.T) {
	idp := agentidptest.Start(t)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer client.CloseIdleConnections()
	for _, c := range []struct {
		name  string
		fault agentidptest.Fault
		want  string
	}{
		{"none", nil, "400  true"},
		{"status", agentidptest.Status(503), "503  true"},
		{"later", agentidptest.RetryAfter(429, 7*time.Second), "429 7 true"},
		{"no reply", agentidptest.NoReply(), "broken"},
		{"lost", agentidptest.LostReply(), "broken"},
		{"cut", agentidptest.CutReply(), "400  cut"},
		{"body", agentidptest.Body("text/html", "<p>"), "200  true"},
		{"redirect", agentidptest.Redirect(302, "http://other.example"), "302  true"},
	} {
		idp.Fault(func(op string, n int) agentidptest.Fault {
			if op != "tokens.issue" || n == 0 {
				t.Errorf("%s: asked of %s %d", c.name, op, n)
			}
			return c.fault
		})
		got := "broken"
		resp, err := client.Post(idp.URL()+"/api/v1/token", "application/json", strings.NewReader("{}"))
		if err == nil {
			_, err = io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			whole := "true"
			if err != nil {
				whole = "cut"
			}
			got = fmt.Sprint(resp.StatusCode, " ", resp.Header.Get("Retry-After"), " ", whole)
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
	if n := idp.Count("tokens.issue"); n < 8 {
		t.Errorf("%d requests were counted", n)
	}
}

func TestABodyThatIsTooLong(t *testing.T) {
	start(t).ask("POST", "/api/v1/agents", `{"x":"`+strings.Repeat("x", 2<<20)+`"}`).want(400, "ValidationError")
}

func TestManyAtOnce(t *testing.T) {
	p := start(t)
	if p.URL() != "" {
		t.Error("a handler alone has a URL")
	}
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			id, secret := p.NewAgent(fmt.Sprintf("a%d@b.c", i))
			if got := p.issue(id, secret, ""); got.code != 200 {
				t.Errorf("%d %v", got.code, got.json)
			}
			p.ask("GET", "/api/v1/agents", "")
			p.Fault(nil)
		})
	}
	wg.Wait()
}

// What decides on a fault may look at the server and change it, and a fault sees the body.
func TestFaultsMayUseTheServer(t *testing.T) {
	s := agentidptest.Start(t)
	seen := ""
	s.Fault(func(op string, n int) agentidptest.Fault {
		if s.Count(op) != n {
			t.Errorf("request %d of %d", n, s.Count(op))
		}
		s.ExpireTokens()
		s.Fault(nil)
		return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			seen = r.PostFormValue("grant_type")
			next.ServeHTTP(w, r)
		}
	})
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {s.ClientID()}, "client_secret": {s.ClientSecret()}}
	for range 2 {
		reply, err := http.PostForm(s.URL()+"/api/v1/token", form)
		if err != nil {
			t.Fatal(err)
		}
		_ = reply.Body.Close()
		if reply.StatusCode != http.StatusOK || seen != "client_credentials" {
			t.Errorf("status %d, the fault saw %q", reply.StatusCode, seen)
		}
	}
}
