package consumer_test

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"slices"
	"testing"
	"time"

	"example.com/consumer"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

func TestToolLoop(t *testing.T) {
	client, received := start(t)
	answer, err := consumer.ToolLoop(t.Context(), client, "How warm is Oslo?")
	if err != nil || answer != "It is 4.5 degrees." {
		t.Fatalf("answer = %q, %v", answer, err)
	}
	finish(t, client)
	tools, failures := received.ofType("tool_call"), received.ofType("error")
	if len(tools) != 2 || tools[0].Status != "error" || tools[1].Status != "success" {
		t.Errorf("tool calls = %+v, want a failed and a successful one", tools)
	}
	if len(failures) != 1 || failures[0].RecoveryAction != "ask again" {
		t.Errorf("errors = %+v, want one with its recovery", failures)
	}
	if len(received.ofType("decision")) != 1 || len(received.ofType("llm_call")) != 1 || len(received.ofType("step")) != 1 {
		t.Errorf("events = %+v, want a decision, a model call and a step too", received.events)
	}
	if ends := received.ofType("session_end"); len(ends) != 1 || ends[0].Status != "success" {
		t.Errorf("ends = %+v, want one success", ends)
	}
}

func TestSubAgentsNameTheirParent(t *testing.T) {
	client, received := start(t)
	if err := consumer.SubAgents(t.Context(), client, "go", "rust", "zig"); err != nil {
		t.Fatal(err)
	}
	finish(t, client)
	starts := received.ofType("session_start")
	if len(starts) != 4 || len(received.ofType("tool_call")) != 3 {
		t.Fatalf("events = %+v, want four sessions with three tool calls", received.events)
	}
	lead := starts[slices.IndexFunc(starts, func(e event) bool { return e.ParentSession == "" })].SessionID
	for _, e := range starts {
		if e.SessionID != lead && e.ParentSession != lead {
			t.Errorf("session %s has the parent %q, want %s", e.SessionID, e.ParentSession, lead)
		}
	}
}

// chunks is a stream that says words and then ends with err.
func chunks(err error, words ...string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, word := range words {
			if !yield(word, nil) {
				return
			}
		}
		if err != nil {
			yield("", err)
		}
	}
}

func TestStream(t *testing.T) {
	client, received := start(t)
	cut := errors.New("connection reset")
	err := client.Run(t.Context(), "stream", func(ctx context.Context) error {
		if err := consumer.Stream(ctx, "greet", chunks(nil, "hello ", "world a@b.c"), func(string) {}); err != nil {
			return err
		}
		consumer.Callbacks(ctx, func(stepID, toolID string) {
			if stepID == "" || toolID == "" || stepID == toolID {
				t.Errorf("ids = %q and %q, want two of them", stepID, toolID)
			}
		})
		return consumer.Stream(ctx, "greet", chunks(cut, "hel"), func(string) {})
	})
	if !errors.Is(err, cut) {
		t.Fatalf("err = %v, want %v", err, cut)
	}
	finish(t, client)
	calls := received.ofType("llm_call")
	if len(calls) != 2 || calls[0].Response != "[mail]" || calls[1].Status != "error" {
		t.Errorf("calls = %+v, want one redacted and one failed", calls)
	}
}

func TestWorkerRecordsIntoTheSessionOfTheMessage(t *testing.T) {
	client, received := start(t)
	ctx, session := client.CreateSession(t.Context(), "order")
	request, err := consumer.Dispatch(ctx, "http://127.0.0.1/resize")
	if err != nil || request.Header.Get("Baggage") == "" {
		t.Fatalf("request = %v, %v, want the session in its headers", request, err)
	}
	got, id := consumer.Worker(t.Context(), client, consumer.Enqueue(ctx))
	if got != session.ID() || id == "" {
		t.Errorf("worker recorded %q into %q, want session %q", id, got, session.ID())
	}
	consumer.Reopen(ctx, client, session.ID(), "sess_other").Close(ctx, types.SessionResult{})
	finish(t, client)
	if calls := received.ofType("tool_call"); len(calls) != 1 || calls[0].SessionID != session.ID() {
		t.Errorf("calls = %+v, want one in %s", calls, session.ID())
	}
}

func TestServerlessHandlerHasDeliveredWhenItReturns(t *testing.T) {
	client, received := start(t)
	handler := consumer.Handler(client, func(ctx context.Context) error {
		sentrial.Decide(ctx, types.Decision{Chosen: "stay"})
		return nil
	})
	if err := handler(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(received.ofType("decision")) != 1 || len(received.ofType("session_end")) != 1 {
		t.Errorf("events = %+v, want all of the invocation before Close", received.events)
	}
	finish(t, client)
}

func TestEverythingByHand(t *testing.T) {
	client, _ := start(t)
	ids := append(consumer.TrackAll(t.Context(), client), consumer.Import(t.Context(), client, "run-7", time.Unix(1_700_000_000, 0))...)
	if slices.Contains(ids, "") || !slices.Contains(ids, "run-7:1") {
		t.Errorf("ids = %q, want every event accepted and imported ids kept", ids)
	}
	finish(t, client)
}

func TestReadingFailsWithATypedError(t *testing.T) {
	client, _ := start(t) // its server knows no sessions
	if _, _, err := consumer.Cost(t.Context(), client, "sess_x"); err == nil {
		t.Error("Cost of an unknown session is known")
	}
	if events, err := consumer.Failed(t.Context(), client, "weather", time.Now().Add(-time.Hour)); err == nil {
		t.Errorf("Failed = %v, want an error", events)
	}
	if err := client.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	explained := consumer.Explain(&sentrial.APIError{Status: http.StatusTeapot, Code: "teapot", Message: "short and stout", RequestID: "r1"})
	if want := "418 teapot: short and stout (request r1)"; explained != want {
		t.Errorf("Explain = %q, want %q", explained, want)
	}
}

func TestEveryDeliveryIsAccepted(t *testing.T) {
	for _, delivery := range consumer.Deliveries() {
		client, err := sentrial.New(append(delivery.Options(), sentrial.WithAPIURL("http://127.0.0.1:1"))...)
		if err != nil {
			t.Fatalf("%+v: %v", delivery, err)
		}
		if err := client.Close(t.Context()); err != nil {
			t.Fatalf("%+v: %v", delivery, err)
		}
	}
}

func TestForwardKeepsTheSession(t *testing.T) {
	client, _ := start(t)
	ctx, session := client.CreateSession(t.Context(), "origin")
	into := sentrial.MapCarrier{}
	consumer.Forward(t.Context(), client, sentrial.MapCarrier(consumer.Enqueue(ctx)), into)
	if id, _ := consumer.Worker(t.Context(), client, into); id != session.ID() {
		t.Errorf("the session behind the proxy is %q, want %q", id, session.ID())
	}
	session.Close(ctx, types.SessionResult{})
	finish(t, client)
}

func TestAPresetServesEveryKindOfCall(t *testing.T) {
	preset := consumer.Safe(redactNothing{}, struct{}{})
	preset.ForAll(sentrial.WithMetadata(map[string]any{"team": "search"}))
	client, received := start(t)
	ctx, session := client.CreateSession(t.Context(), "preset", preset.Session...)
	open := consumer.Open{}
	ctx, step := sentrial.StartStep(ctx, types.Step{Name: "outer"}, preset.Step...)
	ctx, tool := sentrial.StartTool(ctx, types.ToolCall{ToolName: "inner"}, preset.Tool...)
	_, llm := sentrial.StartLLM(ctx, types.LLMCall{Model: "small"}, preset.LLM...)
	open.Steps, open.Tools, open.LLMs = append(open.Steps, step), append(open.Tools, tool), append(open.LLMs, llm)
	open.End(nil)
	sentrial.ReportError(ctx, errors.New("late"), preset.Error...)
	session.Close(ctx, types.SessionResult{})
	finish(t, client)
	for _, e := range received.events {
		if consumer.Content(types.EventType(e.Type)) && (e.Metadata["team"] != "search" || consumer.Over(types.Status(e.Status)) == (e.Type == "error")) {
			t.Errorf("%+v, want it marked by the preset, and ended unless it is an error, which has no end", e)
		}
	}
	if len(received.events) != 6 || consumer.Alarming(sentrial.DropSampled) {
		t.Errorf("%d events came, want 6", len(received.events))
	}
}

type redactNothing struct{}

func (redactNothing) Redact(context.Context, *types.Event) error { return nil }

func TestSpansOfOpenTelemetryBecomeEvents(t *testing.T) {
	client, received := start(t)
	if err := consumer.Traced(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	finish(t, client)
	calls, tools := received.ofType("llm_call"), received.ofType("tool_call")
	if len(calls) != 1 || len(tools) != 1 || calls[0].SessionID == "" || calls[0].SessionID != tools[0].SessionID {
		t.Errorf("events = %+v, want a model call and a tool call in one session", received.events)
	}
}
