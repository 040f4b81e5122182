package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store"
)

// everyOperation calls fn for each operation of the contract that is there, in the order of their names.
func everyOperation(a *app, fn func(o *operation)) {
	routes := a.Patterns()
	for _, name := range slices.Sorted(maps.Keys(theContract().operations)) {
		if slices.Contains(routes, name) {
			fn(theContract().operations[name])
		}
	}
}

// public reports whether everybody may ask for it.
func (o *operation) public() bool { return o.Operation.Security != nil }

// takesEvents reports whether the operation reads a body of events.
func (o *operation) takesEvents() bool {
	return o.Operation.Responses.Status(http.StatusRequestTimeout) != nil
}

// example is a body that the document gives for the operation, and its media type; "" when it takes none.
func (o *operation) example() (body, media string) {
	if o.Operation.RequestBody == nil {
		return "", ""
	}
	content := o.Operation.RequestBody.Value.Content.Get("application/json")
	value := content.Example
	for _, named := range content.Examples {
		value = named.Value.Value
	}
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text), "application/json"
}

// call makes a request of the operation as the document gives it, unless edit changes it.
func (a *app) call(o *operation, edit ...func(r *http.Request)) *httptest.ResponseRecorder {
	a.t.Helper()
	body, media := o.example()
	// A stream goes on until its reader leaves.
	ctx, leave := context.WithTimeout(a.t.Context(), 100*time.Millisecond)
	defer leave()
	a.edit = func(r *http.Request) {
		if strings.HasSuffix(o.Path, "/stream") {
			*r = *r.WithContext(ctx)
		}
		for _, change := range edit {
			change(r)
		}
	}
	defer func() { a.edit = nil }()
	return a.do(o.Method, o.target(), strings.NewReader(body), append([]string{"Content-Type", media}, a.shown...)...)
}

// target is the operation's path for what is called sess_1.
func (o *operation) target() string { return strings.ReplaceAll(o.Path, "{id}", "sess_1") }

// header returns an edit that sets headers.
func header(pairs ...string) func(r *http.Request) {
	return func(r *http.Request) {
		for i := 0; i < len(pairs); i += 2 {
			r.Header.Set(pairs[i], pairs[i+1])
		}
	}
}

// newKeyed is a server with an admin's key, which calls show, and another one called sess_1.
func newKeyed(t *testing.T, edit ...func(*server.Config)) *app {
	t.Helper()
	var db store.Store
	a := newApp(t, append([]func(*server.Config){func(c *server.Config) { db = c.Store }}, edit...)...)
	a.shown = keyIn(t, db, "admin").header()
	if err := db.CreateKey(t.Context(), store.Key{ID: "sess_1", Project: "default", Prefix: "sess_1", Scopes: []string{"admin"}}); err != nil {
		t.Fatal(err)
	}
	return a
}

// keyIn makes a key of the project default.
func keyIn(t *testing.T, db store.Store, scope string) madeKey {
	t.Helper()
	a := &app{t: t, Server: newServer(t, server.Config{Store: db, Trusted: true})}
	return decode[madeKey](t, a.do("POST", "/v1/keys", strings.NewReader(`{"scopes":["`+scope+`"]}`), "Content-Type", "application/json"))
}

func TestEveryExampleWorks(t *testing.T) {
	a := newKeyed(t)
	a.begin()
	everyOperation(a, func(o *operation) {
		if o.Operation.RequestBody == nil {
			return
		}
		if w := a.call(o); w.Code >= 300 {
			t.Errorf("the example of %s: %d %s", o.name, w.Code, w.Body)
		}
	})
	lines := theContract().operations["POST /v1/events"].Operation.RequestBody.Value.Content.Get("application/x-ndjson").Example.(string)
	same(t, "lines", decode[ack](t, a.postLines(strings.ReplaceAll(lines, "evt_", "line_"), a.shown...)), "{2 0 []}")
}

func TestEveryRouteRefusesOtherVersions(t *testing.T) {
	a := newKeyed(t)
	everyOperation(a, func(o *operation) {
		if w := a.call(o, header("Sentrial-Version", "9")); w.Code != http.StatusBadRequest && !o.public() {
			t.Errorf("%s: %d %s", o.name, w.Code, w.Body)
		}
	})
}

// begin sends the event sess_1 of the session sess_1.
func (a *app) begin() {
	a.t.Helper()
	w := a.post(`{"events":[{"id":"sess_1","type":"session_start","session_id":"sess_1","timestamp":"2026-11-22T00:16:56Z"}]}`, a.shown...)
	same(a.t, "the beginning", decode[ack](a.t, w), "{1 0 []}")
}

// TestEveryRouteTakesItsHeaders says in them what holds anyway.
func TestEveryRouteTakesItsHeaders(t *testing.T) {
	for _, o := range theContract().operations {
		a := newKeyed(t)
		a.begin()
		if w := a.call(o, header("X-Sentrial-Project", "default", "Sentrial-Version", "1")); w.Code >= 300 {
			t.Errorf("%s: %d %s", o.name, w.Code, w.Body)
		}
	}
}

// TestEveryRouteKnowsItsParameters sends one that none has.
func TestEveryRouteKnowsItsParameters(t *testing.T) {
	for _, o := range theContract().operations {
		a := newKeyed(t)
		a.begin()
		taken := a.call(o, func(r *http.Request) { r.URL.RawQuery = "nobody=1" }).Code < 300
		same(t, o.name+" takes it", taken, o.ignoresQuery())
	}
}

func TestEveryGetIsAHeadToo(t *testing.T) {
	a := newKeyed(t)
	a.begin()
	everyOperation(a, func(o *operation) {
		if o.Method != http.MethodGet || strings.HasSuffix(o.Path, "/stream") {
			return
		}
		get, head := a.call(o), a.do(http.MethodHead, o.target(), nil, a.shown...)
		if head.Code != get.Code || get.Code != http.StatusOK || head.Header().Get("Content-Type") != get.Header().Get("Content-Type") {
			t.Errorf("%s: GET %d, HEAD %d", o.name, get.Code, head.Code)
		}
	})
}

// bad is a store that does as it is told whatever it is asked.
type bad struct {
	store.Store
	do func() error
}

func (b bad) Ingest(context.Context, store.Batch) (store.Receipt, error) {
	return store.Receipt{}, b.do()
}

func (b bad) Sessions(context.Context, string, store.SessionQuery) (store.SessionPage, error) {
	return store.SessionPage{}, b.do()
}

func (b bad) Session(context.Context, string, string) (store.Session, error) {
	return store.Session{}, b.do()
}

func (b bad) Events(context.Context, string, string, store.EventQuery) (store.EventPage, error) {
	return store.EventPage{}, b.do()
}

func (b bad) Event(context.Context, string, string) (store.Record, error) {
	return store.Record{}, b.do()
}

func (b bad) Rollups(context.Context, string, store.RollupQuery) (store.RollupPage, error) {
	return store.RollupPage{}, b.do()
}

func (b bad) Facets(context.Context, string, store.FacetQuery) ([]store.FacetValues, error) {
	return nil, b.do()
}

func (b bad) Stats(context.Context, string, store.StatsQuery) (store.Stats, error) {
	return store.Stats{}, b.do()
}

func (b bad) Position(context.Context) (int64, error) { return 0, b.do() }

func (b bad) EraseSession(context.Context, string, string, time.Time) (store.Removed, error) {
	return store.Removed{}, b.do()
}

func (b bad) EraseUser(context.Context, string, string, time.Time) (store.Removed, error) {
	return store.Removed{}, b.do()
}

func (b bad) ListKeys(context.Context, string) ([]store.Key, error) { return nil, b.do() }

func (b bad) CreateKey(context.Context, store.Key) error { return b.do() }

func (b bad) RevokeKey(context.Context, string, string, time.Time) error { return b.do() }

func (b bad) Ping(context.Context) error { return b.do() }

func (b bad) KeepInbox(context.Context, store.InboxRequest) (int64, error) { return 0, b.do() }

// keyless is a store that finds no key, as the test says why.
type keyless struct {
	store.Store
	err error
}

func (k keyless) KeyByPrefix(context.Context, string) (store.Key, error) { return store.Key{}, k.err }

// TestEveryRouteOverABadStore: what goes wrong there is told in the form of the contract, and nothing of its words.
func TestEveryRouteOverABadStore(t *testing.T) {
	for name, do := range map[string]func() error{"fails": func() error { return errors.New("a secret of the disk") }, "panics": func() error { panic("a secret of the code") }} {
		a := newKeyed(t, func(c *server.Config) { c.Store = bad{c.Store, do} })
		everyOperation(a, func(o *operation) {
			w := a.call(o)
			if strings.Contains(w.Body.String(), "secret") {
				t.Errorf("%s over a store that %s: %s", o.name, name, w.Body)
			}
		})
	}
}

// TestEveryRouteWhenKeysCannotBeLookedUp: nobody is let in, and everybody hears that it is not their key.
func TestEveryRouteWhenKeysCannotBeLookedUp(t *testing.T) {
	a := newKeyed(t, func(c *server.Config) { c.Store = keyless{c.Store, errors.New("a secret of the disk")} })
	everyOperation(a, func(o *operation) {
		w := a.call(o)
		if !o.public() && (w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "secret")) {
			t.Errorf("%s: %d %s", o.name, w.Code, w.Body)
		}
	})
}

// TestEveryRouteUnfoldsWhatItTakes sends the examples compressed.
func TestEveryRouteUnfoldsWhatItTakes(t *testing.T) {
	a := newKeyed(t)
	a.begin()
	everyOperation(a, func(o *operation) {
		if !slices.ContainsFunc(o.parameters(), func(p *openapi3.Parameter) bool { return p.Name == "Content-Encoding" }) {
			return
		}
		body, _ := o.example()
		for _, encoding := range []string{"gzip", "zstd"} {
			w := a.call(o, header("Content-Encoding", encoding), func(r *http.Request) {
				r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(compressed(t, encoding, body))), -1
			})
			same(t, o.name+" in "+encoding, w.Code, http.StatusOK)
		}
	})
}

// TestEveryRouteThatTakesEvents refuses what is no body of theirs.
func TestEveryRouteThatTakesEvents(t *testing.T) {
	a := newKeyed(t)
	everyOperation(a, func(o *operation) {
		if !o.takesEvents() {
			return
		}
		cut := func(r *http.Request) {
			r.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"`), broken{io.ErrUnexpectedEOF}))
		}
		same(t, o.name+", cut off", a.call(o, cut).Code, 408)
		same(t, o.name+", text", a.call(o, header("Content-Type", "text/plain")).Code, 415)
		same(t, o.name+", form", a.call(o, header("Content-Type", "application/x-www-form-urlencoded")).Code, 415)
		same(t, o.name+", brotli", a.call(o, header("Content-Encoding", "br")).Code, 415)
		same(t, o.name+", large", a.call(o, func(r *http.Request) { r.ContentLength = 6 << 20 }).Code, 413)
		same(t, o.name+", no JSON", a.call(o, func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader("[")) }).Code, 400)
	})
}

// TestEveryRouteAsksWhoCalls makes requests that are turned away for where they come from, and for the key that they show.
func TestEveryRouteAsksWhoCalls(t *testing.T) {
	a := newKeyed(t)
	everyOperation(a, func(o *operation) {
		same(t, o.name+" by a foreign name", a.call(o, func(r *http.Request) { r.Host = "evil.example" }).Code, 403)
		same(t, o.name+" from a page", a.call(o, header("Origin", "https://evil.example")).Code, 403)
		if o.public() {
			return
		}
		same(t, o.name+" without a key", a.call(o, func(r *http.Request) { r.Header.Del("Authorization") }).Code, 401)
		same(t, o.name+" for another project", a.call(o, header("X-Sentrial-Project", "other")).Code, 403)
	})
}

// TestEveryRouteCounts makes more requests than a caller may.
func TestEveryRouteCounts(t *testing.T) {
	everyOperation(newApp(t), func(o *operation) {
		a := newKeyed(t, func(c *server.Config) { c.RateLimit = 1 })
		a.call(o)
		refused := a.call(o).Code == http.StatusTooManyRequests
		same(t, o.name+" refuses the second request", refused, o.Operation.Responses.Status(http.StatusTooManyRequests) != nil)
	})
}
