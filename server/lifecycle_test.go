package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

// at lets a test move the server's time.
func at(now *time.Time) func(*server.Config) {
	return func(c *server.Config) { c.Now = func() time.Time { return *now } }
}

func (a *app) status(session string) string {
	a.t.Helper()
	var s struct{ Status string }
	if err := json.Unmarshal([]byte(a.get("/v1/sessions/"+session)), &s); err != nil {
		a.t.Fatal(err)
	}
	listed := a.get("/v1/sessions?status=" + s.Status)
	if !strings.Contains(listed, `"status":"`+s.Status+`"`) {
		a.t.Errorf("%s is %s and not in the list of those: %s", session, s.Status, listed)
	}
	return s.Status
}

func TestSilentSessionIsAbandoned(t *testing.T) {
	now := noon
	a := newApp(t, at(&now))
	a.send(ev("e1", "step"))
	for _, step := range []struct {
		after  time.Duration
		event  string
		status string
	}{
		{0, "", "active"},
		{30 * time.Minute, "", "active"},
		{1, "", "abandoned"},
		{0, ev("e2", "step"), "active"},
		{30*time.Minute + 1, ev("e2", "step"), "abandoned"},
		{0, ev("e3", "session_end", `"status":"success"`), "success"},
		{time.Hour, "", "success"},
	} {
		if now = now.Add(step.after); step.event != "" {
			a.send(step.event)
		}
		same(t, fmt.Sprint(now.Sub(noon)), a.status("s1"), step.status)
	}
	same(t, "active", a.list("/v1/sessions?status=active").ids(), "")
}

func TestSessionIdleIsASetting(t *testing.T) {
	now := noon
	a := newApp(t, at(&now), func(c *server.Config) { c.SessionIdle = time.Second })
	a.send(ev("e1", "step"))
	now = now.Add(2 * time.Second)
	same(t, "status", a.status("s1"), "abandoned")
}

func TestGapsOfASession(t *testing.T) {
	now := noon
	a := newApp(t, at(&now))
	numbered := func(id string, seq int) string { return ev(id, "step", fmt.Sprintf(`"seq":%d`, seq)) }
	a.post(`{"client":{"id":"c1"},"events":[` + numbered("e1", 2) + "," + numbered("e2", 5) + `]}`)
	gaps := func() string {
		var s struct{ Gaps json.RawMessage }
		if err := json.Unmarshal([]byte(a.get("/v1/sessions/s1")), &s); err != nil {
			t.Fatal(err)
		}
		return string(s.Gaps)
	}
	const missing = `[{"client_id":"c1","first":1,"last":1},{"client_id":"c1","first":3,"last":4}]`
	same(t, "at once", gaps(), "")
	now = now.Add(time.Minute)
	same(t, "after a minute", gaps(), missing)
	a.post(`{"client":{"id":"c1"},"events":[` + numbered("e3", 1) + `]}`)
	same(t, "more has come", gaps(), "")
	a.post(`{"client":{"id":"c1"},"events":[` + ev("e4", "session_end", `"seq":6`) + `]}`)
	same(t, "closed", gaps(), `[{"client_id":"c1","first":3,"last":4}]`)
	a.post(`{"client":{"id":"c1"},"events":[` + numbered("e5", 3) + "," + numbered("e6", 4) + `]}`)
	same(t, "all there", gaps(), "")
	if strings.Contains(a.get("/v1/sessions"), "gaps") {
		t.Error("a list tells gaps")
	}
	for n := range 200 {
		a.send(numbered(fmt.Sprint("x", n), 10+2*n))
	}
	same(t, "at most a hundred", strings.Count(gaps(), "client_id"), 100)
}

func TestAliasOverHTTP(t *testing.T) {
	a := newApp(t)
	a.send(evIn("a", "e1", "step"), ev("e2", "step"))
	a.send(evIn("a", "e3", "session_alias", `"into":"s1"`))
	a.send(evIn("a", "e4", "step"))
	same(t, "list", a.list("/v1/sessions").ids(), "s1")
	same(t, "session", a.get("/v1/sessions/a"), a.get("/v1/sessions/s1"))
	same(t, "events", a.list("/v1/sessions/a/events").ids(), "e1 e2 e3 e4")
	same(t, "nothing said", a.send(evIn("b", "e5", "session_alias", `"into":null`), evIn("b", "e6", "session_alias")).Accepted, 2)
	got := a.send(evIn("b", "e7", "session_alias", `"into":"not an id"`))
	if len(got.Rejected) != 1 || !strings.Contains(got.Rejected[0].Message, "into: expected 1 to 128 characters") {
		t.Errorf("%+v", got)
	}
	same(t, "deleted", a.do("DELETE", "/v1/sessions/a", nil).Code, 204)
	wantError(t, a.do("GET", "/v1/sessions/s1", nil), 404, "not_found", "s1")
}

// TestMaintainHourly has a store that notes what it is told to purge, in a bubble.
func TestMaintainHourly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := &purging{}
		s, err := server.New(server.Config{Store: db, Retention: server.Retention{
			Default: 30 * 24 * time.Hour, Projects: map[string]time.Duration{"long": 90 * 24 * time.Hour, "ever": 0},
		}})
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { s.Maintain(ctx); close(ended) }()
		time.Sleep(3*time.Hour + time.Minute)
		stop()
		<-ended
		if len(db.told) != 4 {
			t.Fatalf("purged %d times in three hours, want 4", len(db.told))
		}
		for n, got := range db.told {
			now := begun.Add(time.Duration(n) * time.Hour)
			if !got.Sessions.Equal(now.AddDate(0, 0, -30)) || !got.Receipts.Equal(now.AddDate(0, 0, -1)) ||
				!got.Of("long").Equal(now.AddDate(0, 0, -90)) || !got.Of("ever").IsZero() || !got.Of("other").Equal(got.Sessions) {
				t.Errorf("%d: %+v at %v", n, got, now)
			}
		}
	})
}

type purging struct {
	store.Store
	told []store.Cutoff
}

func (p *purging) Purge(_ context.Context, c store.Cutoff) (store.Removed, error) {
	p.told = append(p.told, c)
	return store.Removed{}, nil
}

// TestServeRemovesWhatIsOld has a file of sessions of two years served with a retention of a month.
func TestServeRemovesWhatIsOld(t *testing.T) {
	now := noon
	a := newApp(t, at(&now), func(c *server.Config) { c.Retention.Default = 30 * 24 * time.Hour })
	a.send(evIn("old", "e1", "step"), evIn("old", "e2", "step"))
	now = now.AddDate(0, 2, 0)
	a.send(strings.Replace(evIn("new", "e3", "step"), "2026-11-22", "2027-01-22", 1))
	ln, err := server.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serveUntil(t, a.Server, ln, func() bool { return a.do("GET", "/v1/sessions/old", nil).Code == 404 })
	same(t, "left", a.list("/v1/sessions").ids(), "new")
	if log := a.log.String(); strings.Count(log, "removed what was too old") != 1 || !strings.Contains(log, "sessions=1 events=2 receipts=0") {
		t.Errorf("the log says: %s", log)
	}
}

// serveUntil serves until done says so.
func serveUntil(t *testing.T, s *server.Server, ln net.Listener, done func() bool) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, ln) }()
	for !done() {
	}
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
}

// TestReadOnlyIsNotMaintained and is not complained of.
func TestReadOnlyIsNotMaintained(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	db, err := sqlite.Open(t.Context(), file)
	if err == nil {
		err = db.Close()
	}
	if err == nil {
		db, err = sqlite.Open(t.Context(), file, sqlite.ReadOnly())
	}
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	a := newApp(t, func(c *server.Config) { c.Store = db })
	ctx, stop := context.WithCancel(t.Context())
	stop()
	a.Maintain(ctx)
	same(t, "log", a.log.String(), "")
}

// TestStreamOfAnAlias tells what comes for the session that the alias stands for, and both what came before and after it did.
func TestStreamOfAnAlias(t *testing.T) {
	a := newApp(t)
	c := follow(t, http.DefaultClient, a.streaming()+"/v1/stream?session=a")
	a.send(evIn("a", "e1", "step"))
	same(t, "before", c.read(2), "event e1, session a")
	a.send(evIn("a", "e2", "session_alias", `"into":"s1"`))
	same(t, "the alias", c.read(2), "event e2, session s1")
	a.send(ev("e3", "step"), evIn("s2", "e4", "step"), evIn("a", "e5", "step"))
	same(t, "after", c.read(3), "event e3, event e5, session s1")
}
