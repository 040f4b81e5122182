package cli_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// erasable is a server with sessions that can be deleted: s1 of alice with two events, s2 and s3 of bob, and a1, another name of s1.
type erasable struct {
	url  string
	mu   sync.Mutex
	gone []string // in the order in which they went
}

func newErasable(t *testing.T) *erasable {
	t.Helper()
	s := &erasable{}
	all := map[string]string{"s1": "alice", "s2": "bob", "s3": "bob"}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/sessions/{id}", func(w http.ResponseWriter, r *http.Request) {
		id := strings.Replace(r.PathValue("id"), "a1", "s1", 1)
		if all[id] == "" || s.has(id) {
			notThere(w)
			return
		}
		fmt.Fprintf(w, `{"id":%q,"name":"evil\u001b[2J","status":"success","events":%d}`, id, 2)
	})
	mux.HandleFunc("GET /v1/sessions", func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Query().Get("user") + r.URL.Query().Get("cursor") {
		case "bob":
			_, _ = io.WriteString(w, `{"data":[{"id":"s2","events":1000}],"next_cursor":"2"}`)
		case "bob2":
			_, _ = io.WriteString(w, `{"data":[{"id":"s3","events":234}]}`)
		default:
			_, _ = io.WriteString(w, `{"data":[]}`)
		}
	})
	mux.HandleFunc("DELETE /v1/sessions/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.drop(r.PathValue("id"))
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("DELETE /v1/users/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.drop("user " + r.PathValue("id"))
		_, _ = io.WriteString(w, `{"sessions":2,"events":1234}`)
	})
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	s.url = srv.URL
	return s
}

func notThere(w http.ResponseWriter) {
	w.WriteHeader(http.StatusNotFound)
	_, _ = io.WriteString(w, `{"error":{"code":"not_found","message":"no session"}}`)
}

func (s *erasable) drop(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gone = append(s.gone, what)
}

func (s *erasable) has(what string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(s.gone, what)
}

func (s *erasable) went() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.gone, " ")
}

func TestDelete(t *testing.T) {
	s := newErasable(t)
	if out := succeed(t, "delete", "s2", "s1", "s2", "a1", "--yes", "--url", s.url); out != "deleted s2, 2 events\ndeleted s1, 2 events\n" || s.went() != "s2 s1" {
		t.Errorf("%q, %s", out, s.went())
	}
	got := run(t, "delete", "s1", "nobody", "s3", "--yes", "--url", s.url)
	if got.code != 3 || got.out != "deleted s3, 2 events\n" || !strings.Contains(got.errors, "not found in this project: s1, nobody") || s.went() != "s2 s1 s3" {
		t.Errorf("%+v, %s", got, s.went())
	}
}

func TestDeleteByAnotherName(t *testing.T) {
	s := newErasable(t)
	if out := succeed(t, "delete", "a1", "s1", "-y", "--json", "--url", s.url); out != `{"deleted":[{"id":"s1","events":2}],"not_found":[]}`+"\n" || s.went() != "s1" {
		t.Errorf("%q, %s", out, s.went())
	}
}

func TestDeleteAsJSON(t *testing.T) {
	s := newErasable(t)
	got := run(t, "delete", "nobody", "s1", "--yes", "--json", "--url", s.url)
	if got.out != `{"deleted":[{"id":"s1","events":2}],"not_found":["nobody"]}`+"\n" || got.code != 3 || !json.Valid([]byte(got.errors)) {
		t.Errorf("%+v", got)
	}
}

func TestDeleteTakesNoEmptyName(t *testing.T) {
	s := newErasable(t)
	for _, args := range [][]string{{"delete"}, {"delete", ""}, {"delete", "s1", ""}} {
		if got := run(t, append(args, "--yes", "--url", s.url)...); got.code != 2 || !strings.Contains(got.errors, "SESSION_ID") || s.went() != "" {
			t.Errorf("%q: %+v, %s gone", args, got, s.went())
		}
	}
}

func TestForget(t *testing.T) {
	s := newErasable(t)
	if out := succeed(t, "forget", "--user", "bob", "--yes", "--url", s.url); out != "forgot bob: 2 sessions, 1,234 events\n" || s.went() != "user bob" {
		t.Errorf("%q, %s", out, s.went())
	}
	if out := succeed(t, "forget", "--user", "bob", "--yes", "--json", "--url", s.url); out != `{"events":1234,"sessions":2,"user":"bob"}`+"\n" {
		t.Errorf("%q", out)
	}
	if got := run(t, "forget", "--user", "carol", "--yes", "--url", s.url); got.code != 3 || !strings.Contains(got.errors, "carol") {
		t.Errorf("%+v", got)
	}
}

func TestNothingGoesUnlessSomebodySaysSo(t *testing.T) {
	s := newErasable(t)
	for _, args := range [][]string{{"delete", "s1", "s2"}, {"forget", "--user", "bob"}} {
		got := feed(t, "yes\n", append(args, "--url", s.url)...) // a pipe is nobody
		if got.code != 2 || s.went() != "" || !strings.Contains(got.errors, "--yes") || !strings.Contains(got.errors, "2 sessions") || strings.Contains(got.errors, "\x1b") {
			t.Errorf("%v: %+v, %s", args, got, s.went())
		}
	}
	for _, args := range [][]string{{"delete"}, {"forget"}, {"forget", "--user", ""}} {
		if got := run(t, append(args, "--url", s.url)...); got.code != 2 {
			t.Errorf("%v: %+v", args, got)
		}
	}
}
