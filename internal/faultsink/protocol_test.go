package faultsink_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/sentrial/sentrial-go/internal/faultsink"
)

func gzipped(s string) string {
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	if _, err := z.Write([]byte(s)); err != nil {
		panic(err)
	}
	z.Close()
	return buf.String()
}

func zstandard(s string) string {
	z, err := zstd.NewWriter(nil)
	if err != nil {
		panic(err)
	}
	defer z.Close()
	return string(z.EncodeAll([]byte(s), nil))
}

func TestEncodings(t *testing.T) {
	for _, c := range []struct {
		body     string
		headers  []string
		status   int
		received int
	}{
		{two, nil, 200, 2},
		{two, []string{"Content-Encoding", "identity"}, 200, 2},
		{gzipped(two), []string{"Content-Encoding", "gzip"}, 200, 2},
		{zstandard(two), []string{"Content-Encoding", "zstd"}, 200, 2},
		{two, []string{"Content-Type", "application/json; charset=utf-8"}, 200, 2},
		{two, []string{"Content-Encoding", "gzip"}, 400, 0},
		{two, []string{"Content-Encoding", "zstd"}, 400, 0},
		{gzipped(two)[:50], []string{"Content-Encoding", "gzip"}, 400, 0},
		{two, []string{"Content-Encoding", "br"}, 415, 0},
		{two, []string{"Content-Type", "text/plain"}, 415, 0},
		{"{", nil, 400, 0},
		{`{"events":[{"type":"step"}]}`, nil, 400, 0},
		{`{"events":[]}`, nil, 200, 0},
	} {
		sink := faultsink.New()
		got := inMemory(t, sink).post(t.Context(), c.body, c.headers...)
		report := sink.Report()
		if got.StatusCode != c.status || report.Received != c.received || (c.status == 200) != (len(report.Malformed) == 0) || report.Requests[0].WireBytes != int64(len(c.body)) {
			t.Errorf("%.40q with %v: got %v, %d events, malformed %v, %d bytes; want %d, %d events", c.body, c.headers, got, report.Received, report.Malformed, report.Requests[0].WireBytes, c.status, c.received)
		}
	}
}

func TestHealth(t *testing.T) {
	each(t, func(t *testing.T, to func(*faultsink.Sink) link) {
		sink := faultsink.New(faultsink.Always(faultsink.Reset))
		got := get(t, to(sink), "/healthz")
		if got.err != nil || strings.TrimSpace(got.text) != `{"protocols":["batch"],"service":"sentrial","status":"ok"}` {
			t.Errorf("got %v", got)
		}
		if report := sink.Report(); len(report.Requests) != 0 || len(report.Strays) != 0 {
			t.Errorf("it counted as %v, %v", report.Requests, report.Strays)
		}
	})
}

// Whatever comes, the sink answers it, accounts for every event that it acknowledges, and stores none twice.
func FuzzBody(f *testing.F) {
	for _, seed := range []string{two, "", "null", "{}", `{"events":[{"id":"a"},{"id":"a"}]}`, `{"events":[{"id":"a","seq":1e400}]}`, `{"events":[{"id":"a","timestamp":""}]}`} {
		f.Add([]byte(seed), "")
		f.Add([]byte(gzipped(seed)), "gzip")
		f.Add([]byte(zstandard(seed)), "zstd")
	}
	f.Fuzz(func(t *testing.T, body []byte, encoding string) {
		sink := faultsink.New()
		for i := range 2 {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/events", bytes.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			r.Header["Content-Encoding"] = []string{encoding}
			w := httptest.NewRecorder()
			sink.ServeHTTP(w, r)
			report := sink.Report()
			if good := w.Code == http.StatusOK; good != (len(report.Malformed) == 0) || report.StoredDuplicates() > 0 {
				t.Errorf("status %d, malformed %v, %d stored twice", w.Code, report.Malformed, report.StoredDuplicates())
			}
			accepted, duplicates, _, err := answer{text: w.Body.String()}.acknowledged()
			if sent := len(report.Requests[i].IDs); err != nil || accepted+duplicates != sent {
				t.Errorf("%d events came, %d accepted and %d duplicates: %v", sent, accepted, duplicates, err)
			}
		}
	})
}

func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{"", "0", "2", "-1", "1e9", "99999999999999999999", "Fri, 02 Jan 2026 03:04:05 GMT", "abc"} {
		f.Add(seed, "Fri, 02 Jan 2026 03:04:00 GMT")
		f.Add(seed, "")
	}
	f.Fuzz(func(t *testing.T, value, date string) {
		sink := faultsink.New(faultsink.Always(faultsink.Status(429, faultsink.Set("Retry-After", value), faultsink.Set("Date", date))))
		sink.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/events", strings.NewReader(two)))
		if wait := sink.Report().Requests[0].RetryAfter; wait < 0 || wait > 5*time.Minute {
			t.Errorf("Retry-After %q at %q means %v", value, date, wait)
		}
	})
}
