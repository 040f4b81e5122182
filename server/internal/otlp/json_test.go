package otlp_test

import (
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/server/internal/otlp"
)

func TestJSONAsExportersWriteIt(t *testing.T) {
	for name, body := range map[string]string{"plain": written(writtenSpan), "with a mark": "\xef\xbb\xbf" + written(writtenSpan)} {
		same(t, name, read(t, body, otlp.JSON)[0], wantSpan())
	}
}

// TestOtherSpellings: what protobuf's own JSON, and people, write.
func TestOtherSpellings(t *testing.T) {
	for name, change := range map[string][]string{
		"names of enums":  {`"kind":3`, `"kind":"SPAN_KIND_CLIENT"`, `"code":2`, `"code":"STATUS_CODE_ERROR"`},
		"bare numbers":    {`"1795309209098000001"`, `1795309209098000001`, `"-4611686018427387904"`, `-4611686018427387904`},
		"quoted numbers":  {`"doubleValue":1.5`, `"doubleValue":"15e-1"`, `"flags":769`, `"flags":"769.0"`, `"droppedEventsCount":2`, `"droppedEventsCount":"2"`},
		"base64 for web":  {"AP8+Pw==", "AP8-Pw"},
		"base64 ids":      {"0102030405060708090A0b0c0d0e0f10", "AQIDBAUGBwgJCgsMDQ4PEA==", `"spanId":"0102030405060708"`, `"spanId":"AQIDBAUGBwg="`},
		"escaped names":   {`"name":"chat m"`, `"n\u0061me":"chat m"`},
		"unknown members": {`"kind":3`, `"kind":3,"new":{"a":[1,{"b":null}]}`, `"resourceSpans"`, `"other":[[]],"resourceSpans"`},
		"nulls":           {`"flags":769`, `"flags":769,"trace_id":null`, `"droppedLinksCount":50`, `"droppedLinksCount":null`, `"value":{}`, `"value":null`, `[{"resource"`, `[null,{"resource"`},
	} {
		same(t, name, read(t, strings.NewReplacer(change...).Replace(written(writtenSpan)), otlp.JSON)[0], wantSpan())
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
