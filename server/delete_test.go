package server_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store"
)

// evIn is ev for another session.
func evIn(session, id, kind string, more ...string) string {
	return strings.Replace(ev(id, kind, more...), `"s1"`, `"`+session+`"`, 1)
}

func TestDeleteSession(t *testing.T) {
	a := newApp(t)
	a.send(ev("e1", "step"), ev("e2", "step"), evIn("s2", "e3", "step"))
	w := a.do("DELETE", "/v1/sessions/s1", nil)
	same(t, "deleted", []any{w.Code, w.Body.String()}, []any{204, ""})
	for _, target := range []string{"/v1/sessions/s1", "/v1/sessions/s1/events"} {
		wantError(t, a.do("GET", target, nil), 404, "not_found", `no session "s1" in this project`)
	}
	wantError(t, a.do("GET", "/v1/events/e1", nil), 404, "not_found", `no event "e1"`)
	wantError(t, a.do("DELETE", "/v1/sessions/s1", nil), 404, "not_found", `no session "s1" in this project`)
	wantError(t, a.do("DELETE", "/v1/sessions/none", nil), 404, "not_found", `no session "none" in this project`)
	got := a.send(ev("e1", "step"), ev("e9", "step"), evIn("s2", "e4", "step"))
	same(t, "counts", []int{got.Accepted, got.Duplicates, len(got.Rejected)}, []int{1, 1, 1})
	if r := got.Rejected[0]; r.ID != "e9" || r.Code != "session_deleted" || r.Retry || !strings.Contains(r.Message, `the session "s1" was deleted`) {
		t.Errorf("rejected: %+v", r)
	}
	wantError(t, a.do("DELETE", "/v1/sessions/s2?x=1", nil), 400, "validation_error", "x")
}

func TestForgetUser(t *testing.T) {
	a := newApp(t)
	a.send(evIn("s1", "e1", "session_start", `"user_id":"a/b c"`), evIn("s2", "e2", "session_update", `"user_id":"a/b c"`), evIn("s2", "e3", "step"),
		evIn("s3", "e4", "session_start", `"user_id":"d"`))
	w := a.do("DELETE", "/v1/users/a%2Fb%20c", nil)
	same(t, "forgotten", []any{w.Code, strings.TrimSpace(w.Body.String())}, []any{200, `{"sessions":2,"events":3}`})
	same(t, "left", a.list("/v1/sessions").ids(), "s3")
	same(t, "again", strings.TrimSpace(a.do("DELETE", "/v1/users/a%2Fb%20c", nil).Body.String()), `{"sessions":0,"events":0}`)
}

func TestProjectsDeleteTheirOwn(t *testing.T) {
	a := newApp(t)
	a.send(ev("e1", "session_start", `"user_id":"u"`))
	wantError(t, a.do("DELETE", "/v1/sessions/s1", nil, "X-Sentrial-Project", "other"), 404, "not_found", "in this project")
	same(t, "user", strings.TrimSpace(a.do("DELETE", "/v1/users/u", nil, "X-Sentrial-Project", "other").Body.String()), `{"sessions":0,"events":0}`)
	a.get("/v1/sessions/s1")
}

// unerasing is a store that fails to erase.
type unerasing struct{ store.Store }

func (unerasing) EraseSession(context.Context, string, string, time.Time) (store.Removed, error) {
	return store.Removed{}, errors.New("disk /secret is full")
}

func TestDeletionThatFails(t *testing.T) {
	a := newApp(t, func(c *server.Config) { c.Store = unerasing{c.Store} })
	w := a.do("DELETE", "/v1/sessions/s1", nil)
	wantError(t, w, http.StatusServiceUnavailable, "unavailable", "the session could not be deleted, send this again")
	if strings.Contains(w.Body.String(), "secret") {
		t.Errorf("the client sees %s", w.Body)
	}
}

// untidy is a store that deletes, and fails to remove what that leaves behind.
type untidy struct{ store.Store }

func (u untidy) EraseSession(ctx context.Context, project, id string, now time.Time) (store.Removed, error) {
	gone, err := u.Store.EraseSession(ctx, project, id, now)
	return gone, errors.Join(err, errors.New("disk /secret is full"))
}

// TestDeletionThatLeavesSomethingBehind is one all the same: it is on the trail, for it cannot be asked for again.
func TestDeletionThatLeavesSomethingBehind(t *testing.T) {
	var trail bytes.Buffer
	a := newApp(t, func(c *server.Config) { c.Store, c.Audit = untidy{c.Store}, slog.New(slog.NewTextHandler(&trail, nil)) })
	a.send(ev("e1", "step"))
	w := a.do("DELETE", "/v1/sessions/s1", nil)
	same(t, "deleted", []any{w.Code, w.Body.String()}, []any{204, ""})
	if !strings.Contains(trail.String(), "action=session.delete project=default subject=s1") {
		t.Errorf("the trail: %s", &trail)
	}
	if !strings.Contains(a.log.String(), "disk /secret is full") {
		t.Errorf("the log: %s", &a.log)
	}
	wantError(t, a.do("DELETE", "/v1/sessions/s1", nil), 404, "not_found", `no session "s1"`)
	same(t, "one line", strings.Count(trail.String(), "\n"), 1)
}

// TestHostedSessionDeleted is unknown to programs of the hosted wire.
func TestHostedSessionDeleted(t *testing.T) {
	a := newApp(t)
	id := a.openSession()
	same(t, "deleted", a.do("DELETE", "/v1/sessions/"+id, nil).Code, 204)
	same(t, "event", a.hosted("POST", "/events", `{"sessionId":"`+id+`","eventType":"error"}`).Code, 404)
	same(t, "patch", a.hosted("PATCH", "/sessions/"+id, `{"status":"completed"}`).Code, 404)
}

// stale is a store that knows every session, as one does a moment before a session is deleted.
type stale struct{ store.Store }

func (stale) Knows(context.Context, string, string) (bool, error) { return true, nil }

func TestHostedSessionDeletedMeanwhile(t *testing.T) {
	a := newApp(t, func(c *server.Config) { c.Store = stale{c.Store} })
	id := a.openSession()
	same(t, "deleted", a.do("DELETE", "/v1/sessions/"+id, nil).Code, 204)
	w := a.hosted("POST", "/events", `{"sessionId":"`+id+`","eventType":"error"}`)
	if w.Code != 400 || !strings.Contains(w.Body.String(), "session_deleted") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
