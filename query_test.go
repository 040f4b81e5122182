package sentrial_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// firstError gives the error of a sequence's first element.
func firstError[T any](seq iter.Seq2[T, error]) error {
	for _, err := range seq {
		return err
	}
	return nil
}

func TestGetSessionFlushesFirst(t *testing.T) {
	rec := sentrialtest.New(t, sentrial.WithFlushInterval(time.Hour))
	ctx, session := rec.Client().CreateSession(t.Context(), "s", sentrial.WithUserID("u"))
	session.TrackStep(ctx, types.Step{Name: "x"})
	got, err := rec.Client().GetSession(ctx, session.ID())
	if err != nil || got.ID != session.ID() || got.Name != "s" || got.UserID != "u" || got.Status != types.StatusActive || got.Events != 2 {
		t.Errorf("GetSession = %+v, %v", got, err)
	}
	session.Close(ctx, types.SessionResult{Summary: "done"})
	var kinds []types.EventType
	for e, err := range rec.Client().Events(ctx, session.ID()) {
		if err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, e.Type)
	}
	if want := []types.EventType{types.EventSessionStart, types.EventStep, types.EventSessionEnd}; !slices.Equal(kinds, want) {
		t.Errorf("Events gave %v, want %v", kinds, want)
	}
}

func TestGetSessionNotFound(t *testing.T) {
	rec := sentrialtest.New(t)
	got, err := rec.Client().GetSession(t.Context(), "sess_none")
	var api *sentrial.APIError
	if got != nil || !errors.Is(err, sentrial.ErrNotFound) || !errors.As(err, &api) || api.Status != http.StatusNotFound || api.Code != "not_found" {
		t.Errorf("GetSession = %+v, %v; want ErrNotFound with what the server said", got, err)
	}
}

func TestInvalidIDsAreNotAskedFor(t *testing.T) {
	client := newClient(t, noNetwork(t).Transport)
	for _, id := range []string{"", "a b", "../x", strings.Repeat("x", 129)} {
		_, err := client.GetSession(t.Context(), id)
		if other := firstError(client.Events(t.Context(), id)); err == nil || other == nil || !strings.Contains(err.Error(), "1 to 128 characters") {
			t.Errorf("%q: %v, %v; want what an id is", id, err, other)
		}
	}
}

func TestReadingWithoutAServer(t *testing.T) {
	without, err := sentrial.New(sentrial.WithLogger((&logged{}).logger()))
	if err != nil {
		t.Fatal(err)
	}
	for name, client := range map[string]*sentrial.Client{"nil": nil, "without a key": without} {
		_, err := client.GetSession(t.Context(), "s")
		for _, err := range []error{err, firstError(client.ListSessions(t.Context(), sentrial.SessionQuery{})), firstError(client.Events(t.Context(), "s"))} {
			if !errors.Is(err, sentrial.ErrUnsupported) {
				t.Errorf("%s: %v, want ErrUnsupported", name, err)
			}
		}
	}
}

// library has n sessions and pages of at most size, as a server has.
type library struct {
	n, size  int
	queries  []url.Values
	breakAt  int // this request is answered with an error, 0 = none
	nextPage func(start int) string
}

func (l *library) RoundTrip(r *http.Request) (*http.Response, error) {
	l.queries = append(l.queries, r.URL.Query())
	if len(l.queries) == l.breakAt {
		return jsonReply(r, http.StatusServiceUnavailable, `{"error":{"code":"unavailable","message":"later"}}`), nil
	}
	size := l.size
	if limit, err := strconv.Atoi(r.URL.Query().Get("limit")); err == nil {
		size = min(size, limit)
	}
	start, _ := strconv.Atoi(r.URL.Query().Get("cursor"))
	var page struct {
		Data       []types.Session `json:"data"`
		NextCursor string          `json:"next_cursor,omitempty"`
	}
	for i := start; i < min(start+size, l.n); i++ {
		page.Data = append(page.Data, types.Session{ID: fmt.Sprint("s", i), Status: types.StatusActive})
	}
	if start+size < l.n {
		page.NextCursor = l.nextPage(start + size)
	}
	body, err := json.Marshal(page)
	return jsonReply(r, http.StatusOK, string(body)), err
}

func newLibrary(n, size int) *library { return &library{n: n, size: size, nextPage: strconv.Itoa} }

func TestListSessionsReadsPageByPage(t *testing.T) {
	for _, c := range []struct{ n, size, limit, want, requests int }{
		{0, 10, 0, 0, 1}, {10, 10, 0, 10, 1}, {25, 10, 0, 25, 3}, {25, 10, 12, 12, 2}, {25, 10, 10, 10, 1}, {5, 10, 12, 5, 1}, {3000, 1000, 2500, 2500, 3},
	} {
		lib := newLibrary(c.n, c.size)
		client := newClient(t, lib)
		n := 0
		for s, err := range client.ListSessions(t.Context(), sentrial.SessionQuery{Limit: c.limit}) {
			if err != nil || s.ID != fmt.Sprint("s", n) {
				t.Fatalf("session %d is %+v, %v", n, s, err)
			}
			n++
		}
		if n != c.want || len(lib.queries) != c.requests {
			t.Errorf("%+v: %d sessions in %d requests", c, n, len(lib.queries))
		}
	}
}

func TestListSessionsStopsWhenTheLoopDoes(t *testing.T) {
	lib := newLibrary(100, 10)
	client := newClient(t, lib)
	sessions := client.ListSessions(t.Context(), sentrial.SessionQuery{})
	for range 2 { // a sequence may be run again
		n := 0
		for _, err := range sessions {
			if err != nil {
				t.Fatal(err)
			}
			if n++; n == 15 {
				break
			}
		}
		if n != 15 {
			t.Errorf("%d sessions, want 15", n)
		}
	}
	if len(lib.queries) != 4 {
		t.Errorf("%d requests, want 2 for each loop", len(lib.queries))
	}
}

func TestListSessionsAsksForWhatTheQuerySays(t *testing.T) {
	lib := newLibrary(0, 1)
	client := newClient(t, lib)
	since := time.Date(2026, 11, 22, 1, 0, 0, 5, time.FixedZone("", 3600))
	for s, err := range client.ListSessions(t.Context(), sentrial.SessionQuery{
		Status: types.StatusError, Agent: "a b", User: "u", Text: "ü&x", Since: since, Until: since.Add(time.Hour), Limit: 2000,
	}) {
		t.Errorf("got %v, %v of no sessions", s, err)
	}
	want := url.Values{
		"status": {"error"}, "agent": {"a b"}, "user": {"u"}, "q": {"ü&x"}, "since": {"2026-11-22T00:00:00.000000005Z"}, "until": {"2026-11-22T01:00:00.000000005Z"}, "limit": {"1000"},
	}
	if got := lib.queries[0]; got.Encode() != want.Encode() {
		t.Errorf("asked for %v, want %v", got, want)
	}
}

func TestErrorEndsTheSequence(t *testing.T) {
	lib := newLibrary(100, 10)
	lib.breakAt = 2
	client := newClient(t, lib)
	n := 0
	var last error
	for s, err := range client.ListSessions(t.Context(), sentrial.SessionQuery{}) {
		if last != nil {
			t.Fatal("the sequence goes on after its error")
		}
		if last = err; err == nil && s != nil {
			n++
		}
	}
	var api *sentrial.APIError
	if n != 10 || !errors.As(last, &api) || api.Status != http.StatusServiceUnavailable {
		t.Errorf("%d sessions, then %v; want 10, then the server's error", n, last)
	}
}

func TestServerThatRepeatsItsPage(t *testing.T) {
	lib := newLibrary(100, 10)
	lib.nextPage = func(int) string { return "again" }
	client := newClient(t, lib)
	var last error
	for _, last = range client.ListSessions(t.Context(), sentrial.SessionQuery{}) {
		continue // the last error is all that counts
	}
	if last == nil || len(lib.queries) != 2 {
		t.Errorf("%d requests, then %v; want an error after the second", len(lib.queries), last)
	}
}

func TestAPIErrorHoldsWhatTheServerSaid(t *testing.T) {
	client := newClient(t, roundTripper(func(r *http.Request) (*http.Response, error) {
		reply := jsonReply(r, http.StatusTooManyRequests, `{"error":{"code":"rate_limited","message":"slow down, Bearer sk-1","request_id":"req_1"}}`)
		reply.Header.Set("Retry-After", "7")
		return reply, nil
	}), sentrial.WithAPIKey("sk-1"))
	_, err := client.GetSession(t.Context(), "s")
	var api *sentrial.APIError
	want := sentrial.APIError{Status: 429, Code: "rate_limited", Message: "slow down, Bearer [key]", RequestID: "req_1", RetryAfter: 7 * time.Second}
	if !errors.As(err, &api) || *api != want || !errors.Is(err, sentrial.ErrRateLimited) {
		t.Errorf("GetSession gave %+v, want %+v", api, want)
	}
}

func TestRepliesThatAreNoAnswer(t *testing.T) {
	html := `<html><title>Sign in</title></html>`
	for name, c := range map[string]struct {
		status      int
		contentType string
		body, want  string
	}{
		"a page":            {200, "text/html; charset=utf-8", html, "text/html"},
		"no content type":   {200, "", `{"id":"s"}`, "not JSON"},
		"an error page":     {502, "text/html", html, "502: Bad Gateway"},
		"half a reply":      {200, "application/json", `{"id":"s`, "unexpected end"},
		"another resource":  {200, "application/json", `{"data":[]}`, "no id"},
		"a wrong type":      {200, "application/json", `{"id":7}`, "want a string"},
		"a wrong container": {200, "application/json", `[]`, "array"},
	} {
		client := newClient(t, roundTripper(func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: c.status, Request: r, Header: http.Header{"Content-Type": {c.contentType}}, Body: io.NopCloser(strings.NewReader(c.body))}, nil
		}))
		got, err := client.GetSession(t.Context(), "s")
		if got != nil || err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "Sign in") {
			t.Errorf("%s: %+v, %v; want an error that says %q", name, got, err, c.want)
		}
	}
}

func TestUnreachableServer(t *testing.T) {
	refused := errors.New("connection refused")
	client := newClient(t, roundTripper(func(*http.Request) (*http.Response, error) { return nil, refused }))
	if _, err := client.GetSession(t.Context(), "s"); !errors.Is(err, refused) || !strings.HasPrefix(err.Error(), "sentrial: ") {
		t.Errorf("GetSession gave %v, want the cause", err)
	}
}
