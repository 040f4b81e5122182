package cli_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// listener is a server that remembers what it was asked.
type listener struct {
	url  string
	seen *http.Request
}

func newListener(t *testing.T) *listener {
	t.Helper()
	l := &listener{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l.seen = r.Clone(r.Context())
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"data":[]}`)
	}))
	t.Cleanup(srv.Close)
	l.url = srv.URL
	return l
}

func TestFlagsWinOverTheEnvironment(t *testing.T) {
	for _, test := range []struct {
		name         string
		env          map[string]string
		args         []string
		key, project string
	}{
		{name: "nothing set"},
		{name: "environment", env: map[string]string{"SENTRIAL_API_KEY": "k1", "SENTRIAL_PROJECT_ID": "p1"}, key: "Bearer k1", project: "p1"},
		{name: "the older project variable", env: map[string]string{"SENTRIAL_PROJECT": "p0"}, project: "p0"},
		{name: "the newer wins", env: map[string]string{"SENTRIAL_PROJECT": "p0", "SENTRIAL_PROJECT_ID": "p1"}, project: "p1"},
		{
			name: "flags win", env: map[string]string{"SENTRIAL_API_KEY": "k1", "SENTRIAL_PROJECT_ID": "p1"},
			args: []string{"--api-key", "k2", "--project", "p2"}, key: "Bearer k2", project: "p2",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			fromEnv, fromFlag := newListener(t), newListener(t)
			t.Setenv("SENTRIAL_API_URL", fromEnv.url)
			for name, value := range test.env {
				t.Setenv(name, value)
			}
			run(t, append([]string{"sessions", "list"}, test.args...)...)
			if fromEnv.seen == nil {
				t.Fatal("SENTRIAL_API_URL was not asked")
			}
			if key, project := fromEnv.seen.Header.Get("Authorization"), fromEnv.seen.Header.Get("X-Sentrial-Project"); key != test.key || project != test.project {
				t.Errorf("asked with key %q and project %q, want %q and %q", key, project, test.key, test.project)
			}
			fromEnv.seen = nil
			run(t, append([]string{"sessions", "list", "--url", fromFlag.url}, test.args...)...)
			if fromEnv.seen != nil || fromFlag.seen == nil {
				t.Error("--url should win over SENTRIAL_API_URL")
			}
		})
	}
}

func TestAFileWinsOverTheEnvironment(t *testing.T) {
	h, elsewhere := newHouse(t), newListener(t)
	t.Setenv("SENTRIAL_API_URL", elsewhere.url)
	succeed(t, "sessions", "get", "sess_refund", "--db", h.db)
	if elsewhere.seen != nil {
		t.Error("--db was given and SENTRIAL_API_URL was asked")
	}
}

func TestFiltersTravelAsTheyAre(t *testing.T) {
	l := newListener(t)
	run(t, "sessions", "list", "--url", l.url, "--last", "7d", "--until", "2026-01-31", "--status", "error", "-q", "a b&c")
	query := l.seen.URL.Query()
	for name, want := range map[string]string{"since": "7d", "until": "2026-01-31T00:00:00Z", "status": "error", "q": "a b&c", "limit": "50"} {
		if got := query.Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if len(query) != 5 {
		t.Errorf("asked for more than was said: %v", query)
	}
}
