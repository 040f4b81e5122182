package genai_test

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// A small reader of OTLP/JSON, enough for files of real clients.
type (
	otlpRequest struct {
		ResourceSpans []struct {
			Resource   struct{ Attributes []otlpAttribute }
			ScopeSpans []struct {
				Scope genai.Scope
				Spans []otlpSpan
			}
		}
	}
	otlpSpan struct {
		TraceID, SpanID, ParentSpanID          string
		Name                                   string
		Kind                                   int
		StartTimeUnixNano, EndTimeUnixNano     string
		Attributes                             []otlpAttribute
		Events                                 []otlpEvent
		DroppedAttributesCount                 int
		Status                                 struct {
			Code    int
			Message string
		}
	}
	otlpEvent struct {
		Name         string
		TimeUnixNano string
		Attributes   []otlpAttribute
	}
	otlpAttribute struct {
		Key   string
		Value otlpValue
	}
	otlpValue struct {
		StringValue *string
		BoolValue   *bool
		IntValue    *json.RawMessage
		DoubleValue *float64
		ArrayValue  *struct{ Values []otlpValue }
		KvlistValue *struct{ Values []otlpAttribute }
	}
)

func (v otlpValue) value() any {
	switch {
	case v.StringValue != nil:
		return *v.StringValue
	case v.BoolValue != nil:
		return *v.BoolValue
	case v.IntValue != nil:
		n, _ := strconv.ParseInt(string(trimQuotes(*v.IntValue)), 10, 64)
		return n
	case v.DoubleValue != nil:
		return *v.DoubleValue
	case v.ArrayValue != nil:
		list := make([]any, len(v.ArrayValue.Values))
		for i, item := range v.ArrayValue.Values {
			list[i] = item.value()
		}
		return list
	case v.KvlistValue != nil:
		m := make(map[string]any)
		for _, a := range v.KvlistValue.Values {
			m[a.Key] = a.Value.value()
		}
		return m
	}
	return nil
}

func trimQuotes(raw json.RawMessage) json.RawMessage {
	if len(raw) > 1 && raw[0] == '"' {
		return raw[1 : len(raw)-1]
	}
	return raw
}

func attributes(list []otlpAttribute) (out []genai.Attribute) {
	for _, a := range list {
		out = append(out, genai.Attribute{Key: a.Key, Value: a.Value.value()})
	}
	return out
}

func unixNano(s string) time.Time {
	n, _ := strconv.ParseInt(s, 10, 64)
	return time.Unix(0, n).UTC()
}

func (s *otlpSpan) span(scope genai.Scope, resource []genai.Attribute) *genai.Span {
	out := &genai.Span{
		Name: s.Name, Kind: genai.SpanKind(s.Kind), Start: unixNano(s.StartTimeUnixNano), End: unixNano(s.EndTimeUnixNano), Status: genai.StatusCode(s.Status.Code),
		Message: s.Status.Message, Attributes: attributes(s.Attributes), Scope: scope, Resource: resource, Dropped: s.DroppedAttributesCount,
	}
	hex.Decode(out.TraceID[:], []byte(s.TraceID))
	hex.Decode(out.SpanID[:], []byte(s.SpanID))
	hex.Decode(out.ParentID[:], []byte(s.ParentSpanID))
	for _, e := range s.Events {
		out.Events = append(out.Events, genai.SpanEvent{Name: e.Name, Time: unixNano(e.TimeUnixNano), Attributes: attributes(e.Attributes)})
	}
	return out
}

func decodeOTLP(t *testing.T, data []byte) (spans []*genai.Span) {
	t.Helper()
	var req otlpRequest
	if err := json.Unmarshal(data, &req); err != nil {
		t.Fatal(err)
	}
	for _, rs := range req.ResourceSpans {
		resource := attributes(rs.Resource.Attributes)
		for _, ss := range rs.ScopeSpans {
			for i := range ss.Spans {
				spans = append(spans, ss.Spans[i].span(ss.Scope, resource))
			}
		}
	}
	return spans
}

// capturesFolder looks upwards for spans that were captured from real clients. They are not part of the repository.
func capturesFolder() string {
	dir, err := os.Getwd()
	for err == nil {
		for _, name := range []string{"shared", "../shared"} {
			if found := filepath.Join(dir, name, "otel"); exists(filepath.Join(found, "expected.json")) {
				return found
			}
		}
		up := filepath.Dir(dir)
		if up == dir {
			break
		}
		dir = up
	}
	return ""
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
