package server_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store"
)

func TestIngestStoresWhatIsNew(t *testing.T) {
	a := newApp(t)
	same(t, "first", a.send(ev("e1", "step"), ev("e2", "tool_call"), ev("e1", "step")), "{2 1 []}")
	same(t, "again", a.send(ev("e1", "step"), ev("e2", "tool_call"), ev("e3", "custom")), "{1 2 []}")
	same(t, "nothing", a.send(), "{0 0 []}")
	w := a.post(`{"events":[]}`)
	same(t, "reply", strings.TrimSpace(w.Body.String()), `{"accepted":0,"duplicates":0,"rejected":[]}`)
	same(t, "Accept-Encoding", w.Header().Get("Accept-Encoding"), "zstd, gzip")
}

func TestIngestEncodings(t *testing.T) {
	for i, encoding := range []string{"", "identity", "gzip", "zstd", "GZIP"} {
		a := newApp(t)
		body := compressed(t, encoding, `{"events":[`+ev("e"+strconv.Itoa(i), "step")+`]}`)
		w := a.do("POST", "/v1/events", bytes.NewReader(body), "Content-Type", "application/json; charset=utf-8", "Content-Encoding", encoding)
		if got := decode[ack](t, w); w.Code != 200 || got.Accepted != 1 {
			t.Errorf("%q: %d %s", encoding, w.Code, w.Body)
		}
	}
}

// compressed returns text in an encoding.
func compressed(t *testing.T, encoding, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	var w io.WriteCloser
	switch strings.ToLower(encoding) {
	case "gzip":
		w = gzip.NewWriter(&out)
	case "zstd":
		z, err := zstd.NewWriter(&out)
		if err != nil {
			t.Fatal(err)
		}
		w = z
	default:
		return []byte(text)
	}
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestIngestRefusesMediaTypes(t *testing.T) {
	a := newApp(t)
	for _, c := range []struct{ media, encoding, message string }{
		{"", "", "Content-Type is missing"},
		{"text/plain", "", "text/plain is not taken"},
		{"application/ndjson", "", "application/ndjson is not taken, send application/json or application/x-ndjson"},
		{"multipart/form-data; boundary=x", "", "send application/json"},
		{"application/json", "br", "Content-Encoding br is not taken"},
		{"application/json", "gzip, zstd", "is not taken"},
	} {
		w := a.do("POST", "/v1/events", strings.NewReader(`{"events":[]}`), "Content-Type", c.media, "Content-Encoding", c.encoding)
		wantError(t, w, http.StatusUnsupportedMediaType, "unsupported_media_type", c.message)
		same(t, "Accept-Encoding", w.Header().Get("Accept-Encoding"), "zstd, gzip")
	}
}

func TestIngestRefusesBrokenBodies(t *testing.T) {
	a := newApp(t)
	for _, c := range []struct{ body, message string }{
		{``, "must be a JSON object"},
		{`null`, "must be a JSON object"},
		{`[]`, "must be a JSON object"},
		{`"events"`, "must be a JSON object"},
		{`{}`, "events is missing"},
		{`{"Events":[]}`, "events is missing"},
		{`{"events":null}`, "events: expected an array, got null"},
		{`{"events":{}}`, "events: expected an array, got an object"},
		{`{"events":[]`, "invalid JSON at byte 12"},
		{`{"events":[` + ev("e1", "step") + `,]}`, "invalid JSON"},
		{`{"events":[` + ev("e1", "step") + `]} x`, "nothing after the end"},
		{`{"events":[` + ev("e1", "step") + `]}{}`, "nothing after the end"},
		{`{"events":[` + ev("e1", "step") + `],"events":[]}`, `"events" occurs twice`},
		{`{"events":[` + ev("e1", "step") + `],"\u0065vents":[]}`, `"events" occurs twice`},
		{`{"x":1,"x":2,"events":[]}`, `"x" occurs twice`},
		{`{"events":[{"id":}]}`, "invalid JSON"},
		{`{"events":[{"id":"e1" "type":"x"}]}`, "invalid JSON"},
		{`{"events":[NaN]}`, "invalid JSON"},
		{`{"events":[],"sent_at":"yesterday"}`, "sent_at: expected an RFC 3339 time"},
		{`{"events":[],"sent_at":5}`, "sent_at: expected an RFC 3339 time"},
		{`{"events":[],"client":"me"}`, "client: expected an object, got a string"},
		{`{"events":[],"client":{"id":5}}`, "client.id: expected a string of at most 256 bytes, got the number 5"},
		{`{"events":[],"a":` + strings.Repeat("[", 20_000) + `}`, "at most 10000 levels"},
	} {
		wantError(t, a.post(c.body), http.StatusBadRequest, "validation_error", c.message)
	}
	var many strings.Builder
	for i := range 100 {
		fmt.Fprintf(&many, `"k%d":0,`, i)
	}
	wantError(t, a.post(`{`+many.String()+`"events":[]}`), 400, "validation_error", "more than 32 members")
	for _, encoding := range []string{"gzip", "zstd"} {
		wantError(t, a.post(`{"events":[]}`, "Content-Encoding", encoding), 400, "validation_error", "not what its Content-Encoding says")
		good := compressed(t, encoding, `{"events":[`+ev("e1", "step")+`]}`)
		wantError(t, a.post(string(good[:len(good)-3]), "Content-Encoding", encoding), 400, "validation_error", "not what its Content-Encoding says")
		wantError(t, a.post(string(good)+"junk", "Content-Encoding", encoding), 400, "validation_error", "not what its Content-Encoding says")
	}
	same(t, "sessions", a.get("/v1/sessions"), `{"data":[]}`)
}

func TestS3IngestLimits(t *testing.T) {
	a := newApp(t, func(c *server.Config) {
		c.Limits = server.Limits{MaxEvents: 3, MaxWireBytes: 2000, MaxDecodedBytes: 4000, MaxEventBytes: 500, MaxDepth: 4}
	})
	events := func(n int) string {
		var out []string
		for i := range n {
			out = append(out, ev(fmt.Sprint("e", i), "step"))
		}
		return `{"events":[` + strings.Join(out, ",") + `]}`
	}
	same(t, "three events", a.post(events(3)).Code, 200)
	pad := func(n int) string { return `{"pad":"` + strings.Repeat("x", n) + `","events":[]}` }
	over := func(what string, body string, message string, headers ...string) {
		t.Helper()
		w := a.post(body, headers...)
		wantError(t, w, http.StatusRequestEntityTooLarge, "payload_too_large", message)
		if l := decode[failure](t, w).Error.Limits; l == nil || l.MaxEvents != 3 || l.MaxWireBytes != 2000 {
			t.Errorf("%s: limits %+v", what, l)
		}
	}
	over("events", events(4), "more than 3 events")
	over("wire", pad(2000), "larger than 2000 bytes")
	same(t, "just fits", a.post(pad(2000-len(pad(0)))).Code, 200)
	for _, encoding := range []string{"gzip", "zstd"} {
		over(encoding, string(compressed(t, encoding, pad(4000))), "decoded body is larger than 4000 bytes", "Content-Encoding", encoding)
		same(t, "just fits", a.post(string(compressed(t, encoding, pad(4000-len(pad(0))))), "Content-Encoding", encoding).Code, 200)
	}
	r := a.do("POST", "/v1/events", io.MultiReader(strings.NewReader(pad(5000))), "Content-Type", "application/json") // no Content-Length
	wantError(t, r, http.StatusRequestEntityTooLarge, "payload_too_large", "larger than 2000 bytes")

	largest := ev("largest", "step", `"input":"`+strings.Repeat("x", 500-len(ev("largest", "step", `"input":""`)))+`"`)
	same(t, "the largest event", len(largest), 500)
	same(t, "is accepted", a.send(largest).Accepted, 1)
	got := a.send(ev("big", "step", `"input":"`+strings.Repeat("x", 500)+`"`), ev("deep", "step", `"input":[[[[]]]]`), ev("fits", "step", `"input":[[[]]]`))
	same(t, "accepted", got.Accepted, 1)
	same(t, "rejected", got.Rejected, "[{big payload_too_large the event has 600 bytes, at most 500 are taken false}"+
		" {deep payload_too_large the event nests 5 levels deep, at most 4 are taken false}]")
}

// broken is a body whose connection fails.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

// TestIngestOfABodyThatStops: a client whose connection is slow or was cut must hear that it may send the same again.
func TestIngestOfABodyThatStops(t *testing.T) {
	a := newApp(t)
	for _, encoding := range []string{"", "gzip", "zstd"} {
		start := string(compressed(t, encoding, `{"events":[`+ev("e1", "step")+`]}`)[:20])
		for cause, want := range map[error]int{os.ErrDeadlineExceeded: 408, io.ErrUnexpectedEOF: 408, errors.New("malformed chunk"): 400} {
			w := a.do("POST", "/v1/events", io.MultiReader(strings.NewReader(start), broken{cause}), "Content-Type", "application/json", "Content-Encoding", encoding)
			if w.Code != want {
				t.Errorf("%q, %v: %d %s, want %d", encoding, cause, w.Code, w.Body, want)
			}
		}
	}
}

func TestIngestProject(t *testing.T) {
	a := newApp(t)
	same(t, "elsewhere", decode[ack](t, a.post(`{"events":[`+ev("e1", "step")+`]}`, "X-Sentrial-Project", "p.2")).Accepted, 1)
	same(t, "default", a.send(ev("e1", "step")), "{1 0 []}")
	wantError(t, a.post(`{"events":[]}`, "X-Sentrial-Project", "a b"), 400, "validation_error", `X-Sentrial-Project "a b"`)
	if got := a.get("/v1/sessions/s1", "X-Sentrial-Project", "p.2"); !strings.Contains(got, `"project_id":"p.2"`) {
		t.Error(got)
	}
}

// failing is a store that cannot write.
type failing struct {
	store.Store
	err error
}

func (f failing) Ingest(context.Context, store.Batch) (store.Receipt, error) {
	return store.Receipt{}, f.err
}

func TestIngestFailureIsNeverAcknowledged(t *testing.T) {
	a := newApp(t, func(c *server.Config) { c.Store = failing{c.Store, errors.New("disk /secret is full")} })
	w := a.post(`{"events":[` + ev("e1", "step") + `]}`)
	wantError(t, w, http.StatusServiceUnavailable, "unavailable", "send them again")
	same(t, "Retry-After", w.Header().Get("Retry-After"), "1")
	if strings.Contains(w.Body.String(), "secret") || !strings.Contains(a.log.String(), "disk /secret is full") {
		t.Errorf("client sees %s, log has %s", w.Body, a.log.String())
	}
}

func TestIngestKeepsClockSkew(t *testing.T) {
	a := newApp(t)
	for id, sentAt := range map[string]string{"slow": "2026-11-22T11:58:59Z", "fast": "2026-11-22T13:01:30.000000005+01:00", "right": "2026-11-22T12:00:59Z"} {
		same(t, "reply", a.post(`{"sent_at":"`+sentAt+`","client":{"id":"c1","sdk":null},"events":[`+ev(id, "step")+`]}`).Code, 200)
	}
	tail := func(id string) string {
		_, rest, _ := strings.Cut(a.get("/v1/events/"+id), `"received_at"`)
		return rest
	}
	same(t, "slow", tail("slow"), `:"2026-11-22T12:00:00.000000005Z","client_id":"c1","clock_skew_ms":61000}`)
	same(t, "fast", tail("fast"), `:"2026-11-22T12:00:00.000000005Z","client_id":"c1","clock_skew_ms":-90000}`)
	same(t, "right", tail("right"), `:"2026-11-22T12:00:00.000000005Z","client_id":"c1"}`)
}
