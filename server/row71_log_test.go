package server_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store"
)

// talkative is a store that tells in errors and panics whatever it knows.
type talkative struct {
	store.Store
	secret *string
}

func (s talkative) Ping(context.Context) error { panic("ping with " + *s.secret) }

func (s talkative) Session(context.Context, string, string) (store.Session, error) {
	return store.Session{}, errors.New("no session for " + *s.secret)
}

// TestRow71NoKeyInTheLog shows keys in every place where they belong and where they do not, at debug level, and looks for them in the log and
// in every reply but the one that makes them.
func TestRow71NoKeyInTheLog(t *testing.T) {
	secret := "foreign-key-0123456789"
	g := newGated(t, func(c *server.Config) { c.Store = talkative{c.Store, &secret} })
	k := g.key("p", "admin")
	s := g.serve(nil)
	var replies strings.Builder
	note := func(a answer) {
		replies.WriteString(a.body)
		for _, values := range a.header {
			replies.WriteString(strings.Join(values, "\n"))
		}
	}
	for _, key := range []string{k.Key, server.NewKeyText(), secret} {
		secret = key
		typed := []string{"Authorization", "Bearer " + key, "Content-Type", "application/json", "X-Request-Id", key, "User-Agent", key}
		for _, r := range g.Routes() {
			method, path, _ := strings.Cut(r.Pattern, " ")
			path = strings.ReplaceAll(path, "{id}", key)
			note(s.ask(method, path, "", typed...))
			note(s.ask(method, path+"?q="+key+"&api_key="+key+"&cursor="+key, `{"name":"`+key+`","`+key+`":1}`, typed...))
			note(s.ask(method, path, `{"events":[{"id":"`+key+`","type":"`+key+`"}]}`, append(typed, "X-Sentrial-Project", key)...))
			note(s.ask(method, path, "{", append(typed, "Sentrial-Version", key, "Content-Encoding", key)...))
		}
		note(s.ask("GET", "/"+key, "", typed...))
		note(s.ask("GET", "/readyz", "", "Authorization", "Basic "+key))
		note(s.ask("GET", "/healthz", "", append(typed, "Host", key)...))
		note(s.ask("GET", "/healthz", "", append(typed, "Origin", "http://"+key)...))
		note(s.ask("DELETE", "/v1/keys/"+k.ID, "", "Authorization", "bearer "+key, "X-Request-Id", "trace-"+key))
	}
	for where, text := range map[string]string{"the log": g.log.String(), "a reply": replies.String()} {
		for _, key := range []string{k.Key, k.Key[14:], secret} {
			if i := strings.Index(text, key); i >= 0 {
				t.Errorf("%s has %s: …%s…", where, key, text[max(0, i-200):min(len(text), i+100)])
			}
		}
	}
	for _, wanted := range []string{"level=DEBUG msg=request", "level=ERROR msg=panic", "msg=\"request failed\"", "msg=audit", "ping with …", `route="GET /v1/sessions/{id}"`, "by=" + k.ID} {
		if !strings.Contains(g.log.String(), wanted) {
			t.Errorf("the log lacks %s", wanted)
		}
	}
}

func TestUnkeyed(t *testing.T) {
	r, err := http.NewRequestWithContext(t.Context(), "GET", "/", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header["Authorization"] = []string{"Bearer secret-of-this-request"}
	ours := server.NewKeyText()
	for text, want := range map[string]string{
		"": "", "nothing": "nothing", "a secret-of-this-request, twice secret-of-this-request": "a …, twice …", ours: ours[:13] + "_…", "<" + ours + ours + ">": "<" + ours[:13] + "_…" + ours[:13] + "_…>",
		"sntl_short": "sntl_short", "Bearer": "Bearer",
	} {
		same(t, text, server.Unkeyed(r, text), want)
	}
}
