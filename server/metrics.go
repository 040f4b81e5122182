package server

import (
	"bytes"
	"net/http"
	"runtime"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/common/expfmt"

	"github.com/sentrial/sentrial-go/server/store"
)

// metrics are the server's own figures about itself. No label has the name of a project, a key, a user or a session. How many series there are
// is bounded, whoever sends what: only SDK and version are the clients' own words, of which a scrape shows maxClientKinds pairs.
type metrics struct {
	registry *prometheus.Registry

	requests  *prometheus.CounterVec
	durations *prometheus.HistogramVec
	wireBytes prometheus.Counter

	events     *prometheus.CounterVec
	rejected   *prometheus.CounterVec
	eventBytes prometheus.Counter
	skewed     prometheus.Counter
	clients    *clientsSeen

	otlp       *prometheus.CounterVec
	otlpTraces *prometheus.CounterVec
}

// newMetrics registers everything in a registry of the server's own.
func newMetrics(s *Server, version string) *metrics {
	m := &metrics{
		requests:   counters("sentrial_http_requests_total", "Requests, by route and status.", "route", "status"),
		durations:  histograms("sentrial_http_request_duration_seconds", "How long requests took, streams aside.", "route"),
		wireBytes:  counter("sentrial_ingest_wire_bytes_total", "Bytes of request bodies as they travelled."),
		events:     counters("sentrial_events_total", "Events received, by what became of them.", "outcome"),
		rejected:   counters("sentrial_events_rejected_total", "Events that were not stored, by the code of the rejection.", "code"),
		eventBytes: counter("sentrial_ingest_event_bytes_total", "Bytes of the JSON of valid events, after decompression."),
		skewed:     counter("sentrial_clock_skewed_batches_total", "Batches from clients whose clock is off by more than a minute."),
		clients:    newClientsSeen(s.now),
		otlp:       counters("sentrial_otlp_items_total", "Spans, log records and metrics received, by what became of them.", "signal", "outcome"),
		otlpTraces: counters("sentrial_otlp_traces_total", "Traces that were given away, whole or in part, by what became of them.", "outcome"),
	}
	m.beginOTLP()
	for _, outcome := range []string{outcomeAccepted, outcomeDuplicate, outcomeRejected, outcomeFailed} {
		m.events.WithLabelValues(outcome) // from the beginning, so that a rate sees the first one
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(m.requests, m.durations, m.wireBytes, m.events, m.rejected, m.eventBytes, m.skewed, m.clients, m.otlp, m.otlpTraces,
		gauge("sentrial_streams_open", "Streams of GET /v1/stream that are open.", func() float64 { return float64(s.streams.count()) }),
		gauge("sentrial_otlp_held_bytes", "Memory, about, of spans and log records whose events are not made yet.", func() float64 { return float64(s.inbox.bytes()) }),
		buildInfo(version), collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if g, ok := s.store.(store.Gauger); ok {
		registry.MustRegister(newStoreGauges(g))
	}
	m.registry = registry
	return m
}

// getMetrics answers in the text format of Prometheus.
func (s *Server) getMetrics(w http.ResponseWriter, r *http.Request) error {
	if _, err := readParams(r, nil); err != nil {
		return err
	}
	families, err := s.metrics.registry.Gather()
	if err != nil {
		return err
	}
	format := expfmt.NewFormat(expfmt.TypeTextPlain)
	var text bytes.Buffer
	enc := expfmt.NewEncoder(&text, format)
	for _, family := range families {
		if err := enc.Encode(family); err != nil {
			return err
		}
	}
	w.Header().Set("Content-Type", string(format))
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(text.Bytes()) // the connection's loss
	return nil
}

// observe counts a request that was answered. Its route is the pattern that it matched.
func (m *metrics) observe(r *http.Request, status string, took time.Duration) {
	route := r.Pattern
	if route == "" {
		route = "none"
	}
	m.requests.WithLabelValues(route, status).Inc()
	if !strings.HasSuffix(route, " /v1/stream") {
		m.durations.WithLabelValues(route).Observe(took.Seconds())
	}
}

func counter(name, help string) prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

func histograms(name, help string, labels ...string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 60}}, labels)
}

func gauge(name, help string, value func() float64) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
}

func buildInfo(version string) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "sentrial_build_info", Help: "Always 1; the labels tell which program this is.",
		ConstLabels: prometheus.Labels{"version": labelOf(version), "goversion": runtime.Version()},
	}, func() float64 { return 1 })
}
