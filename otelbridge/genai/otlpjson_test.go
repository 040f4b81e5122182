package genai_test

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// document is a file of OTLP/JSON, with spans and log records in one.
type document struct {
	ResourceSpans []struct {
		Resource   struct{ Attributes keyValues }
		ScopeSpans []struct {
			Scope genai.Scope
			Spans []spanJSON
		}
	}
	ResourceLogs []struct {
		ScopeLogs []struct {
			Scope      genai.Scope
			LogRecords []logJSON
		}
	}
}

type spanJSON struct {
	TraceID                string `json:"traceId"`
	SpanID                 string `json:"spanId"`
	ParentID               string `json:"parentSpanId"`
	Name                   string
	Kind                   int
	StartTimeUnixNano      nanos
	EndTimeUnixNano        nanos
	Attributes             keyValues
	DroppedAttributesCount int
	Status                 struct {
		Code    int
		Message string
	}
	Events []struct {
		Name         string
		TimeUnixNano nanos
		Attributes   keyValues
	}
}

type logJSON struct {
	TraceID      string `json:"traceId"`
	SpanID       string `json:"spanId"`
	TimeUnixNano nanos
	EventName    string
	Body         valueJSON
	Attributes   keyValues
}

type nanos time.Time

func (n *nanos) UnmarshalJSON(b []byte) error {
	var text json.Number // also takes a number in quotes
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	i, err := text.Int64()
	*n = nanos(time.Unix(0, i).UTC())
	return err
}

type keyValues []struct {
	Key   string
	Value valueJSON
}

func (list keyValues) attributes() (out []genai.Attribute) {
	for _, kv := range list {
		out = append(out, genai.Attribute{Key: kv.Key, Value: kv.Value.any()})
	}
	return out
}

type valueJSON struct {
	StringValue *string
	BoolValue   *bool
	IntValue    *json.Number
	DoubleValue *float64
	BytesValue  []byte
	ArrayValue  *struct{ Values []valueJSON }
	KvlistValue *struct{ Values keyValues }
}

func (v valueJSON) any() any {
	switch {
	case v.StringValue != nil:
		return *v.StringValue
	case v.BoolValue != nil:
		return *v.BoolValue
	case v.IntValue != nil:
		n, _ := strconv.ParseInt(v.IntValue.String(), 10, 64)
		return n
	case v.DoubleValue != nil:
		return *v.DoubleValue
	case v.BytesValue != nil:
		return v.BytesValue
	case v.ArrayValue != nil:
		return v.list()
	case v.KvlistValue != nil:
		object := make(map[string]any)
		for _, kv := range v.KvlistValue.Values {
			object[kv.Key] = kv.Value.any()
		}
		return object
	}
	return nil
}

// list gives a list of texts as the SDKs do, and any other as it is.
func (v valueJSON) list() any {
	all := make([]any, len(v.ArrayValue.Values))
	texts := make([]string, 0, len(all))
	for i, e := range v.ArrayValue.Values {
		all[i] = e.any()
		if s, ok := all[i].(string); ok {
			texts = append(texts, s)
		}
	}
	if len(texts) == len(all) {
		return texts
	}
	return all
}

// readOTLP reads the spans and log records of a file in the order in which they are written.
func readOTLP(t testing.TB, file string) (spans []*genai.Span, logs []*genai.Log) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var d document
	if err := json.Unmarshal(b, &d); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	for _, rs := range d.ResourceSpans {
		resource := rs.Resource.Attributes.attributes()
		for _, ss := range rs.ScopeSpans {
			for _, s := range ss.Spans {
				spans = append(spans, s.span(t, ss.Scope, resource))
			}
		}
	}
	for _, rl := range d.ResourceLogs {
		for _, sl := range rl.ScopeLogs {
			for _, l := range sl.LogRecords {
				logs = append(logs, l.log(t, sl.Scope))
			}
		}
	}
	return spans, logs
}

func (s spanJSON) span(t testing.TB, scope genai.Scope, resource []genai.Attribute) *genai.Span {
	out := &genai.Span{
		Name: s.Name, Kind: genai.SpanKind(s.Kind), Start: time.Time(s.StartTimeUnixNano), End: time.Time(s.EndTimeUnixNano), Attributes: s.Attributes.attributes(),
		Status: genai.StatusCode(s.Status.Code), Message: s.Status.Message, Scope: scope, Resource: resource, Dropped: s.DroppedAttributesCount,
	}
	unhex(t, out.TraceID[:], s.TraceID)
	unhex(t, out.SpanID[:], s.SpanID)
	unhex(t, out.ParentID[:], s.ParentID)
	for _, e := range s.Events {
		out.Events = append(out.Events, genai.SpanEvent{Name: e.Name, Time: time.Time(e.TimeUnixNano), Attributes: e.Attributes.attributes()})
	}
	return out
}

func (l logJSON) log(t testing.TB, scope genai.Scope) *genai.Log {
	out := &genai.Log{Time: time.Time(l.TimeUnixNano), EventName: l.EventName, Body: l.Body.any(), Attributes: l.Attributes.attributes(), Scope: scope}
	unhex(t, out.TraceID[:], l.TraceID)
	unhex(t, out.SpanID[:], l.SpanID)
	return out
}

func unhex(t testing.TB, into []byte, s string) {
	if _, err := hex.Decode(into, []byte(s)); err != nil || len(s) != 0 && len(s) != 2*len(into) {
		t.Fatalf("%q is not the id of %d bytes", s, len(into))
	}
}
