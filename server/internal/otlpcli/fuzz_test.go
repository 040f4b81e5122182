package otlp_test

import (
	"errors"
	"testing"

	logspb "go.opentelemetry.io/proto/otlp/logs/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	otlp "github.com/sentrial/sentrial-go/server/internal/otlpcli"
)

// FuzzTracesProtobuf holds the reading against protobuf's own: what that can read is read here, each span of it kept or rejected.
func FuzzTracesProtobuf(f *testing.F) {
	f.Add(traces(f, spanProto()))
	f.Add(traces(f, spanProto(), &tracepb.Span{}))
	f.Add(logs(f, logProto()))
	f.Add([]byte("\x0a\x00"))
	f.Fuzz(func(t *testing.T, body []byte) {
		spans, rejected, err := otlp.Traces(body, otlp.MediaProtobuf)
		sound(t, spans, rejected, err)
		var want tracepb.TracesData
		if proto.Unmarshal(body, &want) != nil {
			return
		}
		n := 0
		for _, r := range want.ResourceSpans {
			for _, s := range r.ScopeSpans {
				n += len(s.Spans)
			}
		}
		if errors.Is(err, otlp.ErrMalformed) || len(spans)+rejected != n {
			t.Fatalf("%d spans and %d rejected of %d: %v", len(spans), rejected, n, err)
		}
		otlp.SignalOf(body, otlp.MediaProtobuf)
	})
}

func FuzzTracesJSON(f *testing.F) {
	for _, span := range []string{ // short ones: what is found from long ones takes the fuzzer a minute to make smaller
		`"flags":769,"name":"chat","kind":3`, `"kind":"SPAN_KIND_CLIENT","status":{"code":"STATUS_CODE_ERROR","message":"no"}`,
		`"attributes":[{"key":"k","value":{"arrayValue":{"values":[{"intValue":"1"}]}}}]`, `"events":[{"name":"e","timeUnixNano":"5"}],"parentSpanId":null`,
		`"attributes":[{"key":"k","value":{"kvlistValue":{"values":[{"key":"x","value":{"bytesValue":"+/8="}}]}}}]`,
	} {
		f.Add([]byte(`{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"` + trace + `","spanId":"` + parent + `",` + span + `}]}]}]}`))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		spans, rejected, err := otlp.Traces(body, otlp.MediaJSON)
		sound(t, spans, rejected, err)
		otlp.SignalOf(body, otlp.MediaJSON)
	})
}

// sound checks what holds of every reading.
func sound(t *testing.T, spans []*genai.Span, rejected int, err error) {
	t.Helper()
	if errors.Is(err, otlp.ErrMalformed) && (spans != nil || rejected != 0) || (rejected > 0) != (err != nil && !errors.Is(err, otlp.ErrMalformed)) {
		t.Fatalf("%d spans, %d rejected, %v", len(spans), rejected, err)
	}
	for _, s := range spans {
		if s.TraceID.IsZero() || s.SpanID.IsZero() || s.Dropped < 0 {
			t.Fatalf("%+v was kept", s)
		}
		for _, a := range s.Attributes {
			if a.Key == "" || depth(a.Value) > 64 {
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
	f.Add(logs(f, logProto()), false)
	f.Add(jsonLogs(jsonLog), true)
	f.Fuzz(func(t *testing.T, body []byte, json bool) {
		media := otlp.MediaProtobuf
		if json {
			media = otlp.MediaJSON
		}
		records, rejected, err := otlp.Logs(body, media)
		if errors.Is(err, otlp.ErrMalformed) && (records != nil || rejected != 0) {
			t.Fatalf("%d records, %d rejected, %v", len(records), rejected, err)
		}
		var want logspb.LogsData
		if json || proto.Unmarshal(body, &want) != nil {
			return
		}
		n := 0
		for _, r := range want.ResourceLogs {
			for _, s := range r.ScopeLogs {
				n += len(s.LogRecords)
			}
		}
		if err != nil && rejected == 0 || len(records)+rejected != n {
			t.Fatalf("%d records and %d rejected of %d: %v", len(records), rejected, n, err)
		}
	})
}
