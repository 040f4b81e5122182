package eventmill_test

import (
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/internal/eventmill"
	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
	"github.com/sentrial/sentrial-go/types"
)

func lines(t *testing.T, o eventmill.Options) [][]byte {
	t.Helper()
	var out bytes.Buffer
	if err := eventmill.WriteNDJSON(&out, o); err != nil {
		t.Fatal(err)
	}
	return slices.Collect(bytes.Lines(out.Bytes()))
}

func TestSameSeedSameEvents(t *testing.T) {
	one, same, other := lines(t, eventmill.Options{Events: 1010, Seed: 7}), lines(t, eventmill.Options{Events: 1010, Seed: 7}), lines(t, eventmill.Options{Events: 1010, Seed: 8})
	if len(one) != 1010 || !slices.EqualFunc(one, same, bytes.Equal) {
		t.Errorf("%d events, and a second time others", len(one))
	}
	if bytes.Equal(one[0], other[0]) {
		t.Error("the seed changes nothing")
	}
}

// TestEventsAreRealistic reads them as types.Event does.
func TestEventsAreRealistic(t *testing.T) {
	const n = 4000
	size, failed := 0, 0
	ids, sessions := make(map[string]bool), make(map[string]bool)
	until := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, line := range lines(t, eventmill.Options{Events: n, Until: until}) {
		var e types.Event
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		size += len(line)
		ids[e.ID], sessions[e.SessionID] = true, true
		if e.Status == types.StatusError && e.Type != types.EventSessionEnd {
			failed++
		}
		if e.Timestamp.Before(until.Add(-eventmill.Span)) || e.Timestamp.After(until.Add(24*time.Hour)) {
			t.Errorf("event %s happens at %v", e.ID, e.Timestamp)
		}
	}
	if len(ids) != n || len(sessions) != n/eventmill.PerSession {
		t.Errorf("%d ids, %d sessions", len(ids), len(sessions))
	}
	if mean := size / n; mean < 1300 || mean > 1700 {
		t.Errorf("%d bytes an event", mean)
	}
	if failed < n/100 || failed > n/35 {
		t.Errorf("%d of %d failed", failed, n)
	}
}

// TestEventsAreAsTheServerReadsThem stores them by way of their JSON and by way of their fields.
func TestEventsAreAsTheServerReadsThem(t *testing.T) {
	direct, byJSON := open(t), open(t)
	o := eventmill.Options{Events: 1000, Seed: 3}
	batch := store.Batch{Project: "default", ReceivedAt: time.Unix(9, 0), Events: slices.Collect(eventmill.Events(o))}
	if _, err := direct.Ingest(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	body := `{"events":[` + string(bytes.Join(lines(t, o), []byte(","))) + `]}`
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/v1/events", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	handler(t, byJSON).ServeHTTP(w, r)
	if got := strings.TrimSpace(w.Body.String()); got != `{"accepted":1000,"duplicates":0,"rejected":[]}` {
		t.Fatal(got)
	}
	for _, target := range []string{"/v1/sessions?limit=1000", "/v1/sessions?model=model-00", "/v1/sessions?tool=tool-02"} {
		if one, other := get(t, direct, target), get(t, byJSON, target); one != other {
			t.Errorf("%s:\n%s\n%s", target, one, other)
		}
	}
	for _, by := range []store.Facet{store.FacetModel, store.FacetTool, store.FacetType, store.FacetAgent} {
		q := store.RollupQuery{By: by, Limit: 10_000}
		if one, other := rollups(t, direct, q), rollups(t, byJSON, q); one != other {
			t.Errorf("rollups by %s:\n%s\n%s", by, one, other)
		}
	}
}

func rollups(t *testing.T, s store.Store, q store.RollupQuery) string {
	t.Helper()
	page, err := s.Rollups(t.Context(), "default", q)
	if err != nil || len(page.Rollups) == 0 {
		t.Fatal(len(page.Rollups), err)
	}
	text, err := json.Marshal(page.Rollups)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func open(t *testing.T) store.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "s.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func handler(t *testing.T, s store.Store) *server.Server {
	t.Helper()
	h, err := server.New(server.Config{Store: s})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func get(t *testing.T, s store.Store, target string) string {
	t.Helper()
	w := httptest.NewRecorder()
	handler(t, s).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", target, nil))
	if w.Code != 200 {
		t.Fatalf("%s: %d %s", target, w.Code, w.Body)
	}
	return w.Body.String()
}

func BenchmarkEvents(b *testing.B) {
	b.ReportAllocs()
	for range eventmill.Events(eventmill.Options{Events: b.N}) {
	}
}
