package otelbridge_test

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/noop"
)

// meter keeps all that is measured, as texts of name, value and attributes: the metric SDK is a module that this one does without.
type meter struct {
	mu       sync.Mutex
	measured []string
	bounds   map[string][]float64
	units    map[string]string
	observe  metric.Callback
}

func newMeter() *meter {
	return &meter{bounds: make(map[string][]float64), units: make(map[string]string)}
}

func (m *meter) provider() metric.MeterProvider { return meterProvider{m: m} }

type meterProvider struct {
	noop.MeterProvider
	m *meter
}

func (p meterProvider) Meter(string, ...metric.MeterOption) metric.Meter {
	return recordingMeter{m: p.m}
}

type recordingMeter struct {
	noop.Meter
	m *meter
}

type intHistogram struct {
	noop.Int64Histogram
	m    *meter
	name string
}

type floatHistogram struct {
	noop.Float64Histogram
	m    *meter
	name string
}

type observable struct {
	noop.Int64ObservableCounter
	name string
}

type upDown struct {
	noop.Int64ObservableUpDownCounter
	name string
}

func (r recordingMeter) Int64Histogram(name string, opts ...metric.Int64HistogramOption) (metric.Int64Histogram, error) {
	c := metric.NewInt64HistogramConfig(opts...)
	r.m.bounds[name], r.m.units[name] = c.ExplicitBucketBoundaries(), c.Unit()
	return intHistogram{m: r.m, name: name}, nil
}

func (r recordingMeter) Float64Histogram(name string, opts ...metric.Float64HistogramOption) (metric.Float64Histogram, error) {
	c := metric.NewFloat64HistogramConfig(opts...)
	r.m.bounds[name], r.m.units[name] = c.ExplicitBucketBoundaries(), c.Unit()
	return floatHistogram{m: r.m, name: name}, nil
}

func (r recordingMeter) Int64ObservableCounter(name string, _ ...metric.Int64ObservableCounterOption) (metric.Int64ObservableCounter, error) {
	return observable{name: name}, nil
}

func (r recordingMeter) Int64ObservableUpDownCounter(name string, _ ...metric.Int64ObservableUpDownCounterOption) (metric.Int64ObservableUpDownCounter, error) {
	return upDown{name: name}, nil
}

func (r recordingMeter) RegisterCallback(f metric.Callback, _ ...metric.Observable) (metric.Registration, error) {
	r.m.observe = f
	return noop.Registration{}, nil
}

func (h intHistogram) Record(_ context.Context, n int64, opts ...metric.RecordOption) {
	h.m.note(h.name, n, metric.NewRecordConfig(opts).Attributes())
}

func (h floatHistogram) Record(_ context.Context, n float64, opts ...metric.RecordOption) {
	h.m.note(h.name, n, metric.NewRecordConfig(opts).Attributes())
}

func (m *meter) note(name string, n any, about attribute.Set) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.measured = append(m.measured, fmt.Sprintf("%s %v %s", name, n, about.Encoded(attribute.DefaultEncoder())))
}

// observer notes what a callback tells it.
type observer struct {
	noop.Observer
	m *meter
}

func (o observer) ObserveInt64(of metric.Int64Observable, n int64, opts ...metric.ObserveOption) {
	name := ""
	switch of := of.(type) {
	case observable:
		name = of.name
	case upDown:
		name = of.name
	}
	o.m.note(name, n, metric.NewObserveConfig(opts).Attributes())
}

// take gives what was measured since, sorted, and lets the observable instruments say what they have.
func (m *meter) take(ctx context.Context) []string {
	if err := m.observe(ctx, observer{m: m}); err != nil {
		return []string{err.Error()}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	all := m.measured
	m.measured = nil
	slices.Sort(all)
	return all
}
