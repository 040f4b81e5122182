package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server"
)

// provider is an identity provider whose answer the test gives.
type provider struct {
	*httptest.Server
	mu     sync.Mutex
	answer http.HandlerFunc
	seen   []url.Values
	auth   []string
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	p := &provider{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		_ = r.ParseForm()
		p.seen, p.auth = append(p.seen, r.PostForm), append(p.auth, r.Header.Get("Authorization"))
		p.answer(w, r)
	}))
	t.Cleanup(p.Close)
	p.says(`{"active":false}`)
	return p
}

func (p *provider) says(body string) {
	p.does(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(body))
	})
}

func (p *provider) does(f http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = f
}

func (p *provider) asked() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.seen)
}

func (p *provider) introspects(c *server.Config) { c.Introspect = &server.Introspection{URL: p.URL} }

// token is a header with a token of its own, so that nothing is remembered of it.
func token(n int) []string { return []string{"Authorization", fmt.Sprintf("Bearer tok_canary_%d", n)} }

const oneEvent = `{"events":[{"id":"e1","type":"step","session_id":"s1","timestamp":"2026-11-22T00:16:56Z"}]}`

// TestS2WhatTokensMay: record into one project, and read it if they have our scope for that; never what admins do.
func TestS2WhatTokensMay(t *testing.T) {
	p := newProvider(t)
	g := newGated(t, p.introspects, func(c *server.Config) {
		c.Introspect.Project, c.Introspect.Require = "fleet", []string{"agents:read"}
	})
	g.key("fleet", "admin")
	for n, c := range []struct {
		reply               string
		write, read, delete int
	}{
		{`{"active":true,"scope":"agents:read tokens:read","client_id":"a1"}`, 200, 403, 403},
		{`{"active":true,"scope":"agents:read sessions:read"}`, 403, 200, 403},
		{`{"active":true,"scope":"agents:read sessions:read events:write"}`, 200, 200, 403},
		{`{"active":true,"scope":"agents:read admin"}`, 200, 403, 403},
		{`{"active":true,"scope":"agents:readx"}`, 401, 401, 401},
		{`{"active":true}`, 401, 401, 401},
		{`{"active":false,"scope":"agents:read"}`, 401, 401, 401},
		{`{"active":true,"scope":"agents:read","exp":1}`, 401, 401, 401},
		{`{"active":true,"scope":"agents:read","exp":-1e300}`, 401, 401, 401},
		{`{"active":true,"scope":"agents:read","exp":1e300}`, 200, 403, 403},
		{fmt.Sprintf(`{"active":true,"scope":"agents:read","nbf":%d}`, noon.Add(31*time.Second).Unix()), 401, 401, 401},
		{fmt.Sprintf(`{"active":true,"scope":"agents:read","nbf":%d}`, noon.Add(5*time.Second).Unix()), 200, 403, 403},
	} {
		p.says(c.reply)
		same(t, c.reply+": write", g.post(oneEvent, token(n)...).Code, c.write)
		same(t, c.reply+": read", g.do("GET", "/v1/sessions", nil, token(n)...).Code, c.read)
		same(t, c.reply+": delete", g.do("DELETE", "/v1/sessions/none", nil, token(n)...).Code, c.delete)
		same(t, c.reply+": keys", g.do("GET", "/v1/keys", nil, token(n)...).Code, c.delete)
		same(t, c.reply+": questions", p.asked(), n+1)
	}
	p.says(`{"active":true,"scope":"agents:read"}`)
	same(t, "another project", g.post(oneEvent, append(token(100), "X-Sentrial-Project", "other")...).Code, http.StatusForbidden)
	same(t, "its own", g.post(oneEvent, append(token(100), "X-Sentrial-Project", "fleet")...).Code, http.StatusOK)
	if got := g.admin.get("/v1/sessions", "X-Sentrial-Project", "fleet"); !strings.Contains(got, `"s1"`) {
		t.Errorf("in the project: %s", got)
	}
}

// TestS2TokensMadeForSomethingElse: for another audience, to be renewed with, or to be shown by their owner alone.
func TestS2TokensMadeForSomethingElse(t *testing.T) {
	p := newProvider(t)
	for _, c := range []struct {
		audience, more string
		want           int
	}{
		{"", `,"aud":"https://other"`, 200}, // nobody said whom they must be for
		{"", `,"aud":{"x":1}`, 200},
		{"us", `,"aud":"us"`, 200},
		{"us", `,"aud":["them","us"]`, 200},
		{"us", ``, 401},
		{"us", `,"aud":null`, 401},
		{"us", `,"aud":"them"`, 401},
		{"us", `,"aud":"us them"`, 401},
		{"us", `,"aud":["them"]`, 401},
		{"us", `,"aud":[]`, 401},
		{"us", `,"aud":[["us"]]`, 401},
		{"us", `,"aud":{"us":"us"}`, 401},
		{"us", `,"aud":""`, 401},
		{"", `,"token_type":"Bearer"`, 200},
		{"", `,"token_type":"bearer"`, 200},
		{"", `,"token_type":"access_token"`, 200},
		{"", `,"cnf":null`, 200},
		{"", `,"token_type":"refresh_token"`, 401},
		{"", `,"token_type":"DPoP"`, 401},
		{"", `,"token_type":"Bearer","cnf":{"jkt":"x"}`, 401},
	} {
		g := newGated(t, p.introspects, func(cfg *server.Config) { cfg.Introspect.Audience = c.audience })
		g.key("default", "admin")
		p.says(`{"active":true,"client_id":"a"` + c.more + `}`)
		same(t, c.audience+c.more, g.post(oneEvent, token(0)...).Code, c.want)
	}
}

// TestS2InventedTokensBeyondTheRate: an address that asked too often without a key makes no more questions, and is told so; who has a token that is known goes on.
func TestS2InventedTokensBeyondTheRate(t *testing.T) {
	p := newProvider(t)
	g := newGated(t, p.introspects, func(c *server.Config) { c.RateLimit = 5 })
	g.key("default", "admin")
	p.says(`{"active":true,"client_id":"a"}`)
	same(t, "a good one", g.post(oneEvent, token(1000)...).Code, http.StatusOK)
	p.says(`{"active":false}`)
	for n := range 5 {
		same(t, "invented", g.post(oneEvent, token(n)...).Code, http.StatusUnauthorized)
	}
	asked := p.asked()
	for n := range 5 {
		same(t, "too many", g.post(oneEvent, token(100+n)...).Code, http.StatusTooManyRequests)
	}
	same(t, "questions", p.asked(), asked)
	p.says(`{"active":true,"client_id":"a"}`)
	same(t, "the good one", g.post(oneEvent, token(1000)...).Code, http.StatusOK)
	g.clock.move(time.Minute)
	same(t, "another good one, a minute later", g.post(oneEvent, token(1001)...).Code, http.StatusOK)
}

// TestOneTokenOfOurOwnForAll: it is refused for many questions at once, and one other is fetched.
func TestOneTokenOfOurOwnForAll(t *testing.T) {
	p := newProvider(t)
	var issued, refused atomic.Int64
	var all sync.WaitGroup
	all.Add(20)
	own := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case r.URL.Path == "/token":
			_, _ = fmt.Fprintf(w, `{"access_token":"own_%d","token_type":"Bearer"}`, issued.Add(1))
		case r.Header.Get("Authorization") == "Bearer own_1":
			refused.Add(1)
			all.Done()
			all.Wait()
			w.WriteHeader(http.StatusUnauthorized)
		default:
			_, _ = w.Write([]byte(`{"active":true}`))
		}
	}))
	defer own.Close()
	g := newGated(t, p.introspects, func(c *server.Config) {
		*c.Introspect = server.Introspection{URL: own.URL + "/introspect", TokenURL: own.URL + "/token", ClientID: "me", ClientSecret: "secret"}
	})
	g.key("default", "admin")
	var wg sync.WaitGroup
	for n := range 20 {
		wg.Go(func() { same(t, "an event", g.post(oneEvent, token(n)...).Code, http.StatusOK) })
	}
	wg.Wait()
	same(t, "refused", refused.Load(), 20)
	same(t, "fetched", issued.Load(), 2)
}

// The configuration does not show its secret, neither printed nor logged nor encoded.
func TestIntrospectionDoesNotShowItsSecret(t *testing.T) {
	i := server.Introspection{URL: "https://idp.example/canary?x=canary", ClientID: "me", ClientSecret: "canary"}
	var out bytes.Buffer
	_, _ = fmt.Fprintf(&out, "%v %+v %#v %s %+v", i, i, i, i, &i)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "i", i, "p", &i)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "i", i, "p", &i)
	if text := out.String(); strings.Contains(text, "canary") || !strings.Contains(text, "introspection at idp.example as me for project default") {
		t.Errorf("got %s", text)
	}
	i.URL = ""
	if text, err := json.Marshal(i); err != nil || strings.Contains(string(text), "canary") {
		t.Errorf("got %s, %v", text, err)
	}
}

// TestS2KeysAreNotShownToTheProvider: neither good ones nor what looks like one, and the rules of loopback and keys stay as they are.
func TestS2KeysAreNotShownToTheProvider(t *testing.T) {
	p := newProvider(t)
	same(t, "before the first key", newGated(t, p.introspects).post(oneEvent, token(0)...).Code, http.StatusOK)
	g := newGated(t, p.introspects)
	good, revoked := g.key("p", "events:write"), g.key("p", "admin")
	g.revoke(revoked)
	same(t, "a key", g.post(oneEvent, good.header()...).Code, http.StatusOK)
	for _, text := range []string{revoked.Key, server.NewKeyText(), good.Key + "x", "x" + good.Key, "", strings.Repeat("x", 9000), "a b", "ä"} {
		w := g.post(oneEvent, "Authorization", "Bearer "+text)
		same(t, text, w.Code, http.StatusUnauthorized)
	}
	same(t, "questions", p.asked(), 0)
	same(t, "a token", g.post(oneEvent, token(1)...).Code, http.StatusUnauthorized)
	same(t, "questions", p.asked(), 1)
}

// TestS2EveryWrongTokenIsTheSameWork: one look into the store, one question, the same words.
func TestS2EveryWrongTokenIsTheSameWork(t *testing.T) {
	p := newProvider(t)
	db := &watched{}
	g := newGated(t, func(c *server.Config) {
		if db.Store == nil {
			db.Store = c.Store
		}
		c.Store = db
	}, p.introspects)
	g.key("default", "admin")
	first := ""
	for n, reply := range []string{`{"active":false}`, `{"active":true,"exp":1}`, `{"active":true,"nbf":99999999999}`} {
		p.says(reply)
		looks, asked, touches := db.looks.Load(), p.asked(), db.touches.Load()
		w := g.post(oneEvent, token(n)...)
		same(t, reply, w.Code, http.StatusUnauthorized)
		body := decode[failure](t, w)
		words := fmt.Sprint(body.Error.Code, body.Error.Message, w.Header().Get("WWW-Authenticate"))
		if first == "" {
			first = words
		}
		same(t, reply+": the words", words, first)
		same(t, reply+": questions", p.asked()-asked, 1)
		if db.looks.Load()-looks > 1 || db.touches.Load() != touches {
			t.Errorf("%s: %d looks, %d writes", reply, db.looks.Load()-looks, db.touches.Load()-touches)
		}
	}
}

// TestS2AProviderThatCannotSay: 503 and when to come again, not 401, for clients would give up. No token is in the log.
func TestS2AProviderThatCannotSay(t *testing.T) {
	p := newProvider(t)
	g := newGated(t, p.introspects)
	key := g.key("default", "events:write")
	elsewhere := newProvider(t)
	status := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", elsewhere.URL)
			w.WriteHeader(status)
			_, _ = w.Write([]byte(r.PostForm.Get("token")))
		}
	}
	body := func(contentType, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			_, _ = w.Write([]byte(body))
		}
	}
	n := 0
	for name, f := range map[string]http.HandlerFunc{
		"500": status(500), "401": status(401), "403": status(403), "404": status(404), "307": status(307), "301": status(301), "201": status(201),
		"a page":   body("text/html", "<html>"),
		"broken":   body("application/json", `{"active":tr`),
		"silent":   body("application/json", `{"scope":"x"}`),
		"null":     body("application/json", `{"active":null}`),
		"words":    body("application/json", `{"active":"true"}`),
		"scopes":   body("application/json", `{"active":true,"scope":["events:write"]}`),
		"too long": body("application/json", `{"active":true,"x":"`+strings.Repeat("x", 70<<10)+`"}`),
		"cut": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			body("application/json", `{"active":`)(w, r)
		},
		"gone": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		p.does(f)
		n++
		w := g.post(oneEvent, token(n)...)
		if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") != "1" || decode[failure](t, w).Error.Code != "unavailable" {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	p.Close()
	same(t, "nobody there", g.post(oneEvent, token(1000)...).Code, http.StatusServiceUnavailable)
	same(t, "a key meanwhile", g.post(oneEvent, key.header()...).Code, http.StatusOK)
	same(t, "health meanwhile", g.do("GET", "/healthz", nil, token(1001)...).Code, http.StatusOK)
	same(t, "redirects that were followed", elsewhere.asked(), 0)
	if log := g.log.String(); strings.Contains(log, "canary") || !strings.Contains(log, "introspection: status 500") {
		t.Errorf("the log:\n%s", log)
	}
}

// TestWhoAsksTheProvider: nobody, a client by Basic, or one with a token that is fetched once and again when it is refused.
func TestWhoAsksTheProvider(t *testing.T) {
	p := newProvider(t)
	ask := func(i server.Introspection, n int) int {
		i.URL = p.URL + "/introspect"
		g := newGated(t, func(c *server.Config) { c.Introspect = &i })
		g.key("default", "admin")
		code := 0
		for range n {
			code = g.post(oneEvent, token(p.asked())...).Code
		}
		return code
	}
	p.says(`{"active":true}`)
	same(t, "nobody", ask(server.Introspection{}, 1), http.StatusOK)
	same(t, "header", p.auth[0], "")
	same(t, "form", p.seen[0].Encode(), "token=tok_canary_0&token_type_hint=access_token")
	same(t, "Basic", ask(server.Introspection{ClientID: "a:b", ClientSecret: "s c"}, 1), http.StatusOK)
	r := http.Request{Header: http.Header{"Authorization": {p.auth[1]}}}
	id, secret, _ := r.BasicAuth()
	same(t, "id and secret", id+" "+secret, "a%3Ab s+c")

	issued, wrong := 0, ""
	p.does(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case r.URL.Path == "/token":
			issued++
			if got := r.PostForm.Encode(); got != "client_id=me&client_secret=secret&grant_type=client_credentials&scope=tokens%3Aread" {
				wrong = got
			}
			_, _ = fmt.Fprintf(w, `{"access_token":"own_%d","token_type":"bearer","expires_in":3600}`, issued)
		case r.Header.Get("Authorization") == "Bearer own_1" && len(p.seen) > 6:
			w.WriteHeader(http.StatusUnauthorized)
		default:
			_, _ = w.Write([]byte(`{"active":true}`))
		}
	})
	own := server.Introspection{ClientID: "me", ClientSecret: "secret", TokenURL: p.URL + "/token", Scope: "tokens:read"}
	same(t, "by a token", ask(own, 8), http.StatusOK)
	same(t, "tokens that were fetched", issued, 2)
	same(t, "what was sent for one", wrong, "")
	for _, reply := range []string{`{}`, `{"access_token":"x","token_type":"mac"}`, `{"access_token":"a b","token_type":"Bearer"}`, `[]`} {
		p.says(reply)
		same(t, reply, ask(own, 1), http.StatusServiceUnavailable)
	}
}

// Until the first key is made nobody is asked about anything, which the log says.
func TestIntrospectionWithoutAKeyIsSaid(t *testing.T) {
	p := newProvider(t)
	for made, lines := range map[bool]int{false: 1, true: 0} {
		g := newGated(t, p.introspects)
		if made {
			g.key("p", "admin")
		}
		g.serve(nil).ask("GET", "/healthz", "")
		same(t, "warnings", strings.Count(g.log.String(), "tokens are not asked about"), lines)
	}
}

func TestIntrospectionThatIsWrong(t *testing.T) {
	for _, c := range []struct {
		server.Introspection
		says string
	}{
		{server.Introspection{}, "absolute URL"},
		{server.Introspection{URL: "idp.example/x"}, "absolute URL"},
		{server.Introspection{URL: "ftp://idp.example"}, "absolute URL"},
		{server.Introspection{URL: "https://u:sekret@idp.example"}, "no user"},
		{server.Introspection{URL: "https://idp.example#sekret"}, "no user"},
		{server.Introspection{URL: "http://idp.example"}, "expected https"},
		{server.Introspection{URL: "https://idp.example", Project: "a b"}, "project"},
		{server.Introspection{URL: "https://idp.example", Require: []string{"a", "b c"}}, "one scope"},
		{server.Introspection{URL: "https://idp.example", Require: []string{""}}, "one scope"},
		{server.Introspection{URL: "https://idp.example", ClientID: "a"}, "or neither"},
		{server.Introspection{URL: "https://idp.example", ClientSecret: "sekret"}, "or neither"},
		{server.Introspection{URL: "https://idp.example", TokenURL: "https://idp.example"}, "needs client ID"},
		{server.Introspection{URL: "https://idp.example", TokenURL: "http://idp.example", ClientID: "a", ClientSecret: "sekret"}, "token endpoint on"},
	} {
		_, err := server.New(server.Config{Store: openStore(t, newFile(t)), Introspect: &c.Introspection})
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "sekret") {
			t.Errorf("%q: %v", c.URL, err)
		}
	}
	for _, url := range []string{"https://idp.example/x?tenant=1", "http://127.0.0.1:3000/x", "http://[::1]:1", "http://localhost./x"} {
		if err := (server.Introspection{URL: url}).Check(); err != nil {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// FuzzIntrospection: whatever the provider says, a token is no admin's, and the server answers.
func FuzzIntrospection(f *testing.F) {
	for _, s := range []string{`{"active":true,"scope":"admin","client_id":"a","exp":1e9}`, `{"active":1}`, `null`, `{"active":true,"sub":"\u0000","nbf":-1}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, reply string) {
		p := newProvider(t)
		p.says(reply)
		g := newGated(t, p.introspects)
		g.key("default", "admin")
		if code := g.do("GET", "/v1/keys", nil, token(0)...).Code; code != 401 && code != 403 && code != 503 {
			t.Errorf("%q: %d", reply, code)
		}
	})
}
