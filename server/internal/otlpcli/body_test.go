package otlp_test

import (
	"encoding/hex"
	"strings"
	"testing"
	"time"

	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	logspb "go.opentelemetry.io/proto/otlp/logs/v1"
	resourcepb "go.opentelemetry.io/proto/otlp/resource/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	otlp "github.com/sentrial/sentrial-go/server/internal/otlpcli"
)

const (
	trace  = "4bf92f3577b34da6a3ce929d0e0e4736"
	span   = "00f067aa0ba902b7"
	parent = "53ce929d0e0e4736"
)

var begun = time.Date(2026, 3, 4, 9, 31, 0, 123, time.UTC)

func unhex(text string) []byte {
	b, err := hex.DecodeString(text)
	if err != nil {
		panic(err)
	}
	return b
}

func text(s string) *commonpb.AnyValue {
	return &commonpb.AnyValue{Value: &commonpb.AnyValue_StringValue{StringValue: s}}
}

func list(values ...*commonpb.AnyValue) *commonpb.AnyValue {
	return &commonpb.AnyValue{Value: &commonpb.AnyValue_ArrayValue{ArrayValue: &commonpb.ArrayValue{Values: values}}}
}

func object(pairs ...*commonpb.KeyValue) *commonpb.AnyValue {
	return &commonpb.AnyValue{Value: &commonpb.AnyValue_KvlistValue{KvlistValue: &commonpb.KeyValueList{Values: pairs}}}
}

func pair(key string, v *commonpb.AnyValue) *commonpb.KeyValue {
	return &commonpb.KeyValue{Key: key, Value: v}
}

// spanProto is a span with everything that one can have.
func spanProto() *tracepb.Span {
	return &tracepb.Span{
		TraceId: unhex(trace), SpanId: unhex(span), ParentSpanId: unhex(parent), TraceState: "a=b", Flags: 0x301, Name: "chat m",
		Kind: tracepb.Span_SPAN_KIND_CLIENT, StartTimeUnixNano: uint64(begun.UnixNano()), EndTimeUnixNano: uint64(begun.Add(time.Second).UnixNano()),
		Attributes: []*commonpb.KeyValue{
			pair("text", text("héllo \"x\"\n")), pair("none", nil), pair("empty", &commonpb.AnyValue{}), pair("", text("no key")),
			pair("yes", &commonpb.AnyValue{Value: &commonpb.AnyValue_BoolValue{BoolValue: true}}),
			pair("int", &commonpb.AnyValue{Value: &commonpb.AnyValue_IntValue{IntValue: -9007199254740993}}),
			pair("double", &commonpb.AnyValue{Value: &commonpb.AnyValue_DoubleValue{DoubleValue: 0.25}}),
			pair("bytes", &commonpb.AnyValue{Value: &commonpb.AnyValue_BytesValue{BytesValue: []byte{0xfb, 0xff, 0}}}),
			pair("list", list(text("a"), list(), nil)), pair("object", object(pair("k", object(pair("x", text("y")))))),
		},
		DroppedAttributesCount: 2, DroppedEventsCount: 3, DroppedLinksCount: 50,
		Events: []*tracepb.Span_Event{
			{TimeUnixNano: uint64(begun.UnixNano()), Name: "exception", Attributes: []*commonpb.KeyValue{pair("k", text("v"))}, DroppedAttributesCount: 4},
			{TimeUnixNano: 1},
		},
		Links:  []*tracepb.Span_Link{{TraceId: unhex(trace), SpanId: unhex(span)}},
		Status: &tracepb.Status{Code: tracepb.Status_STATUS_CODE_ERROR, Message: "no luck"},
	}
}

var (
	resource = []*commonpb.KeyValue{pair("service.name", text("shop"))}
	scope    = &commonpb.InstrumentationScope{Name: "ai", Version: "5.0"}
)

func wantSpan() *genai.Span {
	s := &genai.Span{
		RemoteParent: true, Name: "chat m", Kind: genai.SpanKindClient, Start: begun, End: begun.Add(time.Second), Status: genai.StatusError, Message: "no luck",
		Attributes: []genai.Attribute{
			{Key: "text", Value: "héllo \"x\"\n"},
			{Key: "none"},
			{Key: "empty"},
			{Key: "yes", Value: true},
			{Key: "int", Value: int64(-9007199254740993)},
			{Key: "double", Value: 0.25},
			{Key: "bytes", Value: []byte{0xfb, 0xff, 0}},
			{Key: "list", Value: []any{"a", []any{}, nil}},
			{Key: "object", Value: map[string]any{"k": map[string]any{"x": "y"}}},
		},
		Events:   []genai.SpanEvent{{Name: "exception", Time: begun, Attributes: []genai.Attribute{{Key: "k", Value: "v"}}}},
		Scope:    genai.Scope{Name: "ai", Version: "5.0"},
		Resource: []genai.Attribute{{Key: "service.name", Value: "shop"}},
		Dropped:  9,
	}
	copy(s.TraceID[:], unhex(trace))
	copy(s.SpanID[:], unhex(span))
	copy(s.ParentID[:], unhex(parent))
	return s
}

// traces is a body of spans.
func traces(t testing.TB, spans ...*tracepb.Span) []byte {
	t.Helper()
	return marshal(t, &tracepb.TracesData{ResourceSpans: []*tracepb.ResourceSpans{{
		Resource: &resourcepb.Resource{Attributes: resource}, ScopeSpans: []*tracepb.ScopeSpans{{Scope: scope, Spans: spans}},
	}}})
}

func logs(t testing.TB, records ...*logspb.LogRecord) []byte {
	t.Helper()
	return marshal(t, &logspb.LogsData{ResourceLogs: []*logspb.ResourceLogs{{
		Resource: &resourcepb.Resource{Attributes: resource}, ScopeLogs: []*logspb.ScopeLogs{{Scope: scope, LogRecords: records}},
	}}})
}

func marshal(t testing.TB, m proto.Message) []byte {
	t.Helper()
	body, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// jsonSpan is the same span as spanProto, the way that exporters write it.
const jsonSpan = `{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00F067AA0BA902B7","parentSpanId":"53ce929d0e0e4736","traceState":"a=b","flags":769,"name":"chat m","kind":3,
"startTimeUnixNano":"START","endTimeUnixNano":"END","attributes":[{"key":"text","value":{"stringValue":"h\u00e9llo \"x\"\n"}},{"key":"none"},{"key":"empty","value":{}},
{"key":"","value":{"stringValue":"no key"}},{"key":"yes","value":{"boolValue":true}},{"key":"int","value":{"intValue":"-9007199254740993"}},{"key":"double","value":{"doubleValue":0.25}},
{"key":"bytes","value":{"bytesValue":"+/8A"}},{"key":"list","value":{"arrayValue":{"values":[{"stringValue":"a"},{"arrayValue":{}},{}]}}},
{"key":"object","value":{"kvlistValue":{"values":[{"key":"k","value":{"kvlistValue":{"values":[{"key":"x","value":{"stringValue":"y"}}]}}}]}}}],
"droppedAttributesCount":2,"droppedEventsCount":3,"droppedLinksCount":50,"events":[{"timeUnixNano":"START","name":"exception","attributes":[{"key":"k","value":{"stringValue":"v"}}],
"droppedAttributesCount":4},{"timeUnixNano":"1"}],"links":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736"}],"status":{"code":2,"message":"no luck"}}`

var times = strings.NewReplacer("START", "1772616660000000123", "END", "1772616661000000123")

// jsonTraces is a body of spans.
func jsonTraces(spans ...string) []byte {
	return []byte(times.Replace(`{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"scope":{"name":"ai","version":"5.0"},"spans":[` +
		strings.Join(spans, ",") + `]}]}]}`))
}

// read expects a body that can be read, and nothing rejected.
func read(t *testing.T, body []byte, media string) []*genai.Span {
	t.Helper()
	spans, rejected, err := otlp.Traces(body, media)
	if err != nil || rejected != 0 {
		t.Fatalf("%d rejected, %v", rejected, err)
	}
	return spans
}
