package otlp_test

import (
	"testing"

	logspb "go.opentelemetry.io/proto/otlp/logs/v1"
	metricspb "go.opentelemetry.io/proto/otlp/metrics/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"github.com/sentrial/sentrial-go/server/internal/otlp"
)

func metrics(list ...*metricspb.Metric) *metricspb.MetricsData {
	return &metricspb.MetricsData{ResourceMetrics: []*metricspb.ResourceMetrics{{
		Resource: traces().ResourceSpans[0].Resource, ScopeMetrics: []*metricspb.ScopeMetrics{{Metrics: list}},
	}}}
}

func TestWhatABodyHolds(t *testing.T) {
	for name, test := range map[string]struct {
		body string
		form otlp.Form
		want otlp.Signal
	}{
		"spans":                {wire(t, traces(aSpan(1))), otlp.Protobuf, otlp.SignalTraces},
		"a bare span":          {wire(t, traces(&tracepb.Span{TraceId: aSpan(1).TraceId, SpanId: aSpan(1).SpanId})), otlp.Protobuf, otlp.SignalTraces},
		"a span without ids":   {wire(t, traces(&tracepb.Span{Name: "x", StartTimeUnixNano: 1})), otlp.Protobuf, otlp.SignalTraces},
		"records":              {wire(t, logs(aLog())), otlp.Protobuf, otlp.SignalLogs},
		"a record with a time": {wire(t, logs(&logspb.LogRecord{ObservedTimeUnixNano: 1})), otlp.Protobuf, otlp.SignalLogs},
		"a record with a body": {wire(t, logs(&logspb.LogRecord{SeverityNumber: 9, Body: str("x")})), otlp.Protobuf, otlp.SignalLogs},
		"a record with an id":  {wire(t, logs(&logspb.LogRecord{TraceId: aSpan(1).TraceId})), otlp.Protobuf, otlp.SignalLogs},
		"a metric":             {wire(t, metrics(&metricspb.Metric{Name: "tokens", Description: "x", Data: &metricspb.Metric_Gauge{Gauge: &metricspb.Gauge{}}})), otlp.Protobuf, otlp.SignalMetrics},
		"nothing":              {"", otlp.Protobuf, otlp.SignalNone},
		"text":                 {"hello", otlp.Protobuf, otlp.SignalNone},
		"JSON spans":           {written(writtenSpan), otlp.JSON, otlp.SignalTraces},
		"JSON records":         {`{"resourceLogs":[]}`, otlp.JSON, otlp.SignalLogs},
		"JSON metrics":         {`{"x":1,"resource_metrics":[]}`, otlp.JSON, otlp.SignalMetrics},
		"other JSON":           {`{"events":[]}`, otlp.JSON, otlp.SignalNone},
		"no object":            {`[1]`, otlp.JSON, otlp.SignalNone},
	} {
		if got := otlp.SignalOf([]byte(test.body), test.form); got != test.want {
			t.Errorf("%s: signal %d, want %d", name, got, test.want)
		}
	}
}
