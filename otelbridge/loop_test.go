package otelbridge_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/sentrialtest"
)

// instrumented is an HTTP transport that makes spans of requests, with one for the connection inside each, and answers them itself.
type instrumented struct {
	provider *sdktrace.TracerProvider
	attrs    func(*url.URL) []attribute.KeyValue
	requests atomic.Int64
}

func (i *instrumented) RoundTrip(r *http.Request) (*http.Response, error) {
	i.requests.Add(1)
	tracer := i.provider.Tracer("http")
	ctx, span := tracer.Start(r.Context(), "HTTP POST", trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(i.attrs(r.URL)...))
	defer span.End()
	_, conn := tracer.Start(ctx, "http.getconn", trace.WithAttributes(attribute.String("net.sock.peer.addr", "127.0.0.1")))
	conn.End()
	body, err := io.ReadAll(r.Body)
	r.Body.Close()
	if err != nil {
		return nil, err
	}
	return answered(r, countEvents(body)), nil
}

func current(u *url.URL) []attribute.KeyValue {
	port, _ := strconv.Atoi(u.Port())
	return []attribute.KeyValue{attribute.String("server.address", u.Hostname()), attribute.Int("server.port", port)}
}

// spellings are the ways in which instrumentations say where a request goes.
var spellings = map[string]func(*url.URL) []attribute.KeyValue{
	"current": current,
	"url": func(u *url.URL) []attribute.KeyValue {
		return []attribute.KeyValue{attribute.String("url.full", u.String())}
	},
	"old url": func(u *url.URL) []attribute.KeyValue {
		return []attribute.KeyValue{attribute.String("http.url", u.String())}
	},
	"old peer": func(u *url.URL) []attribute.KeyValue {
		return []attribute.KeyValue{attribute.String("net.peer.name", u.Hostname()), attribute.String("net.peer.port", u.Port())}
	},
	"host with port": func(u *url.URL) []attribute.KeyValue {
		return []attribute.KeyValue{attribute.String("server.address", u.Host)}
	},
}

// The requests that the client makes become spans, where its HTTP client is instrumented; these must not become events, or each request would make the next.
func TestOwnRequestsMakeNoEvents(t *testing.T) {
	for name, attrs := range spellings {
		for way, add := range map[string]func(*sentrial.Client) sdktrace.SpanProcessor{
			"processor": func(c *sentrial.Client) sdktrace.SpanProcessor {
				return otelbridge.NewSpanProcessor(c, otelbridge.WithGenericSpans())
			},
			"exporter": func(c *sentrial.Client) sdktrace.SpanProcessor {
				return sdktrace.NewSimpleSpanProcessor(otelbridge.NewExporter(c, otelbridge.WithGenericSpans()))
			},
		} {
			t.Run(name+", "+way, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					transport := &instrumented{provider: sdktrace.NewTracerProvider(), attrs: attrs}
					client, err := sentrial.New(sentrial.WithAPIURL("http://ingest.test:7437"), sentrial.WithAPIKey("k"), sentrial.WithHTTPClient(&http.Client{Transport: transport}),
						sentrial.WithLogger(slog.New(slog.DiscardHandler)), sentrial.WithProtocol(sentrial.ProtocolBatch), sentrial.WithCompression(sentrial.CompressionNone))
					if err != nil {
						t.Fatal(err)
					}
					transport.provider.RegisterSpanProcessor(add(client))
					work{name: "GET http://elsewhere", attrs: op("execute_tool"), inside: []work{{name: "query"}}}.run(t.Context(), transport.provider.Tracer("test"))
					pass(time.Minute)
					stats := client.Stats()
					if requests := transport.requests.Load(); requests > 2 || stats.Accepted > 5 || stats.Accepted < 3 {
						t.Errorf("%d requests, stats %+v: want those of the one run", requests, stats)
					}
					if err := transport.provider.Shutdown(t.Context()); err != nil {
						t.Error(err)
					}
					if err := client.Close(t.Context()); err != nil {
						t.Error(err)
					}
				})
			})
		}
	}
}

// A request to the API from within an agent is no step of it, nor is what goes on inside the request; one to elsewhere is.
func TestRequestsToTheAPIAreNoSteps(t *testing.T) {
	for name, attrs := range spellings {
		rec := sentrialtest.New(t)
		r := newTraced(t, rec, otelbridge.WithGenericSpans())
		ctx, agent := r.tracer.Start(t.Context(), "invoke_agent a", trace.WithAttributes(op("invoke_agent")...))
		for _, to := range []string{"http://127.0.0.1:80/v1/events", "http://127.0.0.1:8080/search"} {
			u, err := url.Parse(to)
			if err != nil {
				t.Fatal(err)
			}
			inside, request := r.tracer.Start(ctx, u.Port(), trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(attrs(u)...))
			_, conn := r.tracer.Start(inside, "http.getconn")
			conn.End()
			request.End()
		}
		agent.End()
		var steps []string
		for _, e := range rec.Events() {
			if e.Step != nil {
				steps = append(steps, e.Step.Name)
			}
		}
		if want := []string{"8080", "http.getconn"}; !slices.Equal(steps, want) {
			t.Errorf("%s: steps %q, want %q", name, steps, want)
		}
	}
}
