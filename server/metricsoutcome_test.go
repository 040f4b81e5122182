package server_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store"
)

// TestMetricsOfConflicts: events that came with another one's key were refused, and did not fail.
func TestMetricsOfConflicts(t *testing.T) {
	a := newApp(t)
	same(t, "first", a.post(`{"events":[`+ev("e1", "step")+`]}`, "Idempotency-Key", "k").Code, http.StatusOK)
	same(t, "other", a.post(`{"events":[`+ev("e2", "step")+`,`+ev("e3", "step")+`]}`, "Idempotency-Key", "k").Code, http.StatusConflict)
	got := a.scrape()
	same(t, "events", series(got["sentrial_events_total"]), "accepted=1 duplicate=0 failed=0 rejected=2")
	same(t, "rejected", series(got["sentrial_events_rejected_total"]), "idempotency_conflict=2")
}

// leaving is a store whose readers go away while it reads.
type leaving struct {
	store.Store
	leave context.CancelFunc
}

func (l *leaving) Sessions(ctx context.Context, _ string, _ store.SessionQuery) (store.SessionPage, error) {
	l.leave()
	return store.SessionPage{}, ctx.Err()
}

// TestMetricsOfClientsThatLeave are no failures of the server's.
func TestMetricsOfClientsThatLeave(t *testing.T) {
	ctx, leave := context.WithCancel(local(t.Context()))
	defer leave()
	a := newApp(t, func(c *server.Config) { c.Store = &leaving{c.Store, leave} })
	r := httptest.NewRequestWithContext(ctx, "GET", "/v1/sessions", nil)
	r.Host = "localhost"
	a.Server.ServeHTTP(httptest.NewRecorder(), r)
	same(t, "requests", series(a.scrape()["sentrial_http_requests_total"]), "GET /v1/sessions/499=1")
	same(t, "the log", a.log.String(), "")
}

// halfway is a store that panics when a stream has begun.
type halfway struct{ store.Store }

func (halfway) Follow(context.Context, string, store.FollowQuery) (store.FollowPage, error) {
	panic("halfway")
}

// TestPanicInAReplyThatHasBegun breaks it off: the client must not take an error for a part of it.
func TestPanicInAReplyThatHasBegun(t *testing.T) {
	a := newApp(t, func(c *server.Config) { c.Store = halfway{c.Store} })
	w := httptest.NewRecorder()
	func() {
		defer func() {
			if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
				t.Errorf("the handler ended with %v", err)
			}
		}()
		r := httptest.NewRequestWithContext(local(t.Context()), "GET", "/v1/stream", nil)
		r.Host = "localhost"
		a.Server.ServeHTTP(w, r)
	}()
	if !strings.Contains(a.log.String(), "halfway") || strings.Contains(w.Body.String(), "internal") {
		t.Errorf("the log: %s\nthe reply: %s", &a.log, w.Body)
	}
}
