package otlp_test

import (
	"testing"

	logspb "go.opentelemetry.io/proto/otlp/logs/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/server/internal/otlp"
)

// small are limits that a fuzzer reaches.
var small = otlp.Limits{Items: 20, Each: 50, Values: 200, Depth: 8}

// FuzzTracesProtobuf holds the reading against the library's: of what that can read as a whole, each span is kept or rejected.
func FuzzTracesProtobuf(f *testing.F) {
	f.Add([]byte(wire(f, traces(aSpan(1)))))
	f.Add([]byte(wire(f, traces(aSpan(1), &tracepb.Span{}))))
	f.Add([]byte(wire(f, logs(aLog()))))
	f.Add([]byte("\x0a\x00"))
	f.Fuzz(func(t *testing.T, body []byte) {
		otlp.SignalOf(body, otlp.Protobuf)
		bounded(t, body, otlp.Protobuf)
		spans, tally, err := otlp.Traces(body, otlp.Protobuf, otlp.StandardLimits())
		sound(t, spans, tally, otlp.StandardLimits())
		var want tracepb.TracesData
		if proto.Unmarshal(body, &want) != nil {
			return
		}
		n := 0
		for _, r := range want.GetResourceSpans() {
			for _, s := range r.GetScopeSpans() {
				n += len(s.GetSpans())
			}
		}
		if err != nil || len(spans)+tally.Rejected != n {
			t.Fatalf("%d spans and %+v of %d: %v", len(spans), tally, n, err)
		}
	})
}

func FuzzTracesJSON(f *testing.F) {
	for _, span := range []string{ // short ones: what is found from long ones takes the fuzzer a minute to make smaller
		`"flags":769,"name":"chat","kind":3`, `"kind":"SPAN_KIND_CLIENT","status":{"code":"STATUS_CODE_ERROR","message":"\ud83d"}`,
		`"attributes":[{"key":"k","value":{"arrayValue":{"values":[{"intValue":"1"}]}}}]`, `"events":[{"name":"e","timeUnixNano":"5"}],"parentSpanId":null`,
		`"attributes":[{"key":"k","value":{"kvlistValue":{"values":[{"key":"x","value":{"bytesValue":"+/8="}}]}}}]`,
	} {
		f.Add([]byte(`{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7",` + span + `}]}]}]}`))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		otlp.SignalOf(body, otlp.JSON)
		bounded(t, body, otlp.JSON)
		spans, tally, _ := otlp.Traces(body, otlp.JSON, otlp.StandardLimits())
		sound(t, spans, tally, otlp.StandardLimits())
	})
}

func bounded(t *testing.T, body []byte, form otlp.Form) {
	t.Helper()
	spans, tally, _ := otlp.Traces(body, form, small)
	sound(t, spans, tally, small)
	if len(spans)+tally.Rejected > small.Items || tally.Values > small.Values+1 {
		t.Fatalf("%d spans, %+v", len(spans), tally)
	}
}

// sound checks what holds of every reading.
func sound(t *testing.T, spans []*genai.Span, tally otlp.Tally, limits otlp.Limits) {
	t.Helper()
	if tally.Taken != len(spans) || (tally.Rejected > 0) != (tally.Reason != "") {
		t.Fatalf("%d spans, %+v", len(spans), tally)
	}
	for _, s := range spans {
		if s.TraceID.IsZero() || s.SpanID.IsZero() || s.Dropped < 0 {
			t.Fatalf("%+v was kept", s)
		}
		for _, a := range s.Attributes {
			if a.Key == "" || depth(a.Value) > limits.Depth {
				t.Fatalf("attribute %+v", a)
			}
		}
	}
}

func depth(v any) (deepest int) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			deepest = max(deepest, depth(e))
		}
		return deepest + 1
	case map[string]any:
		for _, e := range v {
			deepest = max(deepest, depth(e))
		}
		return deepest + 1
	}
	return 0
}

func FuzzLogs(f *testing.F) {
	for _, form := range inForms(f, logs(aLog())) {
		f.Add(form.Body, form.Form == otlp.JSON)
	}
	f.Add([]byte(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[7,{}]}]}]}`), true)
	f.Fuzz(func(t *testing.T, body []byte, json bool) {
		form := otlp.Protobuf
		if json {
			form = otlp.JSON
		}
		records, tally, err := otlp.Logs(body, form, otlp.StandardLimits())
		if tally.Taken != len(records) {
			t.Fatalf("%d records, %+v", len(records), tally)
		}
		var want logspb.LogsData
		if json || proto.Unmarshal(body, &want) != nil {
			return
		}
		n := 0
		for _, r := range want.GetResourceLogs() {
			for _, s := range r.GetScopeLogs() {
				n += len(s.GetLogRecords())
			}
		}
		if err != nil || len(records)+tally.Rejected != n {
			t.Fatalf("%d records and %+v of %d: %v", len(records), tally, n, err)
		}
	})
}
