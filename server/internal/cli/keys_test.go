package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

var (
	keyLine = regexp.MustCompile(`^sntl_[0-9A-Za-z]{8}_[0-9A-Za-z]{32}\n$`)
	keyID   = regexp.MustCompile(`key_[0-9a-f-]{36}`)
)

// created runs keys create and returns the key and its id.
func created(t *testing.T, args ...string) (key, id string) {
	t.Helper()
	got := run(t, append([]string{"keys", "create"}, args...)...)
	if got.code != 0 || !keyLine.MatchString(got.out) || strings.Contains(got.errors, strings.TrimSpace(got.out)) {
		t.Fatalf("keys create %v = %+v", args, got)
	}
	return strings.TrimSpace(got.out), keyID.FindString(got.errors)
}

// keyring is a file with a key of every kind.
func keyring(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "keys.db")
	db, err := sqlite.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 4, 9, 30, 0, 0, time.UTC)
	for i, k := range []store.Key{
		{Name: "ci", Scopes: []string{"events:write"}},
		{Name: "dashboard \x1b[2J\u202e", Scopes: []string{"sessions:read"}, ExpiresAt: at.Add(90 * 24 * time.Hour)},
		{Scopes: []string{"events:write", "sessions:read", "admin"}, ExpiresAt: at.Add(time.Hour)},
		{Name: "laptop", Scopes: []string{"admin"}},
		{Name: "other project's", Project: "other", Scopes: []string{"admin"}},
	} {
		k.ID, k.Prefix, k.CreatedAt = "key_"+string(rune('1'+i)), "sntl_0000000"+string(rune('1'+i)), at.Add(time.Duration(i)*time.Minute)
		if k.Project == "" {
			k.Project = "default"
		}
		if err := db.CreateKey(t.Context(), k); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.RevokeKey(t.Context(), "default", "key_4", at.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := db.TouchKey(t.Context(), "default", "key_1", at.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestListOfKeys(t *testing.T) {
	file := keyring(t)
	golden(t, "keys-list", succeed(t, "keys", "list", "--db", file, "--project", "other")+run(t, "keys", "list", "--db", file, "--project", "none").errors)
	golden(t, "keys-json", succeed(t, "keys", "list", "--db", file, "--json"))
	for name, width := range map[string]int{"terminal-keys-80": 80, "terminal-keys-160": 160} {
		golden(t, name, watch(t, width, "keys", "list", "--db", file))
	}
}

// TestKeyOnStdoutAlone: so that a shell can catch it.
func TestKeyOnStdoutAlone(t *testing.T) {
	db := filepath.Join(t.TempDir(), "new.db") // made on the way
	got := run(t, "keys", "create", "--db", db, "--expires", "90d", "--project", "shop", "--scope", "events:write", "--scope", "admin", "--name", "ci")
	if got.code != 0 || !keyLine.MatchString(got.out) {
		t.Fatalf("keys create = %+v", got)
	}
	said := keyID.ReplaceAllString(regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`).ReplaceAllString(got.errors, "TIME"), "ID")
	if want := "sentrial: ID allows events:write, admin in project shop until TIME\nsentrial: keep the key, it is not shown again\n"; said != want {
		t.Errorf("stderr = %q, want %q", said, want)
	}
	var doc struct {
		Key, Project string
		Scopes       []string
	}
	if err := json.Unmarshal([]byte(succeed(t, "keys", "create", "--db", db, "--json")), &doc); err != nil {
		t.Fatal(err)
	}
	if !keyLine.MatchString(doc.Key+"\n") || doc.Project != "default" || strings.Join(doc.Scopes, " ") != "events:write sessions:read" {
		t.Errorf("--json printed %+v", doc)
	}
}

// TestKeysBesideARunningServer: the file is written while a server uses it, and the server knows within a second.
func TestKeysBesideARunningServer(t *testing.T) {
	h := newHouse(t)
	list := []string{"sessions", "list", "--url", h.url}
	until := func(what string, code int, args ...string) {
		t.Helper()
		for since := time.Now(); ; {
			began := time.Now()
			if run(t, args...).code == code {
				return
			}
			if began.Sub(since) > time.Second {
				t.Fatalf("%s: not in a run that began %v later", what, began.Sub(since))
			}
		}
	}
	until("before the first key", 0, list...)
	key, id := created(t, "--db", h.db)
	until("without a key", 4, list...)
	until("with the key", 0, append(list, "--api-key", key)...)
	if got := run(t, append(list, "--api-key", key, "--project", "other")...); got.code != 4 || !strings.Contains(got.errors, "another project") {
		t.Errorf("another project = %+v", got)
	}
	if got := run(t, "keys", "list", "--url", h.url, "--api-key", key); got.code != 4 || !strings.Contains(got.errors, "lacks the scope admin") || !strings.Contains(got.errors, "Another key") {
		t.Errorf("keys list without admin = %+v", got)
	}
	if got := run(t, "keys", "revoke", id, "--db", h.db); got.code != 0 || got.errors != "sentrial: "+id+" is revoked\n" || got.out != "" {
		t.Errorf("revoke = %+v", got)
	}
	until("with the revoked key", 4, append(list, "--api-key", key)...)
}

func TestKeysOverHTTP(t *testing.T) {
	h := newHouse(t)
	t.Setenv("SENTRIAL_API_URL", h.url)
	admin, adminID := created(t, "--scope", "admin") // the first one needs none
	t.Setenv("SENTRIAL_API_KEY", admin)
	key, id := created(t, "--scope", "sessions:read,events:write", "--name", "reader")
	succeed(t, "sessions", "list", "--api-key", key)
	if out := succeed(t, "keys", "ls"); strings.Count(out, "\n") != 3 || !strings.Contains(out, adminID) || !strings.Contains(out, "reader") || strings.Contains(out, key[14:]) {
		t.Errorf("list:\n%s", out)
	}
	if out := succeed(t, "keys", "revoke", id, adminID, "--json"); out != `{"revoked":["`+id+`","`+adminID+`"],"not_found":[]}`+"\n" {
		t.Errorf("revoke --json printed %q", out)
	}
	if got := run(t, "keys", "list"); got.code != 4 || strings.Contains(got.errors, admin) {
		t.Errorf("with a revoked key: %+v", got)
	}
	if out := succeed(t, "keys", "list", "--db", h.db, "--json"); strings.Count(out, "revoked_at") != 2 {
		t.Errorf("the file has %s", out)
	}
}

// TestRevokingGoesOn behind a key that is not there.
func TestRevokingGoesOn(t *testing.T) {
	file := keyring(t)
	revoke := func(args ...string) outcome {
		return run(t, append([]string{"keys", "revoke", "--db", file}, args...)...)
	}
	got := revoke("key_1", "key_8", "key_2", "key_9")
	if want := "sentrial: key_1 is revoked\nsentrial: key_2 is revoked\nsentrial: no such keys in this project: key_8, key_9\n"; got.code != 3 || !strings.HasPrefix(got.errors, want) {
		t.Errorf("%+v, want %q", got, want)
	}
	got = revoke("key_9", "key_3", "--json")
	if got.code != 3 || got.out != `{"revoked":["key_3"],"not_found":["key_9"]}`+"\n" || !strings.Contains(got.errors, `"code":"not_found"`) {
		t.Errorf("%+v", got)
	}
	if out := succeed(t, "keys", "list", "--db", file, "--json"); strings.Count(out, "revoked_at") != 4 {
		t.Errorf("the file has %s", out)
	}
}

func TestKeyMistakes(t *testing.T) {
	file := keyring(t)
	for _, test := range []struct {
		args string
		code int
		says string
	}{
		{"create --scope event:write", 2, "Did you mean --scope events:write?"},
		{"create --scope write", 2, "Did you mean --scope events:write?"},
		{"create --scope sessions", 2, "Did you mean --scope sessions:read?"},
		{"create --scope sessions.read", 2, "Did you mean --scope sessions:read?"},
		{"create --scope Admin", 2, "Did you mean --scope admin?"},
		{"create --scope everything", 2, `--scope "everything": expected events:write, sessions:read, admin`},
		{"create --scope=", 2, "expected events:write"},
		{"create --expires tomorrow", 2, "90d"},
		{"create extra", 2, "extra"},
		{"revoke", 2, "KEY_ID"},
		{"revoke key_9", 3, "sentrial keys list"},
		{"revoke key_5", 3, "--project"},
		{"list key_1", 2, "key_1"},
	} {
		got := run(t, append(append([]string{"keys"}, strings.Fields(test.args)...), "--db", file)...)
		if got.code != test.code || !strings.Contains(got.errors, test.says) || got.out != "" {
			t.Errorf("keys %s: exit %d, stderr %q should hold %q", test.args, got.code, got.errors, test.says)
		}
	}
	if got := run(t, "keys", "lits"); got.code != 2 || !strings.Contains(got.errors, "Did you mean `sentrial keys list`?") {
		t.Errorf("keys lits = %+v", got)
	}
	for _, verb := range []string{"list", "revoke key_1"} {
		gone := filepath.Join(t.TempDir(), "gone.db")
		if got := run(t, append(append([]string{"keys"}, strings.Fields(verb)...), "--db", gone)...); got.code != 3 || !strings.Contains(got.errors, "gone.db") {
			t.Errorf("keys %s of a file that is not there: %+v", verb, got)
		}
		if _, err := os.Stat(gone); err == nil {
			t.Errorf("keys %s made a file", verb)
		}
	}
}
