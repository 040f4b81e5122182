package otlp_test

import (
	"strings"
	"testing"
	"time"

	logspb "go.opentelemetry.io/proto/otlp/logs/v1"
	metricspb "go.opentelemetry.io/proto/otlp/metrics/v1"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/server/internal/otlp"
)

func TestLogsInEveryForm(t *testing.T) {
	want := &genai.Log{
		TraceID: genai.TraceID{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, SpanID: genai.SpanID{1, 2, 3, 4, 5, 6, 7, 8},
		Time: time.Unix(0, 1795309209098000001).UTC(), EventName: "gen_ai.choice", Body: map[string]any{"content": "hi"}, Attributes: everyKindRead(),
		Scope: genai.Scope{Name: "openai"},
	}
	for name, f := range inForms(t, logs(aLog(), &logspb.LogRecord{Body: str("x")})) {
		records, tally, err := otlp.Logs(f.Body, f.Form, otlp.StandardLimits())
		if err != nil || len(records) != 2 || tally.Taken != 2 {
			t.Fatalf("%s: %d records, %+v, %v", name, len(records), tally, err)
		}
		same(t, name, records[0], want)
		same(t, name+", without ids", records[1], &genai.Log{Body: "x", Scope: genai.Scope{Name: "openai"}})
	}
}

// TestALogRecordNeedsNoSpan and no time of its own, but its ids have their lengths.
func TestALogRecordNeedsNoSpan(t *testing.T) {
	free, bad, early := &logspb.LogRecord{Body: str("x")}, aLog(), aLog()
	bad.SpanId = bad.SpanId[1:]
	early.TimeUnixNano = 5
	for name, f := range inForms(t, logs(free, bad, early)) {
		records, tally, err := otlp.Logs(f.Body, f.Form, otlp.StandardLimits())
		if err != nil || len(records) != 2 || tally.Rejected != 1 || tally.Taken != 2 || !strings.Contains(tally.Reason, "got 7") && !strings.Contains(tally.Reason, "got 14 characters") {
			t.Fatalf("%s: %+v, %v", name, tally, err)
		}
		same(t, name, records[0], &genai.Log{Body: "x", Scope: genai.Scope{Name: "openai"}})
		if records[1].Time.UnixNano() != 5 {
			t.Errorf("%s: %v", name, records[1].Time)
		}
	}
}

func TestMetricsAreCounted(t *testing.T) {
	m := &metricspb.MetricsData{ResourceMetrics: []*metricspb.ResourceMetrics{{ScopeMetrics: []*metricspb.ScopeMetrics{{Metrics: []*metricspb.Metric{{Name: "a"}, {Name: "b"}}}}}}}
	for name, f := range inForms(t, m) {
		tally, err := otlp.Metrics(f.Body, f.Form, otlp.StandardLimits())
		if err != nil || tally.Taken != 2 {
			t.Errorf("%s: %+v, %v", name, tally, err)
		}
	}
}
