package otlp_test

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/sentrial/sentrial-go/server/internal/otlp"
)

func seeds(f *testing.F, m proto.Message) {
	f.Helper()
	for _, form := range inForms(f, m) {
		f.Add(form.Body, form.Form == otlp.JSON)
	}
	for _, text := range []string{"", "{}", "[", "null", `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"00"}]}]}]}`, `{"resourceLogs":[{"scopeLogs":[{"logRecords":[7,{}]}]}]}`} {
		f.Add([]byte(text), true)
		f.Add([]byte(text), false)
	}
}

func formOf(json bool) otlp.Form {
	if json {
		return otlp.JSON
	}
	return otlp.Protobuf
}

// small are limits that a fuzzer reaches.
var small = otlp.Limits{Items: 20, Each: 50, Values: 200, Depth: 8}

func FuzzOTLPTraces(f *testing.F) {
	seeds(f, traces(aSpan(1), aSpan(2)))
	f.Fuzz(func(t *testing.T, body []byte, json bool) {
		spans, tally, _ := otlp.Traces(body, formOf(json), small)
		if len(spans)+tally.Rejected > small.Items || tally.Values > small.Values+1 {
			t.Fatalf("%d spans, %+v", len(spans), tally)
		}
		for _, s := range spans {
			if s.TraceID.IsZero() || s.SpanID.IsZero() {
				t.Fatalf("a span without ids: %+v", s)
			}
		}
	})
}

func FuzzOTLPLogs(f *testing.F) {
	seeds(f, logs(aLog()))
	f.Fuzz(func(t *testing.T, body []byte, json bool) {
		records, tally, err := otlp.Logs(body, formOf(json), small)
		if len(records)+tally.Rejected > small.Items || err == nil && tally.Taken != len(records) {
			t.Fatalf("%d records, %+v", len(records), tally)
		}
	})
}
