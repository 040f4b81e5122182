package otlp_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	logspb "go.opentelemetry.io/proto/otlp/logs/v1"
	metricspb "go.opentelemetry.io/proto/otlp/metrics/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/server/internal/otlp"
)

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

func TestSpansInEveryForm(t *testing.T) {
	want := &genai.Span{
		TraceID: genai.TraceID{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, SpanID: genai.SpanID{1, 2, 3, 4, 5, 6, 7, 8},
		ParentID: genai.SpanID{9, 9, 9, 9, 9, 9, 9, 9}, RemoteParent: true, Name: "chat m", Kind: genai.SpanKindClient,
		Start: time.Unix(0, 1795309209098000001).UTC(), End: time.Unix(0, 1795309209268450568).UTC(), Status: genai.StatusError, Message: "it broke",
		Attributes: everyKindRead(), Scope: genai.Scope{Name: "gen_ai", Version: "1"}, Dropped: 5,
		Events:   []genai.SpanEvent{{Name: "exception", Time: time.Unix(0, 1795309209198000001).UTC(), Attributes: []genai.Attribute{{Key: "exception.type", Value: "E"}}}},
		Resource: []genai.Attribute{{Key: "service.name", Value: "shop"}},
	}
	for name, f := range inForms(t, traces(aSpan(1), aSpan(2))) {
		spans, tally, err := otlp.Traces(f.Body, f.Form, otlp.StandardLimits())
		if err != nil || len(spans) != 2 || tally.Taken != 2 || tally.Rejected != 0 || tally.Values == 0 {
			t.Fatalf("%s: %d spans, %+v, %v", name, len(spans), tally, err)
		}
		same(t, name, spans[0], want)
		same(t, name+", the other's id", spans[1].SpanID, genai.SpanID{2, 2, 3, 4, 5, 6, 7, 8})
	}
}

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

func TestMetricsAreCounted(t *testing.T) {
	m := &metricspb.MetricsData{ResourceMetrics: []*metricspb.ResourceMetrics{{ScopeMetrics: []*metricspb.ScopeMetrics{{Metrics: []*metricspb.Metric{{Name: "a"}, {Name: "b"}}}}}}}
	for name, f := range inForms(t, m) {
		tally, err := otlp.Metrics(f.Body, f.Form, otlp.StandardLimits())
		if err != nil || tally.Taken != 2 {
			t.Errorf("%s: %+v, %v", name, tally, err)
		}
	}
}

// TestOneBadSpanCostsItself: the others of the request are taken.
func TestOneBadSpanCostsItself(t *testing.T) {
	short, none, long := aSpan(2), aSpan(3), aSpan(4)
	short.TraceId, none.SpanId, long.ParentSpanId = short.TraceId[:15], nil, make([]byte, 9)
	zero, deep := aSpan(5), aSpan(6)
	zero.TraceId = make([]byte, 16)
	nested := str("x")
	for range 64 {
		nested = array(nested)
	}
	deep.Attributes = []*commonpb.KeyValue{kv("deep", nested)}
	many := aSpan(7)
	for range 20_001 {
		many.Attributes = append(many.Attributes, kv("a", nil))
	}
	for name, f := range inForms(t, traces(aSpan(1), short, none, long, zero, deep, many, aSpan(8))) {
		spans, tally, err := otlp.Traces(f.Body, f.Form, otlp.StandardLimits())
		if err != nil || len(spans) != 2 || spans[1].SpanID[0] != 8 || tally.Rejected != 6 || !strings.Contains(tally.Reason, "traceId: expected an id of 16 bytes, got 15") {
			t.Errorf("%s: %d spans, %+v, %v", name, len(spans), tally, err)
		}
		if len(spans) == 2 && (len(spans[1].Resource) != 1 || spans[1].Scope.Name != "gen_ai") {
			t.Errorf("%s: the last one lost its resource", name)
		}
	}
}

// TestValuesOfOtherTypes are what clients are known to send in JSON.
func TestValuesOfOtherTypes(t *testing.T) {
	body := `{"unknown":[{"a":[1,{}]}],"resourceSpans":[null,{"scopeSpans":[{"spans":[
		{"traceId":"0102030405060708090A0B0C0D0E0F10","spanId":"0102030405060708","parentSpanId":"","kind":"SPAN_KIND_SERVER","startTimeUnixNano":1795309209098000000,"endTimeUnixNano":"0",
		"status":{"code":2,"x":[]},"attributes":[{"key":"i","value":{"intValue":"12"}},{"key":"j","value":{"intValue":1.2e1}},{"key":"d","value":{"doubleValue":"NaN"}},{"key":"e","value":{"doubleValue":3}},
		{"key":"n","value":null},{"key":"u","value":{"what":1}},{"key":"b","value":{"bytesValue":"AP8-Pw"}}],"links":[{"traceId":7}],"events":null,"droppedAttributesCount":"4"},
		{"traceId":"x"},{"traceId":5},{"traceId":"0102030405060708090A0B0C0D0E0F10","spanId":"0102030405060708","attributes":[{"key":{},"value":{}}]},7,[],null]}]}]} `
	spans, tally, err := otlp.Traces([]byte(body), otlp.JSON, otlp.StandardLimits())
	if err != nil || len(spans) != 1 || tally.Rejected != 5 {
		t.Fatalf("%d spans, %+v, %v", len(spans), tally, err)
	}
	s := spans[0]
	same(t, "attributes", s.Attributes, []genai.Attribute{
		{Key: "i", Value: int64(12)}, {Key: "j", Value: int64(12)}, {Key: "d", Value: "NaN"}, {Key: "e", Value: 3.0}, {Key: "n"}, {Key: "u"}, {Key: "b", Value: []byte{0, 255, 62, 63}},
	})
	if s.Kind != genai.SpanKindServer || s.Status != genai.StatusError || !s.End.IsZero() || s.Dropped != 4 || !s.ParentID.IsZero() || s.Start.UnixNano() != 1795309209098000000 {
		t.Errorf("%+v", s)
	}
}

// TestWhatIsBesideSpansCostsNone: a resource that cannot be meant is read as far as it goes.
func TestWhatIsBesideSpansCostsNone(t *testing.T) {
	nested := str("x")
	for range 80 {
		nested = kvlist(kv("k", nested))
	}
	m := traces(aSpan(1))
	m.ResourceSpans[0].Resource.Attributes = append(m.ResourceSpans[0].Resource.Attributes, kv("deep", nested), kv("behind", str("x")))
	for name, f := range inForms(t, m) {
		spans, _, err := otlp.Traces(f.Body, f.Form, otlp.StandardLimits())
		if err != nil || len(spans) != 1 || len(spans[0].Resource) != 1 {
			t.Errorf("%s: %d spans, %v", name, len(spans), err)
		}
	}
}

func TestEmptyRequests(t *testing.T) {
	for _, body := range []string{"", "{}", "null", `{"resourceSpans":[]}`, `{"resourceSpans":null}`, `{"resourceSpans":[{}]}`} {
		if _, tally, err := otlp.Traces([]byte(body), otlp.JSON, otlp.StandardLimits()); err != nil || tally != (otlp.Tally{}) {
			t.Errorf("%q: %+v, %v", body, tally, err)
		}
	}
	if _, _, err := otlp.Traces(nil, otlp.Protobuf, otlp.StandardLimits()); err != nil {
		t.Error(err)
	}
}

func TestGarbage(t *testing.T) {
	for _, body := range []string{"[", "{", "[]", "7", `{"resourceSpans":[{"scopeSpans":[{"spans":[{]}]}]}`, `{"resourceSpans":7}`, `{} {}`, `{"resourceSpans":[]`, "\x0a\x05abc"} {
		if _, _, err := otlp.Traces([]byte(body), otlp.JSON, otlp.StandardLimits()); err == nil {
			t.Errorf("JSON %q was taken", body)
		}
	}
	for _, body := range []string{"{}", "\x0a\x05abc", "\x0a", "\xff\xff\xff", "\x08\x01", "hello, world"} {
		if _, _, err := otlp.Traces([]byte(body), otlp.Protobuf, otlp.StandardLimits()); err == nil {
			t.Errorf("protobuf %q was taken", body)
		}
	}
}

// TestTooMuch is refused as a whole, before it takes memory.
func TestTooMuch(t *testing.T) {
	limits := otlp.Limits{Items: 3, Each: 100, Values: 60, Depth: 64}
	for name, f := range inForms(t, traces(aSpan(1), aSpan(2), aSpan(3), aSpan(4))) {
		if _, _, err := otlp.Traces(f.Body, f.Form, limits); !errors.Is(err, otlp.ErrTooMuch) {
			t.Errorf("four spans as %s: %v", name, err)
		}
	}
	for name, f := range inForms(t, traces(&tracepb.Span{Attributes: everyKind()}, aSpan(2), aSpan(3))) {
		limits := otlp.Limits{Items: 3, Each: 100, Values: 30, Depth: 64}
		if _, _, err := otlp.Traces(f.Body, f.Form, limits); !errors.Is(err, otlp.ErrTooMuch) {
			t.Errorf("too many values as %s: %v", name, err)
		}
	}
}
