package genai_test

import (
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// said are the records of a call whose instrumentation says in logs what was said.
func said(s *genai.Span) []*genai.Log {
	record := func(name string, ms int, body map[string]any) *genai.Log {
		return &genai.Log{TraceID: s.TraceID, SpanID: s.SpanID, Time: after(ms), EventName: name, Body: body, Attributes: pairs("gen_ai.system", "openai")}
	}
	return []*genai.Log{
		record("gen_ai.user.message", 1, map[string]any{"content": "Lisbon?", "role": "user"}),
		record("gen_ai.choice", 9, map[string]any{"index": int64(0), "finish_reason": "stop", "message": map[string]any{"role": "assistant", "content": "18 C"}}),
	}
}

func TestLogsAreJoined(t *testing.T) {
	spans := grown(1, agent("a", chat("m", 1, 2)))
	logs := said(spans[1])
	check := func(what string, all []genai.Event) {
		t.Helper()
		for _, e := range all {
			if c := e.LLMCall; c != nil && (len(c.Messages) != 1 || len(c.OutputMessages) != 1 || c.OutputMessages[0].Parts[0].Content != "18 C") {
				t.Errorf("%s: asked %+v, answered %+v", what, c.Messages, c.OutputMessages)
			}
		}
		if len(all) != 3 {
			t.Errorf("%s: %d events", what, len(all))
		}
	}
	a := genai.NewAssembler(genai.Config{})
	a.AddLogs(begin, logs...)
	a.Add(after(1), spans...)
	check("logs first, and twice", events(a.Take(after(1001))))

	a = genai.NewAssembler(genai.Config{})
	a.AddLogs(begin, said(grown(2, chat("x", 1, 2))[0])...) // there are such instrumentations
	a.Add(begin, spans...)
	if at := dueAt(a); at != 6000 {
		t.Errorf("due after %d ms, before its logs may have come", at)
	}
	a.AddLogs(after(4000), logs[0], logs[0])
	if a.AddLogs(after(4500), logs[1], logs[0]); dueAt(a) != 1000 {
		t.Errorf("due after %d ms, though all logs are there", dueAt(a))
	}
	check("spans first", events(a.Take(after(4500))))
	if left := a.AddLogs(after(5000), logs...); left != 2 {
		t.Errorf("%d left out of logs that came too late", left)
	}
}

func TestLogsOfNobody(t *testing.T) {
	a := genai.NewAssembler(genai.Config{})
	left := a.AddLogs(begin, nil, &genai.Log{EventName: "gen_ai.choice"}, &genai.Log{TraceID: genai.TraceID{1}, SpanID: genai.SpanID{1}, EventName: "app.started"},
		&genai.Log{TraceID: genai.TraceID{1}, EventName: "gen_ai.choice"})
	if left != 4 || a.Held() != 0 {
		t.Errorf("%d left out, %d held", left, a.Held())
	}
	a.AddLogs(begin, said(grown(1, chat("m", 1, 2))[0])...)
	if at := dueAt(a); at != 30_000 || a.Held() != 2 {
		t.Errorf("records without a span are due after %d ms, %d held", at, a.Held())
	}
	if given := a.Take(after(30_000)); len(given) != 1 || len(given[0].Events) != 0 || a.Held() != 0 {
		t.Errorf("given %+v", given)
	}
}

// An exception that was logged tells how the span failed.
func TestLoggedException(t *testing.T) {
	spans := grown(1, tool("t"))
	spans[0].Status = genai.StatusError
	a := genai.NewAssembler(genai.Config{})
	a.AddLogs(begin, &genai.Log{TraceID: spans[0].TraceID, SpanID: spans[0].SpanID, EventName: "exception", Attributes: pairs("exception.type", "Boom", "exception.message", "x")})
	a.Add(begin, spans...)
	for _, e := range events(a.Close(begin)) {
		if e.Failure != nil && (e.Failure.Type != "Boom" || e.Failure.Message != "x") {
			t.Errorf("failure = %+v", e.Failure)
		}
	}
}

// However many records belong to one span, each takes as long as the first.
func TestManyRecordsOfOneSpan(t *testing.T) {
	span := grown(1, chat("m", 1, 2))[0]
	a := genai.NewAssembler(genai.Config{})
	start := time.Now()
	for i := range 40_000 {
		a.AddLogs(begin, &genai.Log{TraceID: span.TraceID, SpanID: span.SpanID, EventName: "gen_ai.user.message", Attributes: pairs("content", i)})
	}
	if took := time.Since(start); took > 20*time.Second || a.Held() != 40_000 {
		t.Errorf("%d records are held after %v", a.Held(), took)
	}
}
