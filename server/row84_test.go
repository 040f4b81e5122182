package server_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	collogs "go.opentelemetry.io/proto/otlp/collector/logs/v1"
	coltrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store"
)

const protobufType, jsonType = "application/x-protobuf", "application/json"

// postOTLP posts to a route of OTLP.
func (a *app) postOTLP(route, media string, body []byte, headers ...string) *httptest.ResponseRecorder {
	a.t.Helper()
	w := a.do("POST", route, bytes.NewReader(body), append([]string{"Content-Type", media}, headers...)...)
	want := protobufType
	if media != protobufType {
		want = jsonType
	}
	if got := w.Header().Get("Content-Type"); got != want {
		a.t.Errorf("%s of %s is answered with %s", route, media, got)
	}
	return w
}

// protobufSpans is a request with spans whose ids have these lengths.
func protobufSpans(t testing.TB, lengths ...int) []byte {
	t.Helper()
	var spans []*tracepb.Span
	for i, n := range lengths {
		id := bytes.Repeat([]byte{byte(i + 1)}, n)
		spans = append(spans, &tracepb.Span{TraceId: id, SpanId: []byte{1, 2, 3, 4, 5, 6, 7, byte(i + 1)}, Name: "chat m"})
	}
	body, err := proto.Marshal(&tracepb.TracesData{ResourceSpans: []*tracepb.ResourceSpans{{ScopeSpans: []*tracepb.ScopeSpans{{Spans: spans}}}}})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// inboxOf is what was kept.
func inboxOf(t *testing.T, db store.Store) []store.InboxRequest {
	t.Helper()
	all, err := db.ReadInbox(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// withStore gives access to an app's store.
func withStore(db *store.Store) func(*server.Config) { return func(c *server.Config) { *db = c.Store } }

// TestRow84Garbage is 400 with a Status in the form of the request, and nothing of it is kept.
func TestRow84Garbage(t *testing.T) {
	var db store.Store
	a := newApp(t, withStore(&db))
	bodies := map[string][]string{
		protobufType: {"{}", "\x0a\x05abc", "\xff\xff", "hello, world", string(protobufSpans(t, 16)[:20])},
		jsonType:     {"[", "[]", "7", `{"resourceSpans":7}`, `{"resourceSpans":[{"scopeSpans":[{"spans":[{]}]}]}`, "{}x", string(protobufSpans(t, 16)), `{"resourceSpans":` + strings.Repeat("[", 100_000)},
	}
	for media, all := range bodies {
		for _, body := range all {
			for _, encoding := range []string{"", "gzip", "zstd"} {
				sent := []byte(body)
				if encoding != "" {
					sent = compressed(t, encoding, body)
				}
				w := a.postOTLP("/v1/traces", media, sent, "Content-Encoding", encoding)
				if w.Code != http.StatusBadRequest || rpcReason(media, w.Body.Bytes()) != "validation_error" || w.Header().Get("Retry-After") != "" {
					t.Errorf("%s %q %s: %d %q", media, body[:min(len(body), 40)], encoding, w.Code, w.Body)
				}
			}
		}
	}
	for _, encoding := range []string{"gzip", "zstd"} {
		same(t, "no "+encoding, a.postOTLP("/v1/traces", protobufType, []byte("garbage"), "Content-Encoding", encoding).Code, 400)
	}
	same(t, "kept", len(inboxOf(t, db)), 0)
}

// TestRow84PartialSuccess tells how many were rejected and why, in both forms; the others are committed.
func TestRow84PartialSuccess(t *testing.T) {
	var db store.Store
	a := newApp(t, withStore(&db))
	w := a.postOTLP("/v1/traces", protobufType, protobufSpans(t, 16, 3, 16, 0))
	var reply coltrace.ExportTraceServiceResponse
	if err := proto.Unmarshal(w.Body.Bytes(), &reply); err != nil || w.Code != 200 || reply.PartialSuccess.GetRejectedSpans() != 2 || !strings.Contains(reply.PartialSuccess.GetErrorMessage(), "got 3") {
		t.Errorf("%d %v %v", w.Code, &reply, err)
	}
	w = a.postOTLP("/v1/traces", jsonType, []byte(requestOf(spanOf("11", "22", "", "chat m", "x"), spanOf(trace1, "0000000000000001", "", "chat m", "x"))))
	if err := protojson.Unmarshal(w.Body.Bytes(), &reply); err != nil || w.Code != 200 || reply.PartialSuccess.GetRejectedSpans() != 1 {
		t.Errorf("%d %v %v", w.Code, &reply, err)
	}
	var logs collogs.ExportLogsServiceResponse
	w = a.postOTLP("/v1/logs", jsonType, []byte(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"traceId":"1"},{"body":{"stringValue":"x"}}]}]}]}`))
	if err := protojson.Unmarshal(w.Body.Bytes(), &logs); err != nil || w.Code != 200 || logs.PartialSuccess.GetRejectedLogRecords() != 1 {
		t.Errorf("%d %v %v", w.Code, &logs, err)
	}
	same(t, "kept", len(inboxOf(t, db)), 3)
	w = a.postOTLP("/v1/traces", protobufType, protobufSpans(t, 16, 16))
	same(t, "all of it", fmt.Sprint(w.Code, w.Body.Len()), "200 0")
	w = a.postOTLP("/v1/traces", protobufType, protobufSpans(t, 3))
	same(t, "none of it", fmt.Sprint(w.Code, len(inboxOf(t, db))), "200 4")
	kept := inboxOf(t, db)[3]
	if kept.Signal != "traces" || kept.Form != 1 || !bytes.Equal(kept.Body, protobufSpans(t, 16, 16)) || kept.Project != "default" {
		t.Errorf("kept: %+v", kept)
	}
}

// TestRow84LargeBodies: what is large for a batch is none for exporters, which do not compress by default and cannot make a request smaller.
func TestRow84LargeBodies(t *testing.T) {
	a := newApp(t)
	body := requestOf(spanOf(trace1, "0000000000000001", "", "m", strings.Repeat("x", 7<<20)))
	same(t, "a large body", a.postOTLP("/v1/traces", jsonType, []byte(body)).Code, 200)
	same(t, "a large batch", a.do("POST", "/v1/events", strings.NewReader(strings.Repeat(" ", 7<<20)), "Content-Type", "application/json").Code, 413)
}

func TestRow84EmptyRequests(t *testing.T) {
	var db store.Store
	a := newApp(t, withStore(&db))
	for _, route := range []string{"/v1/traces", "/v1/logs", "/v1/metrics"} {
		same(t, route, fmt.Sprint(a.postOTLP(route, protobufType, nil).Code, a.postOTLP(route, jsonType, nil).Code, a.postOTLP(route, jsonType, []byte("{}")).Body), "200 200 {}")
	}
	metrics := a.postOTLP("/v1/metrics", jsonType, []byte(`{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"a"},{"name":"b"}]}]}]}`))
	same(t, "metrics", metrics.Code, 200)
	if got := series(a.scrape()["sentrial_otlp_items_total"]); !strings.Contains(got, "accepted/metrics=2") {
		t.Error(got)
	}
	same(t, "kept", len(inboxOf(t, db)), 0)
}

// broke is a store whose inbox does not work.
type broke struct {
	store.Store
	err error
}

func (b broke) KeepInbox(context.Context, store.InboxRequest) (int64, error) { return 0, b.err }

// TestRow84Statuses: what helps to send again is 429 or 503 with Retry-After, and nothing else is.
func TestRow84Statuses(t *testing.T) {
	good := protobufSpans(t, 16)
	for name, c := range map[string]struct {
		edit   func(*server.Config)
		media  string
		body   []byte
		header []string
		status int
		reason string
		again  bool
	}{
		"text":       {media: "text/plain", body: good, status: 415, reason: "unsupported_media_type"},
		"no type":    {media: "", body: good, status: 415, reason: "unsupported_media_type"},
		"brotli":     {media: protobufType, body: good, header: []string{"Content-Encoding", "br"}, status: 415, reason: "unsupported_media_type"},
		"large":      {media: protobufType, body: make([]byte, 21<<20), status: 413, reason: "payload_too_large"},
		"a bomb":     {media: protobufType, body: compressed(t, "gzip", strings.Repeat("\x00", 30<<20)), header: []string{"Content-Encoding", "gzip"}, status: 413, reason: "payload_too_large"},
		"many spans": {media: jsonType, body: []byte(`{"resourceSpans":[{"scopeSpans":[{"spans":[` + strings.Repeat("{},", 50_000) + `{}]}]}]}`), status: 413, reason: "payload_too_large"},
		"foreign":    {media: jsonType, body: good, header: []string{"Origin", "http://evil.example"}, status: 403, reason: "forbidden_origin"},
		"a store that fails": {
			edit: func(c *server.Config) { c.Store = broke{c.Store, errors.New("a secret")} }, media: protobufType, body: good, status: 503, reason: "unavailable", again: true,
		},
		"a busy store": {edit: func(c *server.Config) { c.Store = broke{c.Store, store.ErrBusy} }, media: protobufType, body: good, status: 503, reason: "unavailable", again: true},
		"no memory":    {edit: func(c *server.Config) { c.BodyBytes = 10 }, media: protobufType, body: good, status: 503, reason: "unavailable", again: true},
	} {
		t.Run(name, func(t *testing.T) {
			edit := c.edit
			if edit == nil {
				edit = func(*server.Config) {}
			}
			w := newApp(t, edit).postOTLP("/v1/traces", c.media, c.body, c.header...)
			if w.Code != c.status || rpcReason(w.Header().Get("Content-Type"), w.Body.Bytes()) != c.reason || (w.Header().Get("Retry-After") != "") != c.again || strings.Contains(w.Body.String(), "secret") {
				t.Errorf("%d %q %v", w.Code, w.Body, w.Header())
			}
		})
	}
	a := newApp(t)
	for _, route := range []string{"/v1/logs", "/v1/metrics"} {
		same(t, route+", text", a.postOTLP(route, "text/plain", good).Code, 415)
		same(t, route+", large", a.postOTLP(route, protobufType, make([]byte, 21<<20)).Code, 413)
		same(t, route+", garbage", a.postOTLP(route, protobufType, []byte("garbage")).Code, 400)
	}
	limited := newApp(t, func(c *server.Config) { c.RateLimit = 1 })
	limited.postOTLP("/v1/traces", protobufType, good)
	w := limited.postOTLP("/v1/traces", protobufType, good)
	same(t, "too often", fmt.Sprint(w.Code, rpcReason(protobufType, w.Body.Bytes()), w.Header().Get("Retry-After") != ""), "429rate_limitedtrue")
}

// TestRow84CutOff is 503: a client of OTLP gives up what gets 408.
func TestRow84CutOff(t *testing.T) {
	a := newApp(t)
	w := a.do("POST", "/v1/traces", io.MultiReader(strings.NewReader("{"), iotest.ErrReader(io.ErrUnexpectedEOF)), "Content-Type", jsonType)
	same(t, "cut off", fmt.Sprint(w.Code, rpcReason(jsonType, w.Body.Bytes()), w.Header().Get("Retry-After")), "503unavailable1")
}

// TestRow84Keys: the key comes as exporters send it, and needs no more than the scope to write.
func TestRow84Keys(t *testing.T) {
	g := newGated(t)
	key, reader := g.key("p", "events:write"), g.key("p", "sessions:read")
	for _, c := range []struct {
		what    string
		headers []string
		status  int
	}{
		{"none", nil, 401},
		{"a wrong one", []string{"Authorization", "Bearer x"}, 401},
		{"one to read", reader.header(), 403},
		{"one to write", key.header(), 200},
		{"its project", append(key.header(), "X-Sentrial-Project", "p"), 200},
		{"another project", append(key.header(), "X-Sentrial-Project", "q"), 403},
	} {
		same(t, c.what, g.postOTLP("/v1/traces", protobufType, protobufSpans(t, 16), c.headers...).Code, c.status)
	}
}

// TestRow84HugeSpans are cut to what an event may have, and not refused.
func TestRow84HugeSpans(t *testing.T) {
	inInbox(t, func(t *testing.T, b *bubble) {
		b.edit = func(e *genai.Event) {
			switch e.LLMCall.Model {
			case "long":
				e.Error = strings.Repeat("ü\"<", 250_000)
				e.LLMCall.Messages = []genai.Message{{Role: "user", Parts: []genai.Part{{Type: "text", Content: strings.Repeat("x", 3<<20)}}}}
			case "deep":
				e.LLMCall.ToolDefinitions = []byte(strings.Repeat("[", 100) + strings.Repeat("]", 100))
			}
		}
		defer b.assemble()()
		b.postSpans(spanOf(trace1, "0000000000000001", "", "long", "x"), spanOf(trace1, "0000000000000002", "", "deep", "x"))
		time.Sleep(1100 * time.Millisecond)
		synctest.Wait()
		same(t, "stored", len(strings.Fields(b.stored(trace1))), 2)
		long := b.get("/v1/events/otel_" + trace1 + "_0000000000000001")
		if len(long) > 1<<20+1000 || len(long) < 1<<19 || !strings.Contains(long, "…[truncated: 1000000 bytes, sha256:") || !strings.Contains(long, `"messages":[{"$truncated":{"bytes":`) {
			t.Errorf("%d bytes: %.900s", len(long), long)
		}
		if deep := b.get("/v1/events/otel_" + trace1 + "_0000000000000002"); !strings.Contains(deep, `"tool_definitions":[{"$truncated":{"bytes":200`) {
			t.Errorf("%.600s", deep)
		}
	})
}
