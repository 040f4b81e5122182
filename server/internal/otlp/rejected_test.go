package otlp_test

import (
	"strings"
	"testing"

	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"github.com/sentrial/sentrial-go/server/internal/otlp"
)

// TestABadSpanIsRejectedAlone, and the reason says what was expected.
func TestABadSpanIsRejectedAlone(t *testing.T) {
	for want, breaks := range map[string]func(*tracepb.Span){
		"a trace id: expected 16 bytes, got 15":      func(s *tracepb.Span) { s.TraceId = s.TraceId[1:] },
		"a span without a trace id":                  func(s *tracepb.Span) { s.TraceId = make([]byte, 16) },
		"a span id: expected 8 bytes, got 9":         func(s *tracepb.Span) { s.SpanId = append(s.SpanId, 1) },
		"a span without a span id":                   func(s *tracepb.Span) { s.SpanId = nil },
		"a parent span id: expected 8 bytes, got 7":  func(s *tracepb.Span) { s.ParentSpanId = s.ParentSpanId[1:] },
		"a parent span id: expected 8 bytes, got 16": func(s *tracepb.Span) { s.ParentSpanId = s.TraceId },
	} {
		bad := aSpan(2)
		breaks(bad)
		rejected(t, wire(t, traces(aSpan(1), bad, aSpan(3))), otlp.Protobuf, want)
	}
	rejected(t, strings.Replace(wire(t, traces(aSpan(1), &tracepb.Span{Name: "abcdef"}, aSpan(3))), "\x2a\x06abcdef", "\x2a\x09abcdef", 1), otlp.Protobuf, "a span: proto:")
	for want, change := range map[string][2]string{
		"a span: traceId: expected 32 hexadecimal digits, got 31 characters": {`"traceId":"0`, `"traceId":"`},
		"a span: traceId: expected hexadecimal digits":                       {`"traceId":"0`, `"traceId":"x`},
		"a span: spanId: expected a text":                                    {`"spanId":"0102030405060708"`, `"spanId":7`},
		"a span without a trace id":                                          {`0102030405060708090A0b0c0d0e0f10`, ``},
		"a span without a span id":                                           {`"spanId":"0102030405060708"`, `"spanId":"0000000000000000"`},
		"a span: parentSpanId: expected 16 hexadecimal digits, got 1 ch":     {`0909090909090909`, `a`},
		"invalid value for string field name":                                {`"name":"chat m"`, `"name":5`},
		"invalid value for fixed64 field startTimeUnixNano":                  {`"1795309209098000001"`, `"yesterday"`},
		"invalid value for fixed64 field endTimeUnixNano":                    {`"1795309209268450568"`, `1.5`},
		"invalid value for bool field boolValue":                             {`"boolValue":true`, `"boolValue":"true"`},
		"invalid value for double field doubleValue":                         {`"doubleValue":1.5`, `"doubleValue":"0x1p4"`},
		"invalid value for bytes field bytesValue":                           {`AP8+Pw==`, `!!`},
		"invalid value for int64 field intValue":                             {`"-4611686018427387904"`, `"one"`},
		"unexpected token 1":                                                 {`"status":{`, `"status":1,"x":{`},
		"a span: invalid JSON":                                               {writtenSpan, `7`},
	} {
		rejected(t, written(writtenSpan, strings.Replace(writtenSpan, change[0], change[1], 1), writtenSpan), otlp.JSON, want)
	}
}

// rejected expects that of three spans the second is.
func rejected(t *testing.T, body string, form otlp.Form, want string) {
	t.Helper()
	spans, tally, err := otlp.Traces([]byte(body), form, otlp.StandardLimits())
	if err != nil || len(spans) != 2 || tally.Rejected != 1 || !strings.Contains(tally.Reason, want) || len(tally.Reason) > 400 || strings.Contains(tally.Reason, "\u00a0") {
		t.Errorf("%+v, %v; want %q", tally, err, want)
		return
	}
	same(t, want, *spans[0], *wantSpan())
}

// TestOneBadSpanCostsItself: the others of the request are taken.
func TestOneBadSpanCostsItself(t *testing.T) {
	short, none, long := aSpan(2), aSpan(3), aSpan(4)
	short.TraceId, none.SpanId, long.ParentSpanId = short.TraceId[:15], nil, make([]byte, 9)
	zero, deep := aSpan(5), aSpan(6)
	zero.TraceId = make([]byte, 16)
	nested := str("x")
	for range 500 {
		nested = array(nested)
	}
	deep.Attributes = []*commonpb.KeyValue{kv("deep", nested)}
	many := aSpan(7)
	for range 20_001 {
		many.Attributes = append(many.Attributes, kv("a", nil))
	}
	for name, f := range inForms(t, traces(aSpan(1), short, none, long, zero, deep, many, aSpan(8))) {
		spans, tally, err := otlp.Traces(f.Body, f.Form, otlp.StandardLimits())
		if err != nil || len(spans) != 2 || spans[1].SpanID[0] != 8 || tally.Rejected != 6 || !strings.Contains(tally.Reason, "race") {
			t.Errorf("%s: %d spans, %+v, %v", name, len(spans), tally, err)
		}
		if len(spans) == 2 && (len(spans[1].Resource) != 1 || spans[1].Scope.Name != "gen_ai") {
			t.Errorf("%s: the last one lost its resource", name)
		}
	}
}

func TestGarbage(t *testing.T) {
	for _, body := range []string{"[", "{", "[]", "7", "null", " ", `{"resourceSpans":{}}`, `{"resourceSpans":[7]}`, `{"resourceSpans":[{"scopeSpans":[{"spans":[{]}]}]}`, `{"resourceSpans":7}`, `{} {}`, `{"resourceSpans":[]`, "\x0a\x05abc"} {
		if _, _, err := otlp.Traces([]byte(body), otlp.JSON, otlp.StandardLimits()); err == nil {
			t.Errorf("JSON %q was taken", body)
		}
	}
	for _, body := range []string{"{}", "\x0a\x05abc", "\x0a", "\xff\xff\xff", "hello, world"} {
		if _, _, err := otlp.Traces([]byte(body), otlp.Protobuf, otlp.StandardLimits()); err == nil {
			t.Errorf("protobuf %q was taken", body)
		}
	}
}
