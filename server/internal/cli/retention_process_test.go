//go:build unix

package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestServeKeepsSessionsAsLongAsItIsTold has one server take sessions, and others find them silent and too old.
func TestServeKeepsSessionsAsLongAsItIsTold(t *testing.T) {
	events, err := os.ReadFile("testdata/events.json")
	if err != nil {
		t.Fatal(err)
	}
	db := filepath.Join(t.TempDir(), "served.db")
	serve := func(until func(url string), args ...string) {
		t.Helper()
		c := start(t, nil, append([]string{"serve", "--addr", "127.0.0.1:0", "--db", db}, args...)...)
		url, _ := c.address(t)
		until(url)
		c.signal(t, syscall.SIGTERM)
		if code, rest := c.end(t); code != 0 {
			t.Errorf("exit %d, %s", code, rest)
		}
	}
	list := func(url string) string { return succeed(t, "sessions", "list", "--url", url, "--json") }
	serve(func(url string) {
		post(t, url, events)
		if out := list(url); !strings.Contains(out, `"active"`) {
			t.Errorf("nothing is active: %s", out)
		}
	}, "--retain", "1d")
	serve(func(url string) {
		if out := list(url); strings.Contains(out, `"active"`) || !strings.Contains(out, `"abandoned"`) {
			t.Errorf("nothing is abandoned: %s", out)
		}
	}, "--session-idle", "1ms", "--retain", "1ns", "--retain", "default=0")
	serve(func(url string) {
		for strings.Contains(list(url), `"id"`) {
		}
	}, "--retain", "1ns")
}
