package server_test

import (
	"crypto/sha256"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

// TestS2KeysAreChance: 32 characters of 62 that are all as likely, and never the same key twice.
func TestS2KeysAreChance(t *testing.T) {
	const keys = 4000
	seen, count := map[string]bool{}, map[byte]int{}
	for range keys {
		text := server.NewKeyText()
		if !server.IsKeyText(text) || len(text) != 46 || seen[text] {
			t.Fatalf("%q", text)
		}
		seen[text] = true
		for i := len(text) - 32; i < len(text); i++ {
			count[text[i]]++
		}
	}
	expected := keys * 32 / 62.0 // 2065 of each; 300 more or less is over six standard deviations
	for c, n := range count {
		if float64(n) < expected-300 || float64(n) > expected+300 {
			t.Errorf("%q occurs %d times, expected about %.0f", c, n, expected)
		}
	}
	same(t, "characters", len(count), 62)
}

// TestS2TheTextIsKeptNowhere: it is in the one reply that makes the key, and not in the store's files.
func TestS2TheTextIsKeptNowhere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys.db")
	var db store.Store
	g := newGated(t, func(c *server.Config) {
		if db == nil {
			db = openStore(t, file)
		}
		c.Store = db
	})
	k := g.key("p", "admin")
	same(t, "a request", g.do("GET", "/v1/sessions", nil, k.header()...).Code, http.StatusOK)
	list := g.get("/v1/keys", k.header()...)
	if strings.Contains(list, k.Key) || strings.Contains(list, k.Key[14:]) || !strings.Contains(list, `"prefix":"`+k.Prefix+`"`) || strings.Contains(list, `"key"`) {
		t.Errorf("the list: %s", list)
	}
	kept, err := db.KeyByPrefix(t.Context(), k.Prefix)
	if err != nil || kept.Hash != sha256.Sum256([]byte(k.Key)) {
		t.Errorf("kept as %x (%v)", kept.Hash, err)
	}
	for _, name := range []string{file, file + "-wal"} {
		text, err := os.ReadFile(name)
		if err != nil || strings.Contains(string(text), k.Key[14:]) {
			t.Errorf("%s (%v) has the key", name, err)
		}
	}
}

func openStore(t *testing.T, file string) *sqlite.Store {
	t.Helper()
	db, err := sqlite.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// TestS2AnotherProcessChangesKeys: whatever it makes or revokes counts in each request that begins a second later, and nearly always sooner.
func TestS2AnotherProcessChangesKeys(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys.db")
	here, there := openStore(t, file), openStore(t, file)
	a := newApp(t, func(c *server.Config) { c.Store = here })
	other := newApp(t, func(c *server.Config) { c.Store, c.Trusted = there, true })
	until := func(what string, status int, headers ...string) {
		t.Helper()
		for since := time.Now(); ; {
			began := time.Now()
			got := a.do("GET", "/v1/sessions", nil, headers...).Code
			if got == status {
				return
			}
			if began.Sub(since) > time.Second {
				t.Fatalf("%s: still %d in a request that began %v later", what, got, began.Sub(since))
			}
		}
	}
	until("nobody has a key", http.StatusOK)
	w := other.do("POST", "/v1/keys", strings.NewReader(`{"scopes":["sessions:read"]}`), "Content-Type", "application/json")
	k := decode[madeKey](t, w)
	until("somebody has", http.StatusUnauthorized)
	until("the new key", http.StatusOK, k.header()...)
	same(t, "revoke", other.do("DELETE", "/v1/keys/"+k.ID, nil).Code, http.StatusNoContent)
	until("the revoked key", http.StatusUnauthorized, k.header()...)
}

func TestS2RevokedHereIsRevokedAtOnce(t *testing.T) {
	g := newGated(t)
	admin, k := g.key("p", "admin"), g.key("p", "sessions:read")
	same(t, "before", g.do("GET", "/v1/sessions", nil, k.header()...).Code, http.StatusOK)
	for range 2 { // again: the same
		same(t, "revoke", g.do("DELETE", "/v1/keys/"+k.ID, nil, admin.header()...).Code, http.StatusNoContent)
	}
	same(t, "after", g.do("GET", "/v1/sessions", nil, k.header()...).Code, http.StatusUnauthorized)
	wantError(t, g.do("DELETE", "/v1/keys/key_none", nil, admin.header()...), http.StatusNotFound, "not_found", `no key "key_none" in this project`)
	list := g.get("/v1/keys", admin.header()...)
	same(t, "revoked keys in the list", strings.Count(list, `"revoked_at":"2026-11-22T12:00:00.000000005Z"`), 1)
	same(t, "itself", g.do("DELETE", "/v1/keys/"+admin.ID, nil, admin.header()...).Code, http.StatusNoContent)
	same(t, "afterwards", g.do("GET", "/v1/keys", nil, admin.header()...).Code, http.StatusUnauthorized)
}

func TestS2KeysExpire(t *testing.T) {
	g := newGated(t)
	k := g.keyFor("p", "90d", "sessions:read")
	g.clock.move(90*24*time.Hour - 1)
	same(t, "the last moment", g.do("GET", "/v1/sessions", nil, k.header()...).Code, http.StatusOK)
	g.clock.move(1)
	same(t, "the end", g.do("GET", "/v1/sessions", nil, k.header()...).Code, http.StatusUnauthorized)
}

// TestS2ScopesAreWhatTheySay: each alone, and admin for all.
func TestS2ScopesAreWhatTheySay(t *testing.T) {
	g := newGated(t)
	for scope, allowed := range map[string][]int{"events:write": {200, 403, 403}, "sessions:read": {403, 200, 403}, "admin": {200, 200, 200}} {
		k := g.key("p", scope)
		got := []int{
			g.post(`{"events":[]}`, k.header()...).Code, g.do("GET", "/v1/sessions", nil, k.header()...).Code, g.do("GET", "/v1/keys", nil, k.header()...).Code,
		}
		same(t, scope, got, allowed)
	}
}

// TestS2LastUseIsWrittenOnceAMinute: reading must not become writing.
func TestS2LastUseIsWrittenOnceAMinute(t *testing.T) {
	g, db := newWatched(t)
	k := g.key("p", "admin")
	for _, step := range []time.Duration{0, time.Second, 58 * time.Second, time.Second, time.Second, 3 * time.Minute} {
		g.clock.move(step)
		for range 3 {
			g.get("/v1/keys", k.header()...)
		}
	}
	same(t, "writes", db.touches.Load(), 3)
	want := noon.Add(4*time.Minute + time.Second).Format(time.RFC3339Nano)
	if list := g.get("/v1/keys", k.header()...); !strings.Contains(list, `"last_used_at":"`+want) {
		t.Errorf("want %s in %s", want, list)
	}
}

func TestS2AKeyAsItWasAskedFor(t *testing.T) {
	g := newGated(t)
	admin := g.key("p", "admin")
	w := g.do("POST", "/v1/keys", strings.NewReader(`{"name":"the shop's","scopes":["admin","events:write","admin"],"expires_at":"2027-01-01T00:00:00+01:00"}`),
		append(admin.header(), "Content-Type", "application/json")...)
	same(t, "status", w.Code, http.StatusCreated)
	same(t, "cached", w.Header().Get("Cache-Control"), "no-store")
	var got map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	text, _ := got["key"].(string)
	id, _ := got["id"].(string)
	if !server.IsKeyText(text) || got["prefix"] != text[:13] || !strings.HasPrefix(id, "key_") {
		t.Errorf("made %v", got)
	}
	delete(got, "key")
	delete(got, "prefix")
	delete(got, "id")
	same(t, "the rest", got, map[string]any{
		"name": "the shop's", "project": "p", "scopes": []string{"events:write", "admin"}, "created_at": "2026-11-22T12:00:00.000000005Z", "expires_at": "2026-12-31T23:00:00Z",
	})
	list := decode[struct{ Data []madeKey }](t, g.do("GET", "/v1/keys", nil, admin.header()...))
	if !slices.ContainsFunc(list.Data, func(k madeKey) bool { return k.ID == id && k.Key == "" }) {
		t.Errorf("the list has %v", list.Data)
	}
}

func TestS2BadKeyRequests(t *testing.T) {
	g := newGated(t)
	admin := append(g.key("p", "admin").header(), "Content-Type", "application/json")
	for body, says := range map[string]string{
		``: "JSON", `null`: "object", `[]`: "object", `{"scopes":["admin"]} x`: "nothing after", `{"scopes":["admin"],"scopes":["admin"]}`: "twice",
		`{}`: "scopes: expected some of events:write, sessions:read, admin", `{"scopes":[]}`: "scopes", `{"scopes":"admin"}`: "array", `{"scopes":[1]}`: "array",
		`{"scopes":["write"]}`: `"write" is none, these are: events:write, sessions:read, admin`, `{"scopes":["admin"],"project":"q"}`: `"project" is not known here`,
		`{"scopes":["admin"],"Name":"x"}`: `"Name" is not known`, `{"scopes":["admin"],"name":1}`: "name", `{"scopes":["admin"],"name":"a\nb"}`: "name",
		`{"scopes":["admin"],"name":"` + strings.Repeat("x", 257) + `"}`: "256", `{"scopes":["admin"],"name":"` + server.NewKeyText() + `"}`: "not a key",
		`{"scopes":["admin"],"expires_in":"soon"}`: "90d", `{"scopes":["admin"],"expires_in":"-1h"}`: "90d", `{"scopes":["admin"],"expires_in":"0s"}`: "90d", `{"scopes":["admin"],"expires_in":90}`: "90d",
		`{"scopes":["admin"],"expires_at":"2026-11-22T12:00:00Z"}`: "to come", `{"scopes":["admin"],"expires_at":"tomorrow"}`: "RFC 3339",
		`{"scopes":["admin"],"expires_in":"1h","expires_at":"2027-01-01T00:00:00Z"}`: "not both", "{\"scopes\":[\"admin\"],\"name\":\"\xff\"}": "UTF-8",
	} {
		wantError(t, g.do("POST", "/v1/keys", strings.NewReader(body), admin...), http.StatusBadRequest, "validation_error", says)
	}
	wantError(t, g.do("POST", "/v1/keys?x=1", strings.NewReader(`{"scopes":["admin"]}`), admin...), http.StatusBadRequest, "validation_error", `"x"`)
	wantError(t, g.do("POST", "/v1/keys", strings.NewReader(`{}`), append(admin, "Content-Encoding", "gzip")...), http.StatusUnsupportedMediaType, "unsupported_media_type", "not taken here")
	wantError(t, g.do("POST", "/v1/keys", strings.NewReader(`{"scopes":["admin"],"name":"`+strings.Repeat("x", 20_000)+`"}`), admin...),
		http.StatusRequestEntityTooLarge, "payload_too_large", "longer than 16384 bytes")
	wantError(t, g.do("POST", "/v1/keys", io.MultiReader(strings.NewReader(`{"sco`), iotest.ErrReader(io.ErrUnexpectedEOF)), admin...),
		http.StatusRequestTimeout, "request_timeout", "send it again")
	same(t, "keys made", len(decode[struct{ Data []madeKey }](t, g.do("GET", "/v1/keys", nil, admin...)).Data), 1)
}

func FuzzKeyRequest(f *testing.F) {
	for _, seed := range []string{`{"scopes":["admin"]}`, `{"name":"n","scopes":["events:write","sessions:read"],"expires_in":"90d"}`, `{"scopes":["admin"],"expires_at":"2027-01-01T00:00:00Z"}`, `{`, `[]`, `{"scopes":null}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		name, scopes, end, err := server.DecodeKeyRequest(body, noon)
		if err != nil {
			return
		}
		if !json.Valid(body) || len(name) > 256 || len(scopes) == 0 || (!end.IsZero() && !end.After(noon)) {
			t.Errorf("%q became %q %v until %v", body, name, scopes, end)
		}
		for i, scope := range scopes {
			if !slices.Contains(server.Scopes, scope) || slices.Contains(scopes[:i], scope) {
				t.Errorf("%q allows %v", body, scopes)
			}
		}
	})
}

func FuzzBearer(f *testing.F) {
	for _, seed := range []string{"Bearer x", "bearer  x ", "Bearer", "Basic x", "", "Bearer\tx"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		key := server.Bearer(http.Header{"Authorization": {value}})
		if !strings.Contains(value, key) || (key != "" && !strings.EqualFold(value[:7], "Bearer ")) {
			t.Errorf("%q shows %q", value, key)
		}
	})
}
