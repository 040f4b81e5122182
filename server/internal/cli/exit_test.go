package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/sentrial/sentrial-go/server/internal/cli"
)

// answering is a server that gives every request the same answer.
func answering(t *testing.T, status int, contentType, body string) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Location", "https://elsewhere.example/")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

func failing(t *testing.T, status int, code string) string {
	t.Helper()
	return answering(t, status, "application/json", `{"error":{"code":"`+code+`","message":"because","request_id":"req_1"}}`)
}

// nobody is an address at which nothing listens.
func nobody(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	return "http://" + ln.Addr().String()
}

func TestExitCodes(t *testing.T) {
	h := newHouse(t)
	dir := t.TempDir()
	text := filepath.Join(dir, "text.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("this is no database. ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		args []string
		code int
		says string // on stderr
	}{
		{"help", []string{"--help"}, 0, ""},
		{"nothing", nil, 0, ""},
		{"a group alone", []string{"sessions"}, 0, ""},
		{"version flag", []string{"--version"}, 0, ""},
		{"list", []string{"sessions", "list", "--url", h.url}, 0, ""},
		{"get", []string{"sessions", "get", "sess_refund", "--db", h.db}, 0, ""},
		{"events, both names the same", []string{"events", "list", "sess_refund", "--session", "sess_refund", "--db", h.db}, 0, ""},

		{"unknown command", []string{"sesions"}, 2, "Did you mean `sentrial sessions`?"},
		{"unknown subcommand", []string{"sessions", "lits"}, 2, "Did you mean `sentrial sessions list`?"},
		{"unknown flag", []string{"sessions", "list", "--colour"}, 2, "--colour"},
		{"flag without value", []string{"sessions", "list", "--agent"}, 2, "--agent"},
		{"limit not a number", []string{"sessions", "list", "--limit", "many"}, 2, "many"},
		{"limit 0", []string{"sessions", "list", "--limit", "0"}, 2, "at least 1"},
		{"no session", []string{"sessions", "get"}, 2, "SESSION_ID"},
		{"two sessions", []string{"sessions", "get", "a", "b"}, 2, "SESSION_ID"},
		{"no session for events", []string{"events", "list"}, 2, "SESSION_ID"},
		{"two sessions for events", []string{"events", "list", "a", "--session", "b"}, 2, "two sessions"},
		{"arguments to list", []string{"sessions", "list", "extra"}, 2, "extra"},
		{"unknown status", []string{"sessions", "list", "--status", "done"}, 2, "active, success, error, cancelled, unknown, abandoned"},
		{"bad --last", []string{"sessions", "list", "--last", "soon"}, 2, "7d"},
		{"--last with a date", []string{"sessions", "list", "--last", "2026-01-01"}, 2, "7d"},
		{"bad --since", []string{"sessions", "list", "--since", "2026-13-01"}, 2, "2026-01-31"},
		{"--last and --since", []string{"sessions", "list", "--last", "7d", "--since", "1h"}, 2, "since"},
		{"--db and --url", []string{"sessions", "list", "--db", h.db, "--url", h.url}, 2, "both at once"},
		{"empty --db", []string{"sessions", "list", "--db", ""}, 2, "no file"},
		{"bad URL", []string{"sessions", "list", "--url", "localhost:7437"}, 2, "http://HOST:PORT"},
		{"URL with a key in it", []string{"sessions", "list", "--url", "http://me:secret@127.0.0.1"}, 2, "--api-key"},
		{"key that no header can hold", []string{"sessions", "list", "--url", h.url, "--api-key", "a\nb"}, 2, "printable"},
		{"cursor of another list", []string{"sessions", "list", "--url", h.url, "--cursor", "nonsense"}, 2, "cursor"},
		{"serve on every interface", []string{"serve", "--addr", "0.0.0.0:0", "--db", filepath.Join(dir, "never.db")}, 2, "loopback"},
		{"serve without port", []string{"serve", "--addr", "127.0.0.1", "--db", filepath.Join(dir, "never.db")}, 2, "--addr"},
		{"serve with a bad log level", []string{"serve", "--log", "loud", "--addr", "127.0.0.1:0", "--db", filepath.Join(dir, "never.db")}, 2, "debug, info"},

		{"unknown session", []string{"sessions", "get", "sess_nobody", "--url", h.url}, 3, "sessions list"},
		{"unknown session in a file", []string{"sessions", "get", "sess_nobody", "--db", h.db}, 3, "sessions list"},
		{"events of an unknown session", []string{"events", "list", "sess_nobody", "--db", h.db}, 3, "sessions list"},
		{"session of another project", []string{"sessions", "get", "sess_refund", "--db", h.db, "--project", "other"}, 3, "--project"},
		{"no such file", []string{"sessions", "list", "--db", filepath.Join(dir, "missing.db")}, 3, "missing.db"},

		{"not a store", []string{"sessions", "list", "--db", text}, 1, "text.db"},
		{"a directory", []string{"sessions", "list", "--db", dir}, 1, "directory"},
		{"a list without end", []string{"sessions", "list", "--all", "--url", answering(t, 200, "application/json", `{"data":[],"next_cursor":"c"}`)}, 1, "goes on where it began"},
		{"not our server", []string{"sessions", "list", "--url", answering(t, 200, "text/html", "<html>")}, 1, "not a sentrial server"},
		{"a list without data", []string{"sessions", "list", "--url", answering(t, 200, "application/json", "{}")}, 1, "not a sentrial server"},
		{"not our 404", []string{"sessions", "get", "x", "--url", answering(t, 404, "text/plain", "not found")}, 1, "not a sentrial server"},
		{"a redirect", []string{"sessions", "list", "--url", answering(t, 302, "text/html", "")}, 1, "elsewhere.example"},
		{"500", []string{"sessions", "list", "--url", failing(t, 500, "internal_error")}, 1, "because (500 internal_error)"},

		{"401", []string{"sessions", "list", "--url", failing(t, 401, "invalid_api_key")}, 4, "SENTRIAL_API_KEY"},
		{"403", []string{"sessions", "list", "--url", failing(t, 403, "insufficient_scope")}, 4, "--project"},
		{"401 of a proxy", []string{"sessions", "list", "--url", answering(t, 401, "text/html", "who?")}, 4, "SENTRIAL_API_KEY"},

		{"nobody there", []string{"sessions", "list", "--url", nobody(t)}, 5, "sentrial serve"},
		{"503", []string{"sessions", "list", "--url", failing(t, 503, "unavailable")}, 5, "because"},
		{"a gateway's 502", []string{"sessions", "list", "--url", answering(t, 502, "text/html", "")}, 5, "502"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := run(t, test.args...)
			if got.code != test.code || !strings.Contains(got.errors, test.says) {
				t.Errorf("exit %d, want %d; stderr %q should hold %q", got.code, test.code, got.errors, test.says)
			}
			if (got.code == 0) != (got.errors == "") || (got.code == 0) == (got.out == "") {
				t.Errorf("exit %d with stdout %q and stderr %q", got.code, got.out, got.errors)
			}
			if strings.Contains(got.errors, "secret") {
				t.Errorf("a secret is shown: %q", got.errors)
			}
		})
	}
	if _, err := os.Stat(filepath.Join(dir, "never.db")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a serve that was refused left a file behind")
	}
}

func TestErrorsAsJSON(t *testing.T) {
	h := newHouse(t)
	for _, test := range []struct {
		args []string
		code string
		exit int
	}{
		{[]string{"sessions", "get", "nobody", "--url", h.url, "--json"}, "not_found", 3},
		{[]string{"sessions", "list", "--url", nobody(t), "--json"}, "unreachable", 5},
		{[]string{"sessions", "list", "--bogus", "--json"}, "usage", 2},
		{[]string{"sessions", "list", "--url", failing(t, 401, "invalid_api_key"), "--json"}, "invalid_api_key", 4},
	} {
		got := run(t, test.args...)
		var doc struct {
			Error struct {
				Code, Message string
				Exit          int `json:"exit_code"`
			}
		}
		if err := json.Unmarshal([]byte(got.errors), &doc); err != nil {
			t.Fatalf("%v: stderr is no JSON: %q", test.args, got.errors)
		}
		if doc.Error.Code != test.code || doc.Error.Exit != test.exit || got.code != test.exit || doc.Error.Message == "" || got.out != "" {
			t.Errorf("%v: exit %d, stderr %s", test.args, got.code, got.errors)
		}
	}
}

func TestErrorTextCannotSteerATerminal(t *testing.T) {
	url := answering(t, 400, "application/json", `{"error":{"code":"validation_error","message":"\u001b[2Jgone\u202e"}}`)
	for _, extra := range [][]string{nil, {"--json"}} {
		got := run(t, append([]string{"sessions", "list", "--url", url}, extra...)...)
		if strings.ContainsAny(got.errors, "\x1b\u202e") || !strings.Contains(got.errors, "gone") {
			t.Errorf("stderr = %q", got.errors)
		}
	}
}

// closed is a stdout whose writes fail.
type closed struct{ err error }

func (c closed) Write([]byte) (int, error) {
	return 0, &os.PathError{Op: "write", Path: "/dev/stdout", Err: c.err}
}

func TestAReaderThatLeavesIsNoFailure(t *testing.T) {
	h := newHouse(t)
	for _, args := range [][]string{
		{"sessions", "list"}, {"sessions", "list", "--json"}, {"sessions", "get", "sess_refund"}, {"events", "list", "sess_refund"},
	} {
		var stderr bytes.Buffer
		code := cli.Run(t.Context(), append(args, "--url", h.url), nil, closed{syscall.EPIPE}, &stderr)
		if code != 0 || stderr.Len() > 0 {
			t.Errorf("%v | head: exit %d, stderr %q", args, code, &stderr)
		}
		code = cli.Run(t.Context(), append(args, "--url", h.url), nil, closed{errors.New("disk full")}, &stderr)
		if code != 1 || !strings.Contains(stderr.String(), "disk full") {
			t.Errorf("%v > full disk: exit %d, stderr %q", args, code, &stderr)
		}
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	release := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		cancel()
		<-release
	}))
	defer srv.Close()
	defer close(release)
	var stdout, stderr bytes.Buffer
	if code := cli.Run(ctx, []string{"sessions", "list", "--url", srv.URL}, nil, &stdout, &stderr); code != 130 {
		t.Errorf("exit %d, want 130; stderr %q", code, &stderr)
	}
}
