//go:build unix

package cli_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestServeBeyondLoopbackSaysHowToMakeAKey: and what it says works. 192.0.2.1 is nobody's address: with a key it is the system that refuses.
func TestServeBeyondLoopbackSaysHowToMakeAKey(t *testing.T) {
	db := filepath.Join(t.TempDir(), "the shop's.db")
	serve := []string{"serve", "--addr", "192.0.2.1:0", "--db", db}
	got := run(t, serve...)
	_, hint, found := strings.Cut(got.errors, "sentrial keys create --db ")
	if file, _, _ := strings.Cut(hint, "\n"); got.code != 2 || !found || file != `'`+strings.ReplaceAll(db, "'", `'\''`)+`'` || !strings.Contains(got.errors, "not loopback") {
		t.Fatalf("without a file: %+v", got)
	}
	if _, err := os.Stat(db); !errors.Is(err, os.ErrNotExist) {
		t.Error("a serve that was refused left a file behind")
	}
	_, id := created(t, "--db", db)
	if got := run(t, serve...); got.code != 1 || !strings.Contains(got.errors, "cannot listen") {
		t.Errorf("with a key: %+v", got)
	}
	run(t, "keys", "revoke", id, "--db", db)
	if got := run(t, serve...); got.code != 2 || !strings.Contains(got.errors, "sentrial keys create --db ") {
		t.Errorf("with a revoked key: %+v", got)
	}
}

func TestServeSettingsThatAreWrong(t *testing.T) {
	dir := t.TempDir()
	for args, says := range map[string]string{
		"--tls-cert c.pem":                                  "expected both",
		"--tls-key k.pem":                                   "expected both",
		"--tls-cert c.pem --tls-key k.pem":                  "c.pem",
		"--allow-host https://agents":                       "without scheme",
		"--allow-host a.example --allow-host b.example:443": "b.example:443",
		"--rate-limit 0":                                    "at least 1",
		"--rate-limit many":                                 "many",
		"--log-format xml":                                  "text or json",
	} {
		got := run(t, append([]string{"serve", "--addr", "127.0.0.1:0", "--db", filepath.Join(dir, "never.db")}, strings.Fields(args)...)...)
		if got.code != 2 || !strings.Contains(got.errors, says) {
			t.Errorf("serve %s: exit %d, stderr %q should hold %q", args, got.code, got.errors, says)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "never.db")); !errors.Is(err, os.ErrNotExist) {
		t.Error("a serve that was refused left a file behind")
	}
}

// TestServeAuditsWhateverItLogs: keys are written down with --log off, as JSON where that was asked for.
func TestServeAuditsWhateverItLogs(t *testing.T) {
	c := start(t, nil, "serve", "--addr", "127.0.0.1:0", "--db", filepath.Join(t.TempDir(), "s.db"), "--log", "off", "--log-format", "json",
		"--allow-host", "agents.example", "--rate-limit", "50")
	url, _ := c.address(t)
	key, id := created(t, "--url", url, "--scope", "admin")
	req, err := http.NewRequestWithContext(t.Context(), "GET", url+"/v1/keys", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "agents.example"
	req.Header.Set("Authorization", "Bearer "+key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK || resp.Header.Get("X-RateLimit-Limit") != "50" {
		t.Errorf("under the allowed name: %d, limit %s", resp.StatusCode, resp.Header.Get("X-RateLimit-Limit"))
	}
	if got := run(t, "keys", "revoke", id, "--url", url, "--api-key", key); got.code != 0 {
		t.Errorf("revoke = %+v", got)
	}
	c.signal(t, syscall.SIGTERM)
	code, rest := c.end(t)
	lines := strings.Split(strings.TrimSpace(rest), "\n")
	if code != 0 || len(lines) != 2 || !strings.Contains(lines[0], `"action":"key.create","project":"default","subject":"`+id+`","by":"loopback"`) ||
		!strings.Contains(lines[1], `"action":"key.revoke","project":"default","subject":"`+id+`","by":"`+id+`"`) || strings.Contains(rest, key) {
		t.Errorf("exit %d, stderr:\n%s", code, rest)
	}
}
