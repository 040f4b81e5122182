package otlp_test

import (
	"testing"

	logspb "go.opentelemetry.io/proto/otlp/logs/v1"
	metricspb "go.opentelemetry.io/proto/otlp/metrics/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	otlp "github.com/sentrial/sentrial-go/server/internal/otlpcli"
)

func metrics(t testing.TB, list ...*metricspb.Metric) []byte {
	t.Helper()
	return marshal(t, &metricspb.MetricsData{ResourceMetrics: []*metricspb.ResourceMetrics{{Resource: resourceOf(), ScopeMetrics: []*metricspb.ScopeMetrics{{Scope: scope, Metrics: list}}}}})
}

func TestWhatABodyHolds(t *testing.T) {
	for name, test := range map[string]struct {
		body  []byte
		media string
		want  otlp.Signal
	}{
		"spans":                {traces(t, spanProto()), otlp.MediaProtobuf, otlp.SignalTraces},
		"a bare span":          {traces(t, &tracepb.Span{TraceId: unhex(trace), SpanId: unhex(span)}), otlp.MediaProtobuf, otlp.SignalTraces},
		"a span without ids":   {traces(t, &tracepb.Span{Name: "x", StartTimeUnixNano: 1}), otlp.MediaProtobuf, otlp.SignalTraces},
		"records":              {logs(t, logProto()), otlp.MediaProtobuf, otlp.SignalLogs},
		"a record with a time": {logs(t, &logspb.LogRecord{ObservedTimeUnixNano: 1}), otlp.MediaProtobuf, otlp.SignalLogs},
		"a record with a body": {logs(t, &logspb.LogRecord{SeverityNumber: 9, Body: text("x")}), otlp.MediaProtobuf, otlp.SignalLogs},
		"a record with an id":  {logs(t, &logspb.LogRecord{TraceId: unhex(trace)}), otlp.MediaProtobuf, otlp.SignalLogs},
		"a metric":             {metrics(t, &metricspb.Metric{Name: "tokens", Description: "x", Data: &metricspb.Metric_Gauge{Gauge: &metricspb.Gauge{}}}), otlp.MediaProtobuf, otlp.SignalMetrics},
		"nothing":              {nil, otlp.MediaProtobuf, otlp.SignalNone},
		"text":                 {[]byte("hello"), otlp.MediaProtobuf, otlp.SignalNone},
		"JSON spans":           {jsonTraces(jsonSpan), otlp.MediaJSON, otlp.SignalTraces},
		"JSON records":         {jsonLogs(jsonLog), otlp.MediaJSON, otlp.SignalLogs},
		"JSON metrics":         {[]byte(`{"x":1,"resource_metrics":[]}`), otlp.MediaJSON, otlp.SignalMetrics},
		"other JSON":           {[]byte(`{"events":[]}`), otlp.MediaJSON, otlp.SignalNone},
		"no object":            {[]byte(`[1]`), otlp.MediaJSON, otlp.SignalNone},
	} {
		if got := otlp.SignalOf(test.body, test.media); got != test.want {
			t.Errorf("%s: signal %d, want %d", name, got, test.want)
		}
	}
}
