package metrics

import (
	"context"
	"slices"
	"sync"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/sentrial/sentrial-go"
)

// health shows what the clients say of themselves, summed up: Stats, read when the metrics are.
type health struct {
	accepted, recovered, delivered, dropped, refused metric.Int64ObservableCounter
	requests, retries, abandoned                     metric.Int64ObservableCounter
	queued, bytes                                    metric.Int64ObservableUpDownCounter

	mu      sync.Mutex
	clients []*sentrial.Client
}

const keyReason = attribute.Key("reason")

func newHealth(m metric.Meter) *health {
	h := &health{
		accepted:  counter(m, "sentrial.sdk.events.accepted", "{event}", "Events whose id was given to the program."),
		recovered: counter(m, "sentrial.sdk.events.recovered", "{event}", "Events taken over from the spool of an earlier process."),
		delivered: counter(m, "sentrial.sdk.events.delivered", "{event}", "Events that the server acknowledged."),
		dropped:   counter(m, "sentrial.sdk.events.dropped", "{event}", "Events that were accepted and then lost, by reason."),
		refused:   counter(m, "sentrial.sdk.events.refused", "{event}", "Events that were never accepted, by reason."),
		abandoned: counter(m, "sentrial.sdk.spans.abandoned", "{span}", "Spans that nobody ended."),
		requests:  counter(m, "sentrial.sdk.requests", "{request}", "HTTP requests begun for events."),
		retries:   counter(m, "sentrial.sdk.retries", "{request}", "Requests that sent something again."),
		queued:    gauge(m, "sentrial.sdk.queue.events", "{event}", "Events accepted, and neither delivered nor dropped."),
		bytes:     gauge(m, "sentrial.sdk.queue.size", "By", "Memory that the queued events take."),
	}
	_, _ = m.RegisterCallback(h.observe, h.accepted, h.recovered, h.delivered, h.dropped, h.refused, h.abandoned, h.requests, h.retries, h.queued, h.bytes)
	return h
}

func counter(m metric.Meter, name, unit, description string) metric.Int64ObservableCounter {
	c, _ := m.Int64ObservableCounter(name, metric.WithUnit(unit), metric.WithDescription(description))
	return c
}

func gauge(m metric.Meter, name, unit, description string) metric.Int64ObservableUpDownCounter {
	c, _ := m.Int64ObservableUpDownCounter(name, metric.WithUnit(unit), metric.WithDescription(description))
	return c
}

func (h *health) add(c *sentrial.Client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clients = append(h.clients, c)
}

// all are the clients; those that are closed too, as counters never go back.
func (h *health) all() []*sentrial.Client {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.clients)
}

func (h *health) observe(_ context.Context, o metric.Observer) error {
	sum := sentrial.Stats{Dropped: map[sentrial.DropReason]uint64{}, Refused: map[sentrial.DropReason]uint64{}}
	for _, c := range h.all() {
		add(&sum, c.Stats())
	}
	for _, one := range []struct {
		to metric.Int64Observable
		n  uint64
	}{
		{h.accepted, sum.Accepted},
		{h.recovered, sum.Recovered},
		{h.delivered, sum.Delivered},
		{h.abandoned, sum.Abandoned},
		{h.requests, sum.Requests},
		{h.retries, sum.Retries},
		{h.queued, sum.Queued},
	} {
		o.ObserveInt64(one.to, int64(one.n))
	}
	o.ObserveInt64(h.bytes, sum.QueueBytes)
	byReason(o, h.dropped, sum.Dropped)
	byReason(o, h.refused, sum.Refused)
	return nil
}

func add(sum *sentrial.Stats, s sentrial.Stats) {
	sum.Accepted += s.Accepted
	sum.Recovered += s.Recovered
	sum.Delivered += s.Delivered
	sum.Abandoned += s.Abandoned
	sum.Requests += s.Requests
	sum.Retries += s.Retries
	sum.Queued += s.Queued
	sum.QueueBytes += s.QueueBytes
	for reason, n := range s.Dropped {
		sum.Dropped[reason] += n
	}
	for reason, n := range s.Refused {
		sum.Refused[reason] += n
	}
}

func byReason(o metric.Observer, to metric.Int64Observable, counts map[sentrial.DropReason]uint64) {
	for reason, n := range counts {
		o.ObserveInt64(to, int64(n), metric.WithAttributes(keyReason.String(string(reason))))
	}
}
