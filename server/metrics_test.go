package server_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store"
)

// scrape reads /metrics as Prometheus does.
func (a *app) scrape() map[string]*dto.MetricFamily {
	a.t.Helper()
	w := a.do("GET", "/metrics", nil)
	if media := w.Header().Get("Content-Type"); w.Code != http.StatusOK || !strings.HasPrefix(media, "text/plain; version=0.0.4") {
		a.t.Fatalf("%d %q %s", w.Code, media, w.Body)
	}
	problems, err := promlint.New(strings.NewReader(w.Body.String())).Lint()
	if err != nil || len(problems) > 0 {
		a.t.Errorf("promlint: %+v (%v)", problems, err)
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(w.Body.String()))
	if err != nil {
		a.t.Fatal(err)
	}
	return families
}

// series are the values of a family by the values of its labels.
func series(f *dto.MetricFamily) string {
	var list []string
	for _, m := range f.GetMetric() {
		var labels []string
		for _, l := range m.GetLabel() {
			labels = append(labels, l.GetValue())
		}
		value := m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
		list = append(list, fmt.Sprint(strings.Join(labels, "/"), "=", value))
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

func TestMetricsCountWhatHappens(t *testing.T) {
	a := newApp(t)
	body := `{"client":{"id":"c1","sdk":"sentrial-go","version":"0.1.0"},"sent_at":"2026-11-22T11:00:00Z","events":[` +
		ev("e1", "step") + `,` + ev("e1", "step") + `,{"id":"bad"},{"id":"worse"},` + ev("e2", "step", `"input":{"$ref":"sha256:abc"}`) + `]}`
	same(t, "status", a.post(body).Code, 200)
	a.get("/v1/sessions/s1")
	a.get("/v1/sessions/s1")
	a.do("GET", "/v1/sessions/none", nil)
	a.do("GET", "/nowhere", nil)
	got := a.scrape()
	for name, want := range map[string]string{
		"sentrial_events_total":                  "accepted=1 duplicate=1 failed=0 rejected=3",
		"sentrial_events_rejected_total":         "missing_ref=1 validation_error=2",
		"sentrial_ingest_wire_bytes_total":       fmt.Sprint("=", len(body)),
		"sentrial_ingest_event_bytes_total":      fmt.Sprint("=", 2*len(ev("e1", "step"))),
		"sentrial_clock_skewed_batches_total":    "=1",
		"sentrial_clients":                       "sentrial-go/0.1.0=1",
		"sentrial_streams_open":                  "=0",
		"sentrial_http_requests_total":           "GET /v1/sessions/{id}/200=2 GET /v1/sessions/{id}/404=1 POST /v1/events/200=1 none/404=1",
		"sentrial_http_request_duration_seconds": "GET /v1/sessions/{id}=3 POST /v1/events=1 none=1",
	} {
		same(t, name, series(got[name]), want)
	}
	if info := series(got["sentrial_build_info"]); !strings.HasPrefix(info, "go1.") || !strings.HasSuffix(info, "/1.2.3=1") {
		t.Errorf("build info %s", info)
	}
	for _, name := range []string{"go_goroutines", "go_memstats_heap_alloc_bytes"} {
		if got[name] == nil {
			t.Errorf("%s is missing", name)
		}
	}
}

// TestMetricsNameNobody has no project, user, session or event in any label, whoever sends what.
func TestMetricsNameNobody(t *testing.T) {
	a := newApp(t)
	a.do("POST", "/v1/events", strings.NewReader(`{"client":{"id":"secret-client"},"events":[`+ev("secret-event", "secret_type", `"user_id":"secret-user"`)+`]}`),
		"Content-Type", "application/json", "X-Sentrial-Project", "secret-project")
	a.do("GET", "/v1/sessions/secret-session", nil, "X-Sentrial-Project", "secret-project")
	a.do("SECRET", "/secret-path", nil)
	if w := a.do("GET", "/metrics", nil); strings.Contains(strings.ToLower(w.Body.String()), "secret") {
		t.Error(w.Body)
	}
}

func TestMetricsLabelsAreBounded(t *testing.T) {
	now := noon
	a := newApp(t, func(c *server.Config) { c.Now = func() time.Time { return now } })
	send := func(client, sdk, version string) {
		same(t, client, a.post(fmt.Sprintf(`{"client":{"id":%q,"sdk":%q,"version":%q},"events":[{"id":"bad"}]}`, client, sdk, version)).Code, 200)
	}
	for i := range 300 {
		send(fmt.Sprint("c", i), "sdk", fmt.Sprint("v", i))
	}
	send("d1", "often", "1")
	send("d2", "often", "1")
	send("d3", strings.Repeat("x", 250), "")
	clients := a.scrape()["sentrial_clients"]
	if n := len(clients.GetMetric()); n != 51 || !strings.Contains(series(clients), "often/1=2") || !strings.Contains(series(clients), "other/other=252") {
		t.Errorf("%d kinds of clients: %s", n, series(clients))
	}
	now = now.Add(59 * time.Minute)
	send("d1", "often", "2")
	now = now.Add(2 * time.Minute)
	same(t, "an hour later", series(a.scrape()["sentrial_clients"]), "often/2=1")
}

// busy is a store that can tell how it is doing.
type busy struct{ store.Store }

func (busy) Gauges() store.Gauges {
	return store.Gauges{QueueBytes: 7, Commits: 8, LastCommit: 1500 * time.Millisecond, SearchLag: 9}
}

func TestMetricsOfTheStore(t *testing.T) {
	a := newApp(t, func(c *server.Config) { c.Store = busy{c.Store} })
	got := a.scrape()
	for name, want := range map[string]string{
		"sentrial_store_queue_bytes": "=7", "sentrial_store_commits_total": "=8", "sentrial_store_last_commit_duration_seconds": "=1.5",
		"sentrial_store_search_lag_events": "=9",
	} {
		same(t, name, series(got[name]), want)
	}
	type silent struct{ store.Store }
	if got := newApp(t, func(c *server.Config) { c.Store = silent{c.Store} }).scrape(); got["sentrial_store_queue_bytes"] != nil {
		t.Error("figures of a store that has none")
	}
}

func TestMetricsOfFailures(t *testing.T) {
	var db store.Store
	a := newApp(t, func(c *server.Config) { db, c.Trusted = c.Store, true })
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	a.post(`{"events":[` + ev("e1", "step") + `,` + ev("e2", "step") + `]}`)
	got := a.scrape()
	same(t, "events", series(got["sentrial_events_total"]), "accepted=0 duplicate=0 failed=2 rejected=0")
	same(t, "requests", series(got["sentrial_http_requests_total"]), "POST /v1/events/503=1")
}

// TestMetricsOfPanics has one after which the client gets a 500.
func TestMetricsOfPanics(t *testing.T) {
	a := newApp(t, func(c *server.Config) { c.Store, c.Trusted = panicking{c.Store}, true })
	a.do("GET", "/readyz", nil)
	same(t, "requests", series(a.scrape()["sentrial_http_requests_total"]), "GET /readyz/500=1")
}

// TestTwoServersHaveTheirOwnMetrics would panic if they shared a registry.
func TestTwoServersHaveTheirOwnMetrics(t *testing.T) {
	one, other := newApp(t), newApp(t)
	one.send(ev("e1", "step"))
	same(t, "the other", series(other.scrape()["sentrial_events_total"]), "accepted=0 duplicate=0 failed=0 rejected=0")
}

func TestMetricsOfStreams(t *testing.T) {
	a := newApp(t)
	c := follow(t, http.DefaultClient, a.streaming()+"/v1/stream")
	same(t, "open", series(a.scrape()["sentrial_streams_open"]), "=1")
	c.cancel()
}
