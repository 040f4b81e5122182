package otlp_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	otlp "github.com/sentrial/sentrial-go/server/internal/otlpcli"
)

func TestASpanWithEverything(t *testing.T) {
	for media, body := range map[string][]byte{
		otlp.MediaProtobuf: traces(t, spanProto()), otlp.MediaJSON: jsonTraces(jsonSpan), otlp.MediaJSON + "; charset=utf-8": append([]byte("\xef\xbb\xbf"), jsonTraces(jsonSpan)...),
	} {
		if got := read(t, body, media); len(got) != 1 || !reflect.DeepEqual(got[0], wantSpan()) {
			t.Errorf("%s: got  %+v\nwant %+v", media, got[0], wantSpan())
		}
	}
}

// TestOtherSpellings: what protobuf's own JSON, and people, write.
func TestOtherSpellings(t *testing.T) {
	snake := strings.NewReplacer(
		"traceId", "trace_id", "spanId", "span_id", "parentSpanId", "parent_span_id", "startTimeUnixNano", "start_time_unix_nano", "endTimeUnixNano", "end_time_unix_nano",
		"droppedAttributesCount", "dropped_attributes_count", "droppedEventsCount", "dropped_events_count", "timeUnixNano", "time_unix_nano", "resourceSpans", "resource_spans",
		"scopeSpans", "scope_spans", "stringValue", "string_value", "boolValue", "bool_value", "intValue", "int_value", "doubleValue", "double_value", "bytesValue", "bytes_value",
		"arrayValue", "array_value", "kvlistValue", "kvlist_value",
	)
	whole := string(jsonTraces(jsonSpan))
	for name, body := range map[string]string{
		"snake case":      snake.Replace(whole),
		"names of enums":  strings.NewReplacer(`"kind":3`, `"kind":"SPAN_KIND_CLIENT"`, `"code":2`, `"code":"STATUS_CODE_ERROR"`).Replace(whole),
		"short names":     strings.NewReplacer(`"kind":3`, `"kind":"client"`, `"code":2`, `"code":"Error"`).Replace(whole),
		"enums in quotes": strings.NewReplacer(`"kind":3`, `"kind":"3"`).Replace(whole),
		"bare numbers":    strings.NewReplacer(`"1772616660000000123"`, `1772616660000000123`, `"-9007199254740993"`, `-9007199254740993`).Replace(whole),
		"quoted numbers":  strings.NewReplacer(`"doubleValue":0.25`, `"doubleValue":"2.5e-1"`, `"flags":769`, `"flags":"769.0"`).Replace(whole),
		"base64 for web":  strings.Replace(whole, "+/8A", "-_8A", 1),
		"base64 ids":      strings.NewReplacer(trace, "S/kvNXezTaajzpKdDg5HNg==", strings.ToUpper(span), "APBnqgupArc=").Replace(whole),
		"escaped names":   strings.NewReplacer(`"name"`, `"n\u0061me"`).Replace(whole),
		"unknown members": strings.NewReplacer(`"kind":3`, `"kind":3,"new":{"a":[1,{"b":null}]}`, `"resourceSpans"`, `"other":[[]],"resourceSpans"`).Replace(whole),
		"nulls":           strings.NewReplacer(`"flags":769`, `"flags":769,"name":null,"name":"chat m","links":null`, `"value":{}`, `"value":null`, `{"key":"none"}`, `{"key":"none","value":{"stringValue":null}}`).Replace(whole),
	} {
		if name == "base64 ids" {
			body = strings.Replace(body, "parentSpanId\":\""+parent, "parentSpanId\":\"U86SnQ4ORzY=", 1)
		}
		if got := read(t, []byte(body), otlp.MediaJSON); len(got) != 1 || !reflect.DeepEqual(got[0], wantSpan()) {
			t.Errorf("%s: got  %+v\nwant %+v", name, got[0], wantSpan())
		}
	}
}

// TestWhereSpansAreFromMayFollow them, for JSON has no order and protobuf promises none.
func TestWhereSpansAreFromMayFollow(t *testing.T) {
	body := times.Replace(`{"resourceSpans":[{"scopeSpans":[{"spans":[` + jsonSpan + `],"scope":{"version":"5.0","name":"ai"}}],"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]}}]}`)
	if got := read(t, []byte(body), otlp.MediaJSON); !reflect.DeepEqual(got[0], wantSpan()) {
		t.Errorf("got %+v", got[0])
	}
	first := marshal(t, &tracepb.ResourceSpans{ScopeSpans: []*tracepb.ScopeSpans{{Spans: []*tracepb.Span{spanProto()}, Scope: scope}}})
	last := marshal(t, &tracepb.ResourceSpans{Resource: resourceOf()})
	both := append(first, last...)
	if got := read(t, append([]byte{0x0a, byte(len(both)&0x7f) | 0x80, byte(len(both) >> 7)}, both...), otlp.MediaProtobuf); !reflect.DeepEqual(got[0], wantSpan()) {
		t.Errorf("got %+v", got[0])
	}
}

func TestNothing(t *testing.T) {
	for media, body := range map[string]string{otlp.MediaProtobuf: "", otlp.MediaJSON: " {} "} {
		spans, rejected, err := otlp.Traces([]byte(body), media)
		if spans != nil || rejected != 0 || err != nil {
			t.Errorf("%s: %v, %d, %v", media, spans, rejected, err)
		}
	}
}

// TestABadSpanIsRejectedAlone, and the reason says what was expected.
func TestABadSpanIsRejectedAlone(t *testing.T) {
	for want, breaks := range map[string]func(*tracepb.Span){
		"trace id of 15 bytes: expected 16":      func(s *tracepb.Span) { s.TraceId = s.TraceId[1:] },
		"without a trace id":                     func(s *tracepb.Span) { s.TraceId = nil },
		"a span without a trace id":              func(s *tracepb.Span) { s.TraceId = make([]byte, 16) },
		"span id of 9 bytes: expected 8":         func(s *tracepb.Span) { s.SpanId = append(s.SpanId, 1) },
		"without a span id":                      func(s *tracepb.Span) { s.SpanId = make([]byte, 8) },
		"parent span id of 7 bytes: expected 8":  func(s *tracepb.Span) { s.ParentSpanId = s.ParentSpanId[1:] },
		"parent span id of 16 bytes: expected 8": func(s *tracepb.Span) { s.ParentSpanId = unhex(trace) },
	} {
		bad := spanProto()
		breaks(bad)
		spans, rejected, err := otlp.Traces(traces(t, spanProto(), bad, spanProto()), otlp.MediaProtobuf)
		if len(spans) != 2 || rejected != 1 || err == nil || !strings.Contains(err.Error(), want) || errors.Is(err, otlp.ErrMalformed) {
			t.Errorf("%d spans, %d rejected, %v; want %q", len(spans), rejected, err, want)
		}
	}
	for want, change := range map[string][2]string{
		"a trace id of 31 characters: expected 32":  {trace, trace[1:]},
		"trace id that is not in hexadecimal":       {trace, "x" + trace[1:]},
		"a span without a trace id":                 {`"` + trace + `"`, `""`},
		"a span without a span id":                  {strings.ToUpper(span), "0000000000000000"},
		"parent span id of 1 characters":            {parent, "a"},
		"a span's name is no text":                  {`"name":"chat m"`, `"name":5`},
		"a span's kind":                             {`"kind":3`, `"kind":"SPAN_KIND_CLEINT"`},
		"a span's start is no whole number":         {`"START"`, `"yesterday"`},
		"a span's end is no whole number":           {`"END"`, `1.5`},
		"a span's attributes is no array":           {`"attributes":[{"key":"text"`, `"attributes":{},"x":[{"key":"text"`},
		"where true or false was expected":          {`"boolValue":true`, `"boolValue":"true"`},
		"is no number":                              {`"doubleValue":0.25`, `"doubleValue":"0x1p4"`},
		"bytes that are not in base64":              {`+/8A`, `!!`},
		"a span's status is no object":              {`"status":{`, `"status":1,"x":{`},
		"a span's attributes is no whole number":    {`"intValue":"-9007199254740993"`, `"intValue":"one"`},
		"an event's attributes is no text":          {`"stringValue":"v"`, `"stringValue":["v"]`},
		"a count of what was dropped is no whole n": {`"droppedEventsCount":3`, `"droppedEventsCount":{}`},
	} {
		spans, rejected, err := otlp.Traces(jsonTraces(jsonSpan, strings.Replace(jsonSpan, change[0], change[1], 1), jsonSpan), otlp.MediaJSON)
		if len(spans) != 2 || rejected != 1 || err == nil || !strings.Contains(err.Error(), want) || errors.Is(err, otlp.ErrMalformed) {
			t.Errorf("%d spans, %d rejected, %v; want %q", len(spans), rejected, err, want)
		}
	}
}

func TestWhatIsNoBody(t *testing.T) {
	good := traces(t, spanProto())
	for name, test := range map[string]struct {
		body  string
		media string
		want  error
		says  string
	}{
		"a cut message":    {string(good[:len(good)-1]), otlp.MediaProtobuf, otlp.ErrMalformed, "invalid protobuf"},
		"a cut field":      {"\x0a", otlp.MediaProtobuf, otlp.ErrMalformed, "invalid protobuf"},
		"text":             {"hello", otlp.MediaProtobuf, otlp.ErrMalformed, "invalid protobuf"},
		"no JSON":          {`{"resourceSpans":[}`, otlp.MediaJSON, otlp.ErrMalformed, "invalid JSON at byte 18"},
		"a cut document":   {`{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"x"`, otlp.MediaJSON, otlp.ErrMalformed, "the end of the text"},
		"two documents":    {`{} {}`, otlp.MediaJSON, otlp.ErrMalformed, "nothing after the end"},
		"an array":         {`[]`, otlp.MediaJSON, otlp.ErrMalformed, "an array named resourceSpans"},
		"no list of spans": {`{"resourceSpans":{}}`, otlp.MediaJSON, otlp.ErrMalformed, "resourceSpans is no array"},
		"empty JSON":       {``, otlp.MediaJSON, otlp.ErrMalformed, "expected a JSON object"},
		"another type":     {`{}`, "text/plain", otlp.ErrMedia, `"text/plain"`},
		"no type":          {`{}`, "", otlp.ErrMedia, otlp.MediaProtobuf},
	} {
		spans, rejected, err := otlp.Traces([]byte(test.body), test.media)
		if spans != nil || rejected != 0 || !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %d spans, %d rejected, %v", name, len(spans), rejected, err)
		}
	}
}

// TestNothingIsSharedWithTheBody, which its reader may use again.
func TestNothingIsSharedWithTheBody(t *testing.T) {
	for media, body := range map[string][]byte{otlp.MediaProtobuf: traces(t, spanProto()), otlp.MediaJSON: jsonTraces(jsonSpan)} {
		got := read(t, body, media)
		clear(body)
		if !reflect.DeepEqual(got[0], wantSpan()) {
			t.Errorf("%s: got %+v", media, got[0])
		}
	}
}

func TestTextThatIsNoUTF8(t *testing.T) {
	for media, body := range map[string][]byte{otlp.MediaProtobuf: traces(t, spanProto()), otlp.MediaJSON: jsonTraces(jsonSpan)} {
		broken := []byte(strings.Replace(string(body), "chat m", "ch\xfft m", 1))
		if got := read(t, broken, media); got[0].Name != "ch\uFFFDt m" {
			t.Errorf("%s: the name is %q", media, got[0].Name)
		}
	}
}

func TestTimesOutOfRangeSayNothing(t *testing.T) {
	s := spanProto()
	s.StartTimeUnixNano, s.EndTimeUnixNano = 1<<63, 0
	for media, body := range map[string][]byte{
		otlp.MediaProtobuf: traces(t, s), otlp.MediaJSON: jsonTraces(strings.NewReplacer("START", "9223372036854775808", "END", "0").Replace(jsonSpan)),
	} {
		if got := read(t, body, media); !got[0].Start.IsZero() || !got[0].End.IsZero() {
			t.Errorf("%s: %v to %v", media, got[0].Start, got[0].End)
		}
	}
}
