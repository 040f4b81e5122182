package mcpmeta_test

import (
	"context"
	"maps"
	"reflect"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/adapter/mcpmeta"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// inCall gives a context inside an open tool call, and the call's id.
func inCall(t *testing.T, rec *sentrialtest.Recorder) (context.Context, string) {
	t.Helper()
	ctx, session := rec.Client().CreateSession(t.Context(), "agent")
	ctx, span := sentrial.StartTool(ctx, types.ToolCall{ToolName: "weather"})
	t.Cleanup(func() {
		span.End(nil)
		session.Close(context.Background(), types.SessionResult{})
	})
	return ctx, span.ID()
}

func traced(ctx context.Context) context.Context {
	return trace.ContextWithSpanContext(ctx, trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}, TraceFlags: trace.FlagsSampled}))
}

func TestWhatIsWrittenIsReadByAnotherProcess(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, id := inCall(t, rec)
	meta := mcpmeta.Write(traced(ctx), map[string]any{"progressToken": 7.0}, true)
	if meta["progressToken"] != 7.0 || meta[mcpmeta.ToolCall] != id || meta["traceparent"] == nil {
		t.Errorf("the meta is %v, want its own members, the trace and the call %s", meta, id)
	}
	there, recorded := mcpmeta.Read(t.Context(), rec.Client(), meta)
	if !recorded {
		t.Error("the call is not known as recorded")
	}
	if got, want := sentrial.SessionFromContext(there).ID(), sentrial.SessionFromContext(ctx).ID(); got != want {
		t.Errorf("the session is %q, want %q", got, want)
	}
	if got := trace.SpanContextFromContext(there).TraceID(); got != (trace.TraceID{1}) {
		t.Errorf("the trace is %v", got)
	}
	sentrial.Decide(there, types.Decision{Chosen: "there"})
	for _, e := range rec.Events() {
		if e.Decision != nil && e.ParentID != id {
			t.Errorf("the parent is %q, want %q", e.ParentID, id)
		}
	}
}

func TestAMetaIsNeverChanged(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, _ := inCall(t, rec)
	meta := map[string]any{"own": "value", "baggage": "a=1"}
	before := maps.Clone(meta)
	next := mcpmeta.Write(traced(ctx), meta, true)
	if !reflect.DeepEqual(meta, before) {
		t.Errorf("the meta became %v", meta)
	}
	if next["own"] != "value" || !strings.Contains(next["baggage"].(string), "a=1") {
		t.Errorf("its members are not kept: %v", next)
	}
}

func TestATraceThatIsNamedStays(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, _ := inCall(t, rec)
	own := "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	if got := mcpmeta.Write(traced(ctx), map[string]any{"traceparent": own}, true)["traceparent"]; got != own {
		t.Errorf("the trace is %v", got)
	}
}

func TestWithoutASessionNothingIsWritten(t *testing.T) {
	if got := mcpmeta.Write(t.Context(), nil, true); got != nil {
		t.Errorf("the meta is %v", got)
	}
	passed := map[string]any{"baggage": "sentrial.session_id=s,sentrial.parent_id=e"}
	if got := mcpmeta.Write(t.Context(), passed, true); got[mcpmeta.ToolCall] != nil {
		t.Errorf("a call that nobody recorded is named: %v", got)
	}
}

func TestACallThatIsNotRecordedIsNotNamed(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, id := inCall(t, rec)
	meta := mcpmeta.Write(ctx, nil, false)
	if meta[mcpmeta.ToolCall] != nil || !strings.Contains(meta["baggage"].(string), id) {
		t.Errorf("the meta is %v, want the session and no call", meta)
	}
	if there, recorded := mcpmeta.Read(t.Context(), rec.Client(), meta); recorded || sentrial.SessionFromContext(there) == nil {
		t.Error("want the session and no recorded call")
	}
}

func TestNonsenseIsNoSession(t *testing.T) {
	rec := sentrialtest.New(t)
	const good = "sentrial.session_id=s1,sentrial.parent_id=e1"
	for name, meta := range map[string]map[string]any{
		"nothing":            nil,
		"a call alone":       {mcpmeta.ToolCall: "e1"},
		"a number":           {"baggage": 7.0, mcpmeta.ToolCall: "e1"},
		"an object":          {"baggage": map[string]any{"sentrial.session_id": "s1"}, mcpmeta.ToolCall: "e1"},
		"bad ids":            {"baggage": "sentrial.session_id=a b,sentrial.parent_id=e1", mcpmeta.ToolCall: "e1"},
		"too long":           {"baggage": good + ",x=" + strings.Repeat("y", 1<<20), mcpmeta.ToolCall: "e1"},
		"a call of others":   {"baggage": "x=1", mcpmeta.ToolCall: "e1"},
		"a session as bytes": {"baggage": []byte(good), mcpmeta.ToolCall: "e1"},
	} {
		if ctx, recorded := mcpmeta.Read(t.Context(), rec.Client(), meta); recorded || sentrial.SessionFromContext(ctx) != nil {
			t.Errorf("%s: a session was found, recorded %v", name, recorded)
		}
	}
	for name, call := range map[string]any{"another call": "e2", "a number": 1.0, "a list": []any{"e1"}, "none": nil, "empty": ""} {
		ctx, recorded := mcpmeta.Read(t.Context(), rec.Client(), map[string]any{"baggage": good, mcpmeta.ToolCall: call})
		if recorded || sentrial.SessionFromContext(ctx) == nil {
			t.Errorf("%s: want the session and no recorded call, have recorded %v", name, recorded)
		}
	}
}

func TestAClientThatRecordsNothingReadsNothing(t *testing.T) {
	ctx, recorded := mcpmeta.Read(t.Context(), nil, map[string]any{"baggage": "sentrial.session_id=s,sentrial.parent_id=e", mcpmeta.ToolCall: "e"})
	if recorded || sentrial.SessionFromContext(ctx) != nil {
		t.Error("a session was found")
	}
}
