package server_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	coltrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/sentrial/sentrial-go/server"
)

// rpcClient calls a server by gRPC, frame by frame.
type rpcClient struct {
	t    *testing.T
	url  string
	http *http.Client
}

// serveOTLP serves a with a listener for OTLP over HTTP and one for gRPC.
func serveOTLP(t *testing.T, a *app) (web *site, rpc *rpcClient) {
	t.Helper()
	var lns []net.Listener
	for range 3 {
		ln, err := server.Listen(t.Context(), "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		lns = append(lns, ln)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() {
		served <- a.Serve(ctx, lns[0], server.OTLPOverHTTP(lns[1]), server.OTLPOverGRPC(lns[2]))
	}()
	plain, h2 := &http.Transport{}, &http.Transport{Protocols: new(http.Protocols)}
	h2.Protocols.SetUnencryptedHTTP2(true)
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Errorf("serve: %v", err)
		}
		plain.CloseIdleConnections()
		h2.CloseIdleConnections()
	})
	web = &site{t: t, url: "http://" + lns[1].Addr().String(), addr: lns[1].Addr().String(), http: &http.Client{Transport: plain}}
	return web, &rpcClient{t, "http://" + lns[2].Addr().String(), &http.Client{Transport: h2}}
}

// answered is what a call came to.
type answered struct {
	code    string
	words   string
	status  *status.Status
	message []byte
}

// export calls Export of a service, such as trace.v1.TraceService.
func (c *rpcClient) export(service string, frame []byte, headers ...string) (got answered) {
	c.t.Helper()
	return c.call("/opentelemetry.proto.collector."+service+"/Export", bytes.NewReader(frame), append([]string{"Content-Type", "application/grpc"}, headers...)...)
}

func (c *rpcClient) call(path string, body io.Reader, headers ...string) (got answered) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), "POST", c.url+path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Te", "trailers")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := c.http.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	if got.message, err = io.ReadAll(resp.Body); err != nil {
		c.t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "application/grpc" || resp.ProtoMajor != 2 {
		c.t.Errorf("%s: %s %d %v %q", path, resp.Proto, resp.StatusCode, resp.Header, got.message)
	}
	where := resp.Trailer
	if where.Get("Grpc-Status") == "" {
		where = resp.Header
	}
	got.status = new(status.Status)
	got.code, got.words = where.Get("Grpc-Status"), where.Get("Grpc-Message")
	details, err := base64.RawStdEncoding.DecodeString(where.Get("Grpc-Status-Details-Bin"))
	if err != nil || proto.Unmarshal(details, got.status) != nil {
		c.t.Errorf("%s: details %q", path, details)
	}
	return got
}

// framed is a message as gRPC sends it.
func framed(compressed byte, message []byte) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{compressed}, uint32(len(message))), message...)
}

func TestRow84GRPC(t *testing.T) {
	a := newApp(t)
	_, rpc := serveOTLP(t, a)
	spans := protobufSpans(t, 16, 3)
	for encoding, frame := range map[string][]byte{
		"identity": framed(0, spans), "": framed(0, spans), "gzip": framed(1, compressed(t, "gzip", string(spans))), "zstd": framed(1, compressed(t, "zstd", string(spans))),
	} {
		got := rpc.export("trace.v1.TraceService", frame, "Grpc-Encoding", encoding)
		var reply coltrace.ExportTraceServiceResponse
		if got.code != "0" || len(got.message) < 5 || proto.Unmarshal(got.message[5:], &reply) != nil || reply.PartialSuccess.GetRejectedSpans() != 1 {
			t.Errorf("%s: %+v", encoding, &got)
		}
	}
	same(t, "logs", rpc.export("logs.v1.LogsService", framed(0, nil)).code, "0")
	same(t, "metrics", rpc.export("metrics.v1.MetricsService", framed(0, nil)).code, "0")
}

// TestRow84GRPCStatuses: UNAVAILABLE, and RESOURCE_EXHAUSTED with RetryInfo, are what clients send again.
func TestRow84GRPCStatuses(t *testing.T) {
	good := framed(0, protobufSpans(t, 16))
	a := newApp(t)
	_, rpc := serveOTLP(t, a)
	for name, c := range map[string]struct {
		frame   []byte
		headers []string
		code    string
	}{
		"garbage":       {framed(0, []byte("garbage")), nil, "3"},
		"no frame":      {[]byte("abc"), nil, "3"},
		"half a frame":  {good[:len(good)-3], nil, "3"},
		"two frames":    {slices.Concat(good, good), nil, "3"},
		"no gzip":       {framed(1, []byte("garbage")), []string{"Grpc-Encoding", "gzip"}, "3"},
		"unknown":       {framed(1, []byte("garbage")), []string{"Grpc-Encoding", "snappy"}, "12"},
		"JSON":          {good, []string{"Content-Type", "application/grpc+json"}, "12"},
		"large":         {framed(0, make([]byte, 21<<20)), nil, "8"},
		"a bomb":        {framed(1, compressed(t, "gzip", strings.Repeat("\x00", 30<<20))), []string{"Grpc-Encoding", "gzip"}, "8"},
		"a page":        {good, []string{"Origin", "http://evil.example"}, "7"},
		"other project": {good, []string{"X-Sentrial-Project", "no project"}, "3"},
		"other version": {good, []string{"Sentrial-Version", "9"}, "3"},
	} {
		if got := rpc.export("trace.v1.TraceService", c.frame, c.headers...); got.code != c.code || len(got.message) > 0 || got.words == "" || fmt.Sprint(got.status.GetCode()) != c.code {
			t.Errorf("%s: %+v, want %s", name, &got, c.code)
		}
	}
	same(t, "another method", rpc.call("/x.Y/Z", bytes.NewReader(good), "Content-Type", "application/grpc").code, "12")
}

func TestRow84GRPCKeysAndRates(t *testing.T) {
	g := newGated(t, func(c *server.Config) { c.RateLimit = 4 })
	key, reader := g.key("p", "events:write"), g.key("p", "sessions:read")
	_, rpc := serveOTLP(t, g.app)
	good := framed(0, protobufSpans(t, 16))
	export := func(headers ...string) answered { return rpc.export("trace.v1.TraceService", good, headers...) }
	same(t, "without a key", export().code, "16")
	same(t, "a key to read", export(reader.header()...).code, "7")
	same(t, "a key to write", export(key.header()...).code, "0")
	for range 3 {
		export(key.header()...)
	}
	got := export(key.header()...)
	var retry errdetails.RetryInfo
	if details := got.status.GetDetails(); got.code != "8" || len(details) != 2 || details[1].UnmarshalTo(&retry) != nil || retry.GetRetryDelay().GetSeconds() < 1 {
		t.Errorf("too often: %+v", &got)
	}
}

func TestRow84GRPCWhileTheStoreFails(t *testing.T) {
	a := newApp(t, func(c *server.Config) { c.Store = broke{c.Store, fmt.Errorf("ein Geheimnis")} })
	_, rpc := serveOTLP(t, a)
	got := rpc.export("trace.v1.TraceService", framed(0, protobufSpans(t, 16)))
	if got.code != "14" || len(got.status.GetDetails()) != 2 || strings.Contains(got.words, "Geheimnis") {
		t.Errorf("%+v", &got)
	}
}

// TestTheListenerForGRPC takes OTLP over HTTP too.
func TestTheListenerForGRPC(t *testing.T) {
	a := newApp(t)
	web, rpc := serveOTLP(t, a)
	web.url, web.addr = rpc.url, strings.TrimPrefix(rpc.url, "http://")
	same(t, "spans", web.ask("POST", "/v1/traces", "{}", "Content-Type", "application/json").status, 200)
	same(t, "sessions", web.ask("GET", "/v1/sessions", "").status, 404)
}

// TestTheListenerForOTLP answers nothing else.
func TestTheListenerForOTLP(t *testing.T) {
	a := newApp(t)
	web, _ := serveOTLP(t, a)
	same(t, "health", web.ask("GET", "/healthz", "").status, 200)
	same(t, "spans", web.ask("POST", "/v1/traces", "{}", "Content-Type", "application/json").status, 200)
	for _, path := range []string{"/", "/v1/sessions", "/v1/keys", "/metrics", "/v1/stream"} {
		same(t, path, web.ask("GET", path, "").status, 404)
	}
	same(t, "events", web.ask("POST", "/v1/events", `{"events":[]}`, "Content-Type", "application/json").status, 404)
	same(t, "foreign host", web.ask("POST", "/v1/traces", "{}", "Content-Type", "application/json", "Host", "evil.example").status, 403)
}
