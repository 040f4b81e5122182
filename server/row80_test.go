package server_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store"
)

const keyHeader = "Idempotency-Key"

// replayed checks that w is the reply that first was.
func replayed(t *testing.T, what string, w, first *httptest.ResponseRecorder) {
	t.Helper()
	if w.Code != http.StatusOK || w.Body.String() != first.Body.String() || w.Header().Get("Idempotent-Replayed") != "true" {
		t.Errorf("%s: %d %s, marked %q; want %s", what, w.Code, w.Body, w.Header().Get("Idempotent-Replayed"), first.Body)
	}
}

func TestRow80SameKeySameEvents(t *testing.T) {
	a := newApp(t)
	batch := func(sentAt string, events ...string) string {
		return `{"sent_at":"` + sentAt + `","events":[` + strings.Join(events, ",") + `]}`
	}
	first := a.post(batch("2026-11-22T12:00:00Z", ev("e1", "step"), `{"id":"bad"}`, ev("e1", "step")), keyHeader, "k 1")
	same(t, "first", decode[ack](t, first), "{1 1 [{bad validation_error type is missing: expected a word such as tool_call false}]}")
	same(t, "mark", first.Header().Get("Idempotent-Replayed"), "")
	replayed(t, "sent later", a.post(batch("2026-11-22T13:00:00Z", ev("e1", "step"), `{"id":"bad"}`, ev("e1", "step")), keyHeader, "k 1"), first)
	replayed(t, "as lines", a.postLines(ev("e1", "step")+"\n"+`{"id":"bad"}`+"\n"+ev("e1", "step"), keyHeader, "k 1"), first)
	packed := string(compressed(t, "gzip", batch("2026-11-22T13:00:00Z", ev("e1", "step"), `{"id":"bad"}`, ev("e1", "step"))))
	replayed(t, "compressed", a.post(packed, keyHeader, "k 1", "Content-Encoding", "gzip"), first)
	same(t, "stored", a.list("/v1/sessions/s1/events").ids(), "e1")
}

func TestRow80SameKeyOtherEvents(t *testing.T) {
	a := newApp(t)
	same(t, "first", a.post(`{"events":[`+ev("e1", "step")+`,{"id":"bad"}]}`, keyHeader, "k").Code, 200)
	for _, events := range []string{
		``, ev("e1", "step"), ev("e2", "step") + `,{"id":"bad"}`, ev("e1", "step") + `,{"id":"worse"}`, `{"id":"bad"},` + ev("e1", "step"),
		ev("e1", "step") + `,{"id":"bad"},null`, ev("e1", "step", `"a":1`) + `,{"id":"bad"}`,
	} {
		wantError(t, a.post(`{"events":[`+events+`]}`, keyHeader, "k"), http.StatusConflict, "idempotency_conflict", "send these with another one")
	}
	same(t, "stored", a.list("/v1/sessions/s1/events").ids(), "e1")
	same(t, "another key", a.post(`{"events":[`+ev("e2", "step")+`]}`, keyHeader, "K").Code, 200)
	same(t, "another project", a.post(`{"events":[`+ev("e2", "step")+`]}`, keyHeader, "k", "X-Sentrial-Project", "p2").Code, 200)
}

// TestRow80NothingValid: who sends a batch that is rejected event by event gets the same words again.
func TestRow80NothingValid(t *testing.T) {
	a := newApp(t)
	first := a.post(`{"events":[{}]}`, keyHeader, "k")
	replayed(t, "again", a.post(`{"events":[{}]}`, keyHeader, "k"), first)
	wantError(t, a.post(`{"events":[null]}`, keyHeader, "k"), http.StatusConflict, "idempotency_conflict", "other events")
	wantError(t, a.post(`{"events":`, keyHeader, "k2"), http.StatusBadRequest, "validation_error", "invalid JSON")
	same(t, "a key of a request that was refused", a.post(`{"events":[`+ev("e1", "step")+`]}`, keyHeader, "k2").Code, 200)
}

func TestRow80BadKeys(t *testing.T) {
	a := newApp(t)
	for _, key := range []string{"", "é", "a\tb", "a\x00", "a\x7f", strings.Repeat("x", 256)} {
		wantError(t, a.post(`{"events":[]}`, keyHeader, key), http.StatusBadRequest, "validation_error", "Idempotency-Key: expected one of 1 to 255 printable ASCII characters")
	}
	a.edit = func(r *http.Request) { r.Header[keyHeader] = []string{"a", "b"} }
	w := a.post(`{"events":[]}`)
	a.edit = nil
	wantError(t, w, http.StatusBadRequest, "validation_error", "expected one of")
	for _, key := range []string{"x", strings.Repeat("~", 255), `"quoted" ' OR 1=1 --`} {
		same(t, key, a.post(`{"events":[]}`, keyHeader, key).Code, 200)
	}
}

func TestRow80KeysAreKeptForADay(t *testing.T) {
	now := noon
	a := newApp(t, func(c *server.Config) { c.Now = func() time.Time { return now } })
	first := a.post(`{"events":[`+ev("e1", "step")+`]}`, keyHeader, "k")
	now = noon.Add(24*time.Hour - 1)
	replayed(t, "within a day", a.post(`{"events":[`+ev("e1", "step")+`]}`, keyHeader, "k"), first)
	now = noon.Add(24 * time.Hour)
	same(t, "after a day", decode[ack](t, a.post(`{"events":[`+ev("e1", "step")+`]}`, keyHeader, "k")), "{0 1 []}")
}

// TestRow80FiftyAtOnce: one of fifty stores the events, all get its reply, and those who have other events hear of it.
func TestRow80FiftyAtOnce(t *testing.T) {
	a := newApp(t)
	var wg sync.WaitGroup
	replies := make([]*httptest.ResponseRecorder, 50)
	for i := range replies {
		wg.Go(func() { replies[i] = a.post(`{"events":[`+ev("e1", "step")+`,`+ev("e2", "step")+`]}`, keyHeader, "k") })
	}
	wg.Wait()
	originals := 0
	for _, w := range replies {
		same(t, "reply", fmt.Sprint(w.Code, strings.TrimSpace(w.Body.String())), `200{"accepted":2,"duplicates":0,"rejected":[]}`)
		if w.Header().Get("Idempotent-Replayed") == "" {
			originals++
		}
	}
	same(t, "requests that stored something", originals, 1)
	same(t, "events", a.list("/v1/sessions/s1/events").ids(), "e1 e2")
}

// outcomes is a store of which the test says what becomes of events.
type outcomes struct {
	store.Store
	receipt store.Receipt
	err     error
}

func (o outcomes) Ingest(_ context.Context, b store.Batch) (store.Receipt, error) {
	receipt := o.receipt
	if b.Idempotency != nil {
		receipt.Reply = b.Idempotency.Reply(receipt.Outcomes)
	}
	return receipt, o.err
}

func TestEventsOfADeletedSession(t *testing.T) {
	a := newApp(t, func(c *server.Config) {
		c.Store = outcomes{c.Store, store.Receipt{Outcomes: []store.Outcome{store.Accepted, store.Erased, store.Duplicate}}, nil}
	})
	const want = `{"accepted":1,"duplicates":1,"rejected":[{"id":"%s","code":"session_deleted","message":"the session \"s1\" was deleted: nothing more is taken for it","retry":false}]}`
	for _, key := range []string{"", "k"} {
		headers := []string{keyHeader, key}[:2*len(key)]
		events := ev("e1", "step") + `,` + ev("e2", "step") + `,` + ev("e3", "step")
		same(t, "batch", strings.TrimSpace(a.post(`{"events":[`+events+`]}`, headers...).Body.String()), fmt.Sprintf(want, "e2"))
		same(t, "lines", strings.TrimSpace(a.postLines("\n"+strings.ReplaceAll(events, "},", "}\n"), headers...).Body.String()), fmt.Sprintf(want, "line:3"))
	}
}

// TestBusyStore: who comes when too much is waiting is told to come again, and when.
func TestBusyStore(t *testing.T) {
	a := newApp(t, func(c *server.Config) {
		c.Store = outcomes{c.Store, store.Receipt{}, fmt.Errorf("ingest: %w", store.ErrBusy)}
	})
	for _, headers := range [][]string{nil, {keyHeader, "k"}} {
		w := a.post(`{"events":[`+ev("e1", "step")+`]}`, headers...)
		wantError(t, w, http.StatusServiceUnavailable, "unavailable", "too much is waiting to be stored")
		same(t, "Retry-After", w.Header().Get("Retry-After"), "1")
	}
	a = newApp(t, func(c *server.Config) { c.Store = outcomes{c.Store, store.Receipt{}, errors.New("database is locked")} })
	w := a.post(`{"events":[`+ev("e1", "step")+`]}`, keyHeader, "k")
	wantError(t, w, http.StatusServiceUnavailable, "unavailable", "could not be stored")
	same(t, "Retry-After", w.Header().Get("Retry-After"), "1")
}
