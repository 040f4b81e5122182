package sentrial_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/sentrial/sentrial-go"
)

// wire takes every batch and keeps what came, byte for byte.
type wire struct {
	mu       sync.Mutex
	bodies   [][]byte
	requests []*http.Request
}

func (w *wire) client() *http.Client { return &http.Client{Transport: w} }

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	r.Body.Close()
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	w.bodies, w.requests = append(w.bodies, body), append(w.requests, r)
	w.mu.Unlock()
	var batch struct {
		Events []json.RawMessage `json:"events"`
	}
	if err := json.Unmarshal(body, &batch); err != nil {
		return nil, err
	}
	return jsonReply(r, http.StatusOK, fmt.Sprintf(`{"accepted":%d,"duplicates":0,"rejected":[]}`, len(batch.Events))), nil
}

// text is all that was sent.
func (w *wire) text() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return string(bytes.Join(w.bodies, nil))
}

// events are the events as they came, not yet read as any type.
func (w *wire) events(t *testing.T) (all []map[string]json.RawMessage) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, body := range w.bodies {
		var batch struct {
			Events []map[string]json.RawMessage `json:"events"`
		}
		if err := json.Unmarshal(body, &batch); err != nil {
			t.Fatalf("a body is no JSON: %v", err)
		}
		all = append(all, batch.Events...)
	}
	return all
}

// event flushes and gives the members of one event as they came.
func (w *wire) event(t *testing.T, client *sentrial.Client, id string) map[string]string {
	t.Helper()
	if err := client.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, e := range w.events(t) {
		if string(e["id"]) != `"`+id+`"` {
			continue
		}
		texts := map[string]string{}
		for name, value := range e {
			texts[name] = string(value)
		}
		return texts
	}
	t.Fatalf("event %q did not arrive", id)
	return nil
}

func jsonReply(r *http.Request, status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Request: r, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)),
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// newClient is a client of loopback that sends through rt and is closed when the test ends.
func newClient(t *testing.T, rt http.RoundTripper, opts ...sentrial.Option) *sentrial.Client {
	t.Helper()
	own := []sentrial.Option{
		sentrial.WithAPIURL("http://127.0.0.1"), sentrial.WithHTTPClient(&http.Client{Transport: rt}), sentrial.WithLogger(slog.New(slog.DiscardHandler)),
	}
	client, err := sentrial.New(append(own, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close(t.Context()) }) // an error is for tests that look at it
	return client
}

// stuckTransport answers nothing until release is closed.
func stuckTransport(release <-chan struct{}) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		select {
		case <-release:
			return nil, errors.New("released")
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	})
}

// noNetwork fails the test at the first request.
func noNetwork(t *testing.T) *http.Client {
	return &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		t.Errorf("a request went to %s", r.URL)
		return nil, errors.New("no network in this test")
	})}
}

// logged keeps the lines of a log.
type logged struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logged) logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logged) lines() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.FieldsFunc(l.buf.String(), func(r rune) bool { return r == '\n' })
}

// sortedMembers gives the members of an object by name.
func sortedMembers(object map[string]json.RawMessage) iter.Seq2[string, json.RawMessage] {
	return func(yield func(string, json.RawMessage) bool) {
		for _, name := range slices.Sorted(maps.Keys(object)) {
			if !yield(name, object[name]) {
				return
			}
		}
	}
}
