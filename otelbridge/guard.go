package otelbridge

import (
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
)

// guard knows the requests that the client itself makes. An instrumented HTTP client makes spans of them; events made of those would be sent by the next request, and
// so on for ever.
type guard struct{ hosts []string } // host:port in lower case

// ownRequest tells whether the span is an HTTP request to the API that the client sends to.
func (g guard) ownRequest(kind trace.SpanKind, attrs []attribute.KeyValue) bool {
	if kind != trace.SpanKindClient {
		return false
	}
	var t target
	for i := range attrs {
		t.learn(&attrs[i])
	}
	return t.host != "" && slices.ContainsFunc(g.hosts, t.is)
}

// target is where a request goes, as far as a span says so. A URL says all of it.
type target struct {
	host, port string
	whole      bool // of a URL
}

func (t *target) learn(kv *attribute.KeyValue) {
	switch kv.Key {
	case "url.full", "http.url":
		t.learnURL(kv.Value.AsString())
	case "server.address", "net.peer.name", "http.host":
		t.learnHost(kv.Value.AsString())
	case "server.port", "net.peer.port":
		if !t.whole {
			t.port = portOf(kv.Value)
		}
	}
}

func (t *target) learnURL(text string) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return
	}
	t.host, t.port, t.whole = u.Hostname(), u.Port(), true
	if t.port == "" {
		t.port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
}

func (t *target) learnHost(text string) {
	if t.whole {
		return
	}
	if strings.Contains(text, ":") { // without one, the error would only cost memory
		if host, port, err := net.SplitHostPort(text); err == nil {
			t.host, t.port = host, port
			return
		}
	}
	t.host = strings.Trim(text, "[]")
}

func portOf(v attribute.Value) string {
	if v.Type() == attribute.INT64 {
		return strconv.FormatInt(v.AsInt64(), 10)
	}
	return v.AsString()
}

// is tells whether the target is that host. Without a port it is one of the usual ones, which instrumentations leave out.
func (t *target) is(hostPort string) bool {
	host, port, _ := net.SplitHostPort(hostPort)
	return strings.EqualFold(t.host, host) && (t.port == port || t.port == "" && (port == "80" || port == "443"))
}
