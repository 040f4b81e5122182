package otlp_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	logspb "go.opentelemetry.io/proto/otlp/logs/v1"
	resourcepb "go.opentelemetry.io/proto/otlp/resource/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/server/internal/otlp"
)

// Requests are made with the protocol's own types and read by what is tested.

func str(s string) *commonpb.AnyValue {
	return &commonpb.AnyValue{Value: &commonpb.AnyValue_StringValue{StringValue: s}}
}

func integer(n int64) *commonpb.AnyValue {
	return &commonpb.AnyValue{Value: &commonpb.AnyValue_IntValue{IntValue: n}}
}

func array(all ...*commonpb.AnyValue) *commonpb.AnyValue {
	return &commonpb.AnyValue{Value: &commonpb.AnyValue_ArrayValue{ArrayValue: &commonpb.ArrayValue{Values: all}}}
}

func kvlist(all ...*commonpb.KeyValue) *commonpb.AnyValue {
	return &commonpb.AnyValue{Value: &commonpb.AnyValue_KvlistValue{KvlistValue: &commonpb.KeyValueList{Values: all}}}
}

func kv(key string, v *commonpb.AnyValue) *commonpb.KeyValue {
	return &commonpb.KeyValue{Key: key, Value: v}
}

// everyKind has an attribute of each kind.
func everyKind() []*commonpb.KeyValue {
	return []*commonpb.KeyValue{
		kv("text", str("ein \"Wort\" ✓\n")), kv("", str("no key")), kv("int", integer(-1<<62)), kv("none", nil), kv("empty", &commonpb.AnyValue{}),
		kv("bool", &commonpb.AnyValue{Value: &commonpb.AnyValue_BoolValue{BoolValue: true}}),
		kv("false", &commonpb.AnyValue{Value: &commonpb.AnyValue_BoolValue{}}),
		kv("double", &commonpb.AnyValue{Value: &commonpb.AnyValue_DoubleValue{DoubleValue: 1.5}}),
		kv("bytes", &commonpb.AnyValue{Value: &commonpb.AnyValue_BytesValue{BytesValue: []byte{0, 255, 62, 63}}}),
		kv("list", array(str("a"), integer(2), array())), kv("map", kvlist(kv("k", str("v")), kv("deep", kvlist(kv("n", integer(7)))))),
	}
}

func aSpan(n byte) *tracepb.Span {
	return &tracepb.Span{
		TraceId: []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, SpanId: []byte{n, 2, 3, 4, 5, 6, 7, 8}, ParentSpanId: []byte{9, 9, 9, 9, 9, 9, 9, 9},
		Name: "chat m", Kind: tracepb.Span_SPAN_KIND_CLIENT, StartTimeUnixNano: 1795309209098000001, EndTimeUnixNano: 1795309209268450568, Flags: 0x301,
		TraceState: "x=y", Attributes: everyKind(), DroppedAttributesCount: 3, DroppedEventsCount: 2, DroppedLinksCount: 50,
		Events: []*tracepb.Span_Event{{TimeUnixNano: 1795309209198000001, Name: "exception", Attributes: []*commonpb.KeyValue{kv("exception.type", str("E"))}, DroppedAttributesCount: 4}, {TimeUnixNano: 1}},
		Links:  []*tracepb.Span_Link{{TraceId: make([]byte, 16), SpanId: make([]byte, 8)}},
		Status: &tracepb.Status{Code: tracepb.Status_STATUS_CODE_ERROR, Message: "it broke"},
	}
}

func traces(spans ...*tracepb.Span) *tracepb.TracesData {
	return &tracepb.TracesData{ResourceSpans: []*tracepb.ResourceSpans{{
		Resource:   &resourcepb.Resource{Attributes: []*commonpb.KeyValue{kv("service.name", str("shop"))}},
		ScopeSpans: []*tracepb.ScopeSpans{{Scope: &commonpb.InstrumentationScope{Name: "gen_ai", Version: "1"}, Spans: spans}},
	}}}
}

// written is what traces(aSpan(1)) is, the way that exporters write it.
func written(spans ...string) string {
	return `{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"scope":{"name":"gen_ai","version":"1"},"spans":[` +
		strings.Join(spans, ",") + `]}]}]}`
}

const writtenSpan = `{"traceId":"0102030405060708090A0b0c0d0e0f10","spanId":"0102030405060708","parentSpanId":"0909090909090909","traceState":"x=y","flags":769,"name":"chat m","kind":3,
"startTimeUnixNano":"1795309209098000001","endTimeUnixNano":"1795309209268450568","attributes":[{"key":"text","value":{"stringValue":"ein \"Wort\" \u2713\n"}},
{"key":"","value":{"stringValue":"no key"}},{"key":"int","value":{"intValue":"-4611686018427387904"}},{"key":"none"},{"key":"empty","value":{}},{"key":"bool","value":{"boolValue":true}},
{"key":"false","value":{"boolValue":false}},{"key":"double","value":{"doubleValue":1.5}},{"key":"bytes","value":{"bytesValue":"AP8+Pw=="}},
{"key":"list","value":{"arrayValue":{"values":[{"stringValue":"a"},{"intValue":"2"},{"arrayValue":{}}]}}},{"key":"map","value":{"kvlistValue":{"values":[{"key":"k","value":{"stringValue":"v"}},
{"key":"deep","value":{"kvlistValue":{"values":[{"key":"n","value":{"intValue":"7"}}]}}}]}}}],"droppedAttributesCount":3,"droppedEventsCount":2,"droppedLinksCount":50,
"events":[{"timeUnixNano":"1795309209198000001","name":"exception","attributes":[{"key":"exception.type","value":{"stringValue":"E"}}],"droppedAttributesCount":4},{"timeUnixNano":"1"}],
"links":[{"traceId":"0102030405060708090a0b0c0d0e0f1"}],"status":{"code":2,"message":"it broke"}}`

func everyKindRead() []genai.Attribute {
	return []genai.Attribute{
		{Key: "text", Value: "ein \"Wort\" ✓\n"},
		{Key: "int", Value: int64(-1 << 62)},
		{Key: "none"},
		{Key: "empty"},
		{Key: "bool", Value: true},
		{Key: "false", Value: false},
		{Key: "double", Value: 1.5},
		{Key: "bytes", Value: []byte{0, 255, 62, 63}},
		{Key: "list", Value: []any{"a", int64(2), []any{}}},
		{Key: "map", Value: map[string]any{"k": "v", "deep": map[string]any{"n": int64(7)}}},
	}
}

// wantSpan is what aSpan(1) is read as.
func wantSpan() *genai.Span {
	return &genai.Span{
		TraceID: genai.TraceID{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, SpanID: genai.SpanID{1, 2, 3, 4, 5, 6, 7, 8},
		ParentID: genai.SpanID{9, 9, 9, 9, 9, 9, 9, 9}, RemoteParent: true, Name: "chat m", Kind: genai.SpanKindClient,
		Start: time.Unix(0, 1795309209098000001).UTC(), End: time.Unix(0, 1795309209268450568).UTC(), Status: genai.StatusError, Message: "it broke",
		Attributes: everyKindRead(), Scope: genai.Scope{Name: "gen_ai", Version: "1"}, Dropped: 9,
		Events:   []genai.SpanEvent{{Name: "exception", Time: time.Unix(0, 1795309209198000001).UTC(), Attributes: []genai.Attribute{{Key: "exception.type", Value: "E"}}}},
		Resource: []genai.Attribute{{Key: "service.name", Value: "shop"}},
	}
}

func logs(records ...*logspb.LogRecord) *logspb.LogsData {
	return &logspb.LogsData{ResourceLogs: []*logspb.ResourceLogs{{ScopeLogs: []*logspb.ScopeLogs{{
		Scope: &commonpb.InstrumentationScope{Name: "openai"}, LogRecords: records,
	}}}}}
}

func aLog() *logspb.LogRecord {
	return &logspb.LogRecord{
		TraceId: []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, SpanId: []byte{1, 2, 3, 4, 5, 6, 7, 8}, EventName: "gen_ai.choice",
		ObservedTimeUnixNano: 1795309209098000001, Body: kvlist(kv("content", str("hi"))), Attributes: everyKind(), SeverityText: "INFO",
	}
}

var idMember = regexp.MustCompile(`"(traceId|spanId|parentSpanId|trace_id|span_id|parent_span_id)":\s*"([^"]*)"`)

// inForms are a message's bytes in each form, JSON in both ways to name fields.
func inForms(t testing.TB, m proto.Message) map[string]struct {
	Form otlp.Form
	Body []byte
} {
	t.Helper()
	plain, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	type form = struct {
		Form otlp.Form
		Body []byte
	}
	forms := map[string]form{"protobuf": {otlp.Protobuf, plain}}
	for name, o := range map[string]protojson.MarshalOptions{"JSON": {}, "snake_case": {UseProtoNames: true, Multiline: true}, "numbers": {UseEnumNumbers: true, EmitUnpopulated: true}} {
		text, err := o.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		forms[name] = form{otlp.JSON, idMember.ReplaceAllFunc(text, func(found []byte) []byte {
			parts := idMember.FindSubmatch(found)
			id, err := base64.StdEncoding.DecodeString(string(parts[2]))
			if err != nil {
				t.Fatal(err)
			}
			return fmt.Appendf(nil, `%q:%q`, parts[1], hex.EncodeToString(id))
		})}
	}
	return forms
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		g, _ := json.MarshalIndent(got, "", " ")
		w, _ := json.MarshalIndent(want, "", " ")
		t.Errorf("%s:\n got %#v %s\nwant %#v %s", what, got, g, want, w)
	}
}

// read expects a body of which everything is taken.
func read(t *testing.T, body string, form otlp.Form) []*genai.Span {
	t.Helper()
	spans, tally, err := otlp.Traces([]byte(body), form, otlp.StandardLimits())
	if err != nil || tally.Rejected != 0 || tally.Taken != len(spans) || len(spans) == 0 {
		t.Fatalf("%+v, %v", tally, err)
	}
	return spans
}

// wire is a message in protobuf.
func wire(t testing.TB, m proto.Message) string {
	t.Helper()
	body, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
