package otlp_test

import (
	"reflect"
	"strings"
	"testing"

	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	logspb "go.opentelemetry.io/proto/otlp/logs/v1"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	otlp "github.com/sentrial/sentrial-go/server/internal/otlpcli"
)

func logProto() *logspb.LogRecord {
	return &logspb.LogRecord{
		TimeUnixNano: uint64(begun.UnixNano()), ObservedTimeUnixNano: 5, SeverityNumber: 9, TraceId: unhex(trace), SpanId: unhex(span), EventName: "gen_ai.choice",
		Body: object(pair("content", text("18 C"))), Attributes: []*commonpb.KeyValue{pair("k", text("v"))},
	}
}

const jsonLog = `{"timeUnixNano":"START","observedTimeUnixNano":"5","severityNumber":9,"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","eventName":"gen_ai.choice",
"body":{"kvlistValue":{"values":[{"key":"content","value":{"stringValue":"18 C"}}]}},"attributes":[{"key":"k","value":{"stringValue":"v"}}]}`

func jsonLogs(records ...string) []byte {
	return []byte(times.Replace(`{"resourceLogs":[{"scopeLogs":[{"scope":{"name":"ai","version":"5.0"},"logRecords":[` + strings.Join(records, ",") + `]}]}]}`))
}

func TestALogRecordWithEverything(t *testing.T) {
	want := &genai.Log{Time: begun, EventName: "gen_ai.choice", Body: map[string]any{"content": "18 C"}, Attributes: []genai.Attribute{{Key: "k", Value: "v"}}, Scope: genai.Scope{Name: "ai", Version: "5.0"}}
	copy(want.TraceID[:], unhex(trace))
	copy(want.SpanID[:], unhex(span))
	for media, body := range map[string][]byte{otlp.MediaProtobuf: logs(t, logProto()), otlp.MediaJSON: jsonLogs(jsonLog)} {
		got, rejected, err := otlp.Logs(body, media)
		if err != nil || rejected != 0 || len(got) != 1 || !reflect.DeepEqual(got[0], want) {
			t.Errorf("%s: %d rejected, %v, %+v", media, rejected, err, got)
		}
	}
}

// TestALogRecordNeedsNoSpan and no time of its own, but its ids have their lengths.
func TestALogRecordNeedsNoSpan(t *testing.T) {
	free, bad := logProto(), logProto()
	free.TraceId, free.SpanId, free.TimeUnixNano = nil, nil, 0
	bad.SpanId = bad.SpanId[1:]
	withoutIDs := strings.NewReplacer(`"traceId":"`+trace+`"`, `"traceId":""`, `"spanId":"`+span+`",`, ``, `"timeUnixNano":"START",`, ``).Replace(jsonLog)
	for media, body := range map[string][]byte{otlp.MediaProtobuf: logs(t, free, bad), otlp.MediaJSON: jsonLogs(withoutIDs, strings.Replace(jsonLog, span, span[1:], 1))} {
		got, rejected, err := otlp.Logs(body, media)
		if len(got) != 1 || rejected != 1 || err == nil || !strings.Contains(err.Error(), "span id of") {
			t.Fatalf("%s: %d rejected, %v, %+v", media, rejected, err, got)
		}
		if !got[0].TraceID.IsZero() || got[0].Time.UnixNano() != 5 {
			t.Errorf("%s: %+v", media, got[0])
		}
	}
}
