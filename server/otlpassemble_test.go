package server_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

const trace1, trace2 = "11111111111111111111111111111111", "22222222222222222222222222222222"

// bubble is a server over a file, in a bubble whose time is the server's. Its traces are put together by fakes.
type bubble struct {
	*app
	db   *sqlite.Store
	edit func(*genai.Event) // of the events that come out
}

func inInbox(t *testing.T, test func(t *testing.T, b *bubble), edit ...func(*server.Config)) {
	file := newFile(t)
	synctest.Test(t, func(t *testing.T) {
		db, err := sqlite.Open(t.Context(), file, sqlite.WithoutSearch())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = db.Close() }()
		test(t, newBubble(t, db, edit...))
	})
}

func newBubble(t *testing.T, db *sqlite.Store, edit ...func(*server.Config)) *bubble {
	b := &bubble{app: &app{t: t}, db: db}
	cfg := server.Config{Store: db, Logger: slog.New(slog.NewTextHandler(&b.log, nil))}
	for _, f := range edit {
		f(&cfg)
	}
	b.Server = newServer(t, cfg)
	faking(b.app, func(e *genai.Event) {
		if b.edit != nil {
			b.edit(e)
		}
	})
	return b
}

// assemble runs the goroutine that makes events, until the function that it returns is called.
func (b *bubble) assemble() (stop func()) {
	ctx, cancel := context.WithCancel(b.t.Context())
	ended := make(chan struct{})
	go func() { b.Assemble(ctx); close(ended) }()
	return func() { cancel(); <-ended }
}

func (b *bubble) postSpans(spans ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	w := b.do("POST", "/v1/traces", strings.NewReader(requestOf(spans...)), "Content-Type", "application/json")
	if w.Code != http.StatusOK {
		b.t.Fatalf("%d %s", w.Code, w.Body)
	}
	return w
}

// stored are the models of the calls that a trace became, "none" before there are any.
func (b *bubble) stored(trace string) string {
	w := b.do("GET", "/v1/sessions/trace_"+trace+"/events", nil)
	if w.Code == http.StatusNotFound {
		return "none"
	}
	var names []string
	for _, e := range decode[struct{ Data []struct{ Model string } }](b.t, w).Data {
		names = append(names, e.Model)
	}
	return strings.Join(names, " ")
}

// left is how many requests the store's inbox has.
func (b *bubble) left() int {
	b.t.Helper()
	all, err := b.db.ReadInbox(context.Background(), 0, 1000)
	if err != nil {
		b.t.Fatal(err)
	}
	return len(all)
}

func TestSpansBecomeEventsWhenTheirTraceIsComplete(t *testing.T) {
	inInbox(t, func(t *testing.T, b *bubble) {
		defer b.assemble()()
		b.postSpans(spanOf(trace1, "0000000000000002", "0000000000000001", "child", "x"))
		time.Sleep(2 * time.Second)
		same(t, "before the root", fmt.Sprint(b.stored(trace1), b.left()), "none1")
		b.postSpans(spanOf(trace1, "0000000000000001", "", "root", "x"))
		time.Sleep(1100 * time.Millisecond)
		synctest.Wait()
		same(t, "after it", fmt.Sprint(b.stored(trace1), b.left(), b.HeldOTLP()), "child root0 0")
		same(t, "the clients", series(b.scrape()["sentrial_clients"]), "opentelemetry-python/1.30.0=1")
		same(t, "the spans", series(b.scrape()["sentrial_otlp_items_total"]), "accepted/logs=0 accepted/metrics=0 accepted/traces=2 failed/logs=0 failed/metrics=0 failed/traces=0"+
			" left_out/logs=0 left_out/metrics=0 left_out/traces=0 rejected/logs=0 rejected/metrics=0 rejected/traces=0")
		same(t, "the traces", series(b.scrape()["sentrial_otlp_traces_total"]), "events=1 nothing=0")
		event := b.get("/v1/events/otel_" + trace1 + "_0000000000000001")
		if !strings.Contains(event, `"service":"shop"`) || !strings.Contains(event, `"client_id":"otlp:shop"`) {
			t.Errorf("the event does not say where it is from: %s", event)
		}
	})
}

// TestRequestsShareTraces: a request stays until all its traces are done, and what is done of it is not done again.
func TestRequestsShareTraces(t *testing.T) {
	inInbox(t, func(t *testing.T, b *bubble) {
		stop := b.assemble()
		b.postSpans(spanOf(trace1, "0000000000000001", "", "one", "x"), spanOf(trace2, "0000000000000002", "0000000000000001", "two", "x"))
		time.Sleep(1500 * time.Millisecond)
		synctest.Wait()
		same(t, "one is done", fmt.Sprint(b.stored(trace1), b.stored(trace2), b.left()), "onenone1")
		stop()
		same(t, "at the end", fmt.Sprint(b.stored(trace2), b.left()), "none1")

		next := newBubble(t, b.db)
		next.edit = func(e *genai.Event) {
			if e.LLMCall.Model == "one" {
				t.Error("what was done is done again")
			}
		}
		defer next.assemble()()
		time.Sleep(6 * time.Second)
		synctest.Wait()
		same(t, "the next process", fmt.Sprint(next.stored(trace1), next.stored(trace2), next.left(), next.HeldOTLP()), "onetwo0 0")
	})
}

// TestTheEndGivesWhatIsComplete: traces with a root are not held back, others stay in the inbox.
func TestTheEndGivesWhatIsComplete(t *testing.T) {
	inInbox(t, func(t *testing.T, b *bubble) {
		stop := b.assemble()
		b.postSpans(spanOf(trace1, "0000000000000001", "", "one", "x"))
		b.postSpans(spanOf(trace2, "0000000000000002", "0000000000000001", "two", "x"))
		synctest.Wait()
		stop()
		same(t, "stored", fmt.Sprint(b.stored(trace1), b.stored(trace2), b.left()), "onenone1")
	})
}

// TestSpansThatMeanNothing do not stay in the inbox for ever, nor logs of no span.
func TestSpansThatMeanNothing(t *testing.T) {
	inInbox(t, func(t *testing.T, b *bubble) {
		defer b.assemble()()
		b.postSpans(spanOf(trace1, "0000000000000001", "", "noise", "x"))
		w := b.do("POST", "/v1/logs", strings.NewReader(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"x"}},
			{"traceId":"`+trace2+`","spanId":"0000000000000001","body":{"stringValue":"x"}}]}]}]}`), "Content-Type", "application/json")
		same(t, "logs", w.Code, 200)
		same(t, "kept", b.left(), 2)
		time.Sleep(32 * time.Second)
		synctest.Wait()
		same(t, "left", fmt.Sprint(b.left(), b.HeldOTLP()), "0 0")
		same(t, "the items", b.items(), "accepted/logs=1 accepted/traces=1 left_out/logs=1")
		same(t, "the traces", series(b.scrape()["sentrial_otlp_traces_total"]), "events=0 nothing=2")
	})
}

// items are the counters of what came, but for those that are zero.
func (b *bubble) items() string {
	all := strings.Fields(series(b.scrape()["sentrial_otlp_items_total"]))
	return strings.Join(slices.DeleteFunc(all, func(s string) bool { return strings.HasSuffix(s, "=0") }), " ")
}

// unsteady is a store that takes no events, or settles nothing, as long as it is told to.
type unsteady struct {
	*sqlite.Store
	ingest, settle, read atomic.Int32 // how often it fails yet
}

func (f *unsteady) fails(left *atomic.Int32) error {
	if left.Add(-1) >= 0 {
		return fmt.Errorf("a disk that is full: %w", store.ErrBusy)
	}
	return nil
}

func (f *unsteady) Ingest(ctx context.Context, b store.Batch) (store.Receipt, error) {
	if err := f.fails(&f.ingest); err != nil {
		return store.Receipt{}, err
	}
	return f.Store.Ingest(ctx, b)
}

func (f *unsteady) SettleInbox(ctx context.Context, done []int64, parts []store.InboxPart) error {
	return errors.Join(f.fails(&f.settle), f.Store.SettleInbox(ctx, done, parts))
}

func (f *unsteady) ReadInbox(ctx context.Context, after int64, limit int) ([]store.InboxRequest, error) {
	if err := f.fails(&f.read); err != nil {
		return nil, err
	}
	return f.Store.ReadInbox(ctx, after, limit)
}

// TestAStoreThatFailsLosesNothing: events wait, and what is held is bounded meanwhile.
func TestAStoreThatFailsLosesNothing(t *testing.T) {
	f := new(unsteady)
	inInbox(t, func(t *testing.T, b *bubble) {
		f.Store = b.db
		f.ingest.Store(4)
		f.settle.Store(2)
		defer b.assemble()()
		b.postSpans(spanOf(trace1, "0000000000000001", "", "one", "x"))
		time.Sleep(5 * time.Second)
		synctest.Wait()
		same(t, "while it fails", fmt.Sprint(b.stored(trace1), b.left()), "none1")
		b.postSpans(spanOf(trace2, "0000000000000001", "", "two", "x"))
		time.Sleep(3 * time.Minute)
		synctest.Wait()
		same(t, "afterwards", fmt.Sprint(b.stored(trace1), b.stored(trace2), b.left(), b.HeldOTLP()), "onetwo0 0")
		if n := strings.Count(b.log.String(), "could not be stored as events"); n != 6 {
			t.Errorf("the log tells of %d failures: %s", n, b.log.String())
		}
	}, func(c *server.Config) { f.Store, c.Store = c.Store.(*sqlite.Store), f })
}

// TestTheInboxIsReadAtTheStart, also by a process that cannot do so at once, and beside requests that come.
func TestTheInboxIsReadAtTheStart(t *testing.T) {
	f := new(unsteady)
	inInbox(t, func(t *testing.T, b *bubble) {
		for n := range 250 {
			b.postSpans(spanOf(fmt.Sprintf("%032x", n+1), "0000000000000001", "", "m", "x"))
		}
		f.read.Store(2)
		next := newBubble(t, b.db, func(c *server.Config) { c.Store = f })
		defer next.assemble()()
		synctest.Wait()
		next.postSpans(spanOf(trace1, "0000000000000001", "", "now", "x"))
		time.Sleep(10 * time.Second)
		synctest.Wait()
		same(t, "left", fmt.Sprint(next.left(), next.HeldOTLP()), "0 0")
		same(t, "the new one", next.stored(trace1), "now")
		same(t, "an old one", next.stored(fmt.Sprintf("%032x", 250)), "m")
		same(t, "events", decode[struct{ Events map[string]int }](t, next.do("GET", "/v1/stats", nil)).Events["total"], 251)
	}, func(c *server.Config) { f.Store, c.Store = c.Store.(*sqlite.Store), f })
}

// TestWhatIsHeldIsBounded: more gets 503, and is not kept.
func TestWhatIsHeldIsBounded(t *testing.T) {
	inInbox(t, func(t *testing.T, b *bubble) {
		stop := b.assemble()
		defer func() { stop() }()
		send := func(trace string) *httptest.ResponseRecorder {
			return b.do("POST", "/v1/traces", strings.NewReader(requestOf(spanOf(trace, "0000000000000001", "0000000000000009", "m", strings.Repeat("x", 8000)))), "Content-Type", "application/json")
		}
		same(t, "the first", send(trace1).Code, 200)
		w := send(trace2)
		same(t, "the second", fmt.Sprint(w.Code, w.Header().Get("Retry-After"), b.left()), "50311")
		time.Sleep(6 * time.Second)
		synctest.Wait()
		same(t, "later", send(trace2).Code, 200)
		time.Sleep(6 * time.Second)
		synctest.Wait()
		same(t, "held", fmt.Sprint(b.HeldOTLP(), b.left()), "0 0")
		same(t, "the items", b.items(), "accepted/traces=2 failed/traces=1")
	}, func(c *server.Config) { c.OTLP.HoldBytes = 30_000 })
}

// TestBadEventsOfSpansCostThemselves: what the decoder would refuse in a batch it refuses here.
func TestBadEventsOfSpansCostThemselves(t *testing.T) {
	inInbox(t, func(t *testing.T, b *bubble) {
		defer b.assemble()()
		b.edit = func(e *genai.Event) {
			switch e.LLMCall.Model {
			case "id":
				e.SessionID = "not an id"
			case "json":
				e.Metadata = map[string]any{"f": func() {}}
			case "time":
				e.Time, e.Duration = time.Time{}, -5
			case "long":
				e.Duration = 1 << 62
			}
		}
		var spans []string
		for n, name := range []string{"id", "json", "time", "long", "good"} {
			spans = append(spans, spanOf(trace1, fmt.Sprintf("%016x", n+1), "", name, "x"))
		}
		b.postSpans(spans...)
		time.Sleep(1100 * time.Millisecond)
		synctest.Wait()
		same(t, "stored", fmt.Sprint(b.stored(trace1), b.left()), "time long good0")
		same(t, "rejected", series(b.scrape()["sentrial_events_rejected_total"]), "validation_error=2")
		if log := b.log.String(); !strings.Contains(log, "session_id: expected") || !strings.Contains(log, "has no JSON form") {
			t.Errorf("the log: %s", log)
		}
	})
}

// TestTracesOfSeveralPrograms: each event counts as its own program's.
func TestTracesOfSeveralPrograms(t *testing.T) {
	inInbox(t, func(t *testing.T, b *bubble) {
		defer b.assemble()()
		child := requestOf(spanOf(trace1, "0000000000000002", "0000000000000001", "child", "x"))
		other := strings.NewReplacer(`"shop"`, `"billing"`, `"python"`, `"nodejs"`).Replace(child)
		same(t, "another's", b.do("POST", "/v1/traces", strings.NewReader(other), "Content-Type", "application/json").Code, 200)
		b.postSpans(spanOf(trace1, "0000000000000001", "", "root", "x"))
		time.Sleep(2 * time.Second)
		synctest.Wait()
		for id, service := range map[string]string{"0000000000000001": "shop", "0000000000000002": "billing"} {
			if event := b.get("/v1/events/otel_" + trace1 + "_" + id); !strings.Contains(event, `"client_id":"otlp:`+service+`"`) {
				t.Errorf("the event of %s: %s", service, event)
			}
		}
	})
}

// TestLongNamesOfPrograms are cut, between characters.
func TestLongNamesOfPrograms(t *testing.T) {
	inInbox(t, func(t *testing.T, b *bubble) {
		defer b.assemble()()
		body := strings.NewReplacer(`"shop"`, `"`+strings.Repeat("é", 300)+`"`, `"python"`, `"`+strings.Repeat("x", 3000)+`"`).Replace(requestOf(spanOf(trace1, "0000000000000001", "", "root", "x")))
		same(t, "taken", b.do("POST", "/v1/traces", strings.NewReader(body), "Content-Type", "application/json").Code, 200)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		same(t, "stored", b.stored(trace1), "root")
		event := b.get("/v1/events/otel_" + trace1 + "_0000000000000001")
		if !strings.Contains(event, `"client_id":"otlp:`+strings.Repeat("é", 125)+`"`) {
			t.Errorf("the client of the event: %.900s", event)
		}
	})
}

// TestServeAssembles is the whole way, with a listener.
func TestServeAssembles(t *testing.T) {
	inInbox(t, func(t *testing.T, b *bubble) {
		ctx, stop := context.WithCancel(t.Context())
		served := make(chan error, 1)
		p := &pipes{accepted: nil, closed: make(chan struct{})}
		go func() { served <- b.Serve(ctx, p) }()
		b.postSpans(spanOf(trace1, "0000000000000001", "", "one", "x"))
		synctest.Wait()
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
		same(t, "stored when it ends", b.stored(trace1), "one")
	})
}
