package cli_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/cli"
)

// patient is what doctor found: a verdict, a detail and a hint for each check.
type patient struct {
	code   int
	checks map[string][3]string
	text   string
}

func examine(t *testing.T, args ...string) patient {
	t.Helper()
	got := run(t, append([]string{"doctor", "--json"}, args...)...)
	var doc struct {
		OK     bool
		Exit   int `json:"exit_code"`
		Checks []struct{ Name, Status, Detail, Hint string }
	}
	if err := json.Unmarshal([]byte(got.out), &doc); err != nil || doc.Exit != got.code || doc.OK != (got.code == 0) || (got.errors == "") != (got.code == 0) {
		t.Fatalf("%v: %+v", err, got)
	}
	p := patient{code: got.code, checks: map[string][3]string{}, text: got.out + got.errors}
	for _, c := range doc.Checks {
		p.checks[c.Name] = [3]string{c.Status, c.Detail, c.Hint}
	}
	return p
}

func (p patient) want(t *testing.T, check, verdict, says string) {
	t.Helper()
	if c := p.checks[check]; c[0] != verdict || !strings.Contains(c[1]+" "+c[2], says) {
		t.Errorf("%s is %q, want %s and %q", check, c, verdict, says)
	}
}

// team is a server of a team: with keys, limits and a clock of its own.
type team struct {
	status  int    // of /v1/sessions
	writes  int    // of POST /v1/events
	admin   int    // of /v1/keys
	health  string // "" = 404
	ahead   time.Duration
	limited bool
}

func (s team) start(t *testing.T) string {
	t.Helper()
	answer := func(w http.ResponseWriter, status int, body string) {
		if status == 0 {
			status = http.StatusForbidden
		}
		if status != http.StatusOK {
			body = `{"error":{"code":"invalid_api_key","message":"no"}}`
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(s.ahead).UTC().Format(http.TimeFormat))
		w.Header().Set("Server", "sentrial/1.2.3")
		if s.limited {
			w.Header().Set("X-RateLimit-Limit", "600")
			w.Header().Set("X-RateLimit-Remaining", "0")
			w.Header().Set("X-RateLimit-Reset", "1767323045")
		}
		switch {
		case r.URL.Path == "/healthz" && s.health != "":
			_, _ = io.WriteString(w, s.health)
		case r.Method == http.MethodPost:
			answer(w, s.writes, `{"accepted":0,"duplicates":0,"rejected":[]}`)
		case r.URL.Path == "/v1/sessions":
			answer(w, s.status, `{"data":[{"id":"s","project_id":"shop"}]}`)
		case r.URL.Path == "/v1/keys":
			answer(w, s.admin, `{"data":[]}`)
		default:
			notThere(w)
		}
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

const wellHealth = `{"status":"ok","service":"sentrial","protocols":["batch","hosted","otlp"]}`

func TestAllIsWell(t *testing.T) {
	h := newHouse(t)
	t.Setenv("SENTRIAL_API_URL", h.url)
	p := examine(t)
	for check, says := range map[string]string{
		"configuration": h.url + " (SENTRIAL_API_URL)", "environment": "set: SENTRIAL_API_URL", "sdk": "sends to " + h.url, "connection": "answers within",
		"server": "sentrial says ok", "protocol": "batch protocol, because the server is on this machine", "clock": "agree", "key": "no key is accepted for project default",
		"limits": "1,000 events, 5 MiB (20 MiB unpacked), and 1 MiB an event",
	} {
		p.want(t, check, "ok", says)
	}
	for _, check := range []string{"name", "spool", "store"} {
		p.want(t, check, "skip", "")
	}
	if p.code != 0 || len(p.checks) != 13 {
		t.Errorf("exit %d, %d checks", p.code, len(p.checks))
	}
}

func TestDoctorForPeople(t *testing.T) {
	h := newHouse(t)
	if out := watch(t, 100, "doctor", "--db", h.db); !strings.Contains(out, "\x1b[32m✓\x1b[0m \x1b[1mstore        \x1b[0m") || !strings.Contains(out, "and is whole") {
		t.Errorf("printed %q", out)
	}
	if got := run(t, "doctor", "--url", nobody(t)); got.code != 5 || !strings.Contains(got.out, "fail connection") || !strings.Contains(got.out, "sentrial serve") || !strings.Contains(got.errors, "1 of 13 checks failed") {
		t.Errorf("%+v", got)
	}
}

func TestKeys(t *testing.T) {
	const secret = "sntl_abcdefgh_ThirtyTwoCharactersOfChance00000"
	for name, test := range map[string]struct {
		server  team
		key     string
		code    int
		verdict string
		says    string
	}{
		"all":           {team{200, 200, 200, wellHealth, 0, false}, secret, 0, "ok", "sntl_abcdefgh... is accepted for project shop: events:write, sessions:read, admin"},
		"reads":         {team{200, 403, 403, wellHealth, 0, false}, secret, 0, "ok", "project shop: sessions:read"},
		"writes":        {team{403, 200, 403, wellHealth, 0, false}, secret, 0, "ok", "may not read: events:write"},
		"wrong project": {team{403, 403, 403, wellHealth, 0, false}, secret, 4, "fail", "--project"},
		"revoked":       {team{401, 401, 401, wellHealth, 0, false}, secret, 4, "fail", "sentrial keys create"},
		"none":          {team{401, 401, 401, wellHealth, 0, false}, "", 4, "fail", "no key is not accepted"},
		"of others":     {team{200, 403, 403, wellHealth, 0, false}, "tOpSeCrEt", 0, "ok", "the key is accepted"},
		"a short one":   {team{200, 403, 403, wellHealth, 0, false}, "sntl_abcdefgh", 0, "ok", "the key is accepted"},
		"no such route": {team{404, 404, 404, wellHealth, 0, false}, "", 1, "fail", "batch protocol"},
	} {
		t.Run(name, func(t *testing.T) {
			p := examine(t, "--url", test.server.start(t), "--api-key", test.key)
			p.want(t, "key", test.verdict, test.says)
			if p.code != test.code || test.key != "" && strings.Contains(p.text, test.key) || strings.Contains(p.text, "ThirtyTwo") {
				t.Errorf("exit %d: %s", p.code, p.text)
			}
		})
	}
}

func TestWhatAServerSays(t *testing.T) {
	ok := team{status: 200, writes: 200, admin: 200, health: wellHealth}
	p := examine(t, "--url", ok.start(t))
	p.want(t, "server", "ok", "sentrial/1.2.3, speaks batch and hosted")
	p.want(t, "limits", "skip", "404 not_found")
	p.want(t, "rate limit", "skip", "none")

	slow, limited, portal, young := ok, ok, ok, ok
	slow.ahead = time.Hour
	examine(t, "--url", slow.start(t)).want(t, "clock", "warn", "behind the server's")
	limited.limited = true
	examine(t, "--url", limited.start(t)).want(t, "rate limit", "warn", "0 of 600 requests left until 03:04:05 UTC")
	portal.health = "<html>"
	examine(t, "--url", portal.start(t)).want(t, "server", "warn", "captive portal")
	young.health = ""
	examine(t, "--url", young.start(t)).want(t, "server", "warn", "404 Not Found")

	t.Setenv("SENTRIAL_PROTOCOL", "hosted")
	examine(t, "--url", ok.start(t)).want(t, "protocol", "ok", "hosted protocol, because SENTRIAL_PROTOCOL says so")
	ok.health = `{"status":"ok","protocols":["batch"]}`
	examine(t, "--url", ok.start(t)).want(t, "protocol", "warn", "leave SENTRIAL_PROTOCOL to auto")
}

func TestWaysThatLeadNowhere(t *testing.T) {
	plain := team{status: 200, health: wellHealth}.start(t)
	secured := httptest.NewUnstartedServer(http.NotFoundHandler())
	secured.Config.ErrorLog = log.New(io.Discard, "", 0)
	secured.StartTLS()
	t.Cleanup(secured.Close)
	before := net.DefaultResolver
	t.Cleanup(func() { net.DefaultResolver = before })
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("no name server") }}
	for url, want := range map[string][3]string{
		nobody(t): {"connection", "connection refused", "sentrial serve"},
		strings.Replace(plain, "http", "https", 1): {"connection", "no secure connection", "try http://"},
		secured.URL:               {"connection", "no secure connection", "SSL_CERT_FILE"},
		"http://sentrial.invalid": {"name", "sentrial.invalid cannot be found", "name server"},
	} {
		p := examine(t, "--url", url)
		p.want(t, want[0], "fail", want[1])
		p.want(t, want[0], "fail", want[2])
		p.want(t, "key", "skip", "see above")
		if p.code != 5 {
			t.Errorf("%s: exit %d", url, p.code)
		}
	}
}

// TestAURLThatIsNone is a finding like others, and what needs no server is examined all the same.
func TestAURLThatIsNone(t *testing.T) {
	for url, says := range map[string]string{"localhost:7437": "expected http://HOST:PORT", "http://u:secret@127.0.0.1": "expected no user", "::": "expected http://HOST:PORT"} {
		p := examine(t, "--url", url)
		p.want(t, "configuration", "fail", says)
		p.want(t, "configuration", "fail", "for example, http://127.0.0.1:7437")
		p.want(t, "connection", "skip", "see above")
		p.want(t, "key", "skip", "see above")
		p.want(t, "spool", "skip", "SENTRIAL_SPOOL_DIR")
		if p.code != 5 || len(p.checks) != 13 || strings.Contains(p.text, "secret") {
			t.Errorf("%s: exit %d, %s", url, p.code, p.text)
		}
	}
}

func TestTheEnvironment(t *testing.T) {
	h := newHouse(t)
	t.Setenv("SENTRIAL_APIKEY", "secret")
	p := examine(t, "--db", h.db)
	p.want(t, "environment", "warn", "nobody reads SENTRIAL_APIKEY")
	p.want(t, "sdk", "warn", "no API key: nothing is recorded")
	t.Setenv("SENTRIAL_API_KEY", "sntl_secret")
	examine(t, "--db", h.db).want(t, "sdk", "ok", "sends to https://api.realm.ai (default)")
	t.Setenv("SENTRIAL_TIMEOUT", "soon")
	p = examine(t, "--db", h.db)
	p.want(t, "sdk", "fail", "SENTRIAL_TIMEOUT")
	if p.code != 1 || strings.Contains(p.text, "secret") {
		t.Errorf("exit %d: %s", p.code, p.text)
	}
	t.Setenv("SENTRIAL_TIMEOUT", "")
	t.Setenv("SENTRIAL_DISABLED", "true")
	examine(t, "--db", h.db).want(t, "sdk", "warn", "SENTRIAL_DISABLED")
}

// TestVariablesAreTheSDKs holds the list of variables against the one in the SDK's package documentation.
func TestVariablesAreTheSDKs(t *testing.T) {
	text, err := os.ReadFile("../../../doc.go")
	if err != nil {
		t.Fatal(err)
	}
	documented := regexp.MustCompile(`SENTRIAL_[A-Z_]+`).FindAllString(string(text), -1)
	slices.Sort(documented)
	known := slices.Sorted(slices.Values(cli.SDKVariables))
	if got := slices.Compact(documented); !slices.Equal(got, known) {
		t.Errorf("doc.go has %v\nthe command knows %v", got, known)
	}
	if !strings.Contains(string(text), "SENTRIAL_API_URL         "+cli.SDKURL+"\n") {
		t.Errorf("doc.go has another default than %s", cli.SDKURL)
	}
}

func TestASpool(t *testing.T) {
	h := newHouse(t)
	dir := t.TempDir()
	t.Setenv("SENTRIAL_SPOOL_DIR", dir)
	examine(t, "--db", h.db).want(t, "spool", "ok", "nothing waits")
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("doctor left %v", left)
	}
	t.Setenv("SENTRIAL_SPOOL_DIR", filepath.Join(dir, "none"))
	examine(t, "--db", h.db).want(t, "spool", "warn", "not there yet")
	t.Setenv("SENTRIAL_SPOOL_DIR", file(t, "spool", ""))
	examine(t, "--db", h.db).want(t, "spool", "fail", "no directory")
	waiting, _ := leaveEvents(t, 3)
	t.Setenv("SENTRIAL_SPOOL_DIR", waiting)
	examine(t, "--db", h.db).want(t, "spool", "warn", "events in "+waiting+" wait")
}

func TestAStoreThatIsNone(t *testing.T) {
	for says, db := range map[string]string{
		"missing.db": filepath.Join(t.TempDir(), "missing.db"),
		"no store":   file(t, "text.db", strings.Repeat("no database ", 100)),
	} {
		p := examine(t, "--db", db)
		p.want(t, "store", "fail", says)
		if p.code != 1 {
			t.Errorf("exit %d", p.code)
		}
	}
}

func TestWhereSettingsAreFrom(t *testing.T) {
	name := file(t, "c.yaml", fmt.Sprintf("project: shop\nurl: %s\n", nobody(t)))
	p := examine(t, "--config", name, "--project", "other")
	p.want(t, "configuration", "ok", name+":2)")
	p.want(t, "configuration", "ok", "project other (flag)")
}
