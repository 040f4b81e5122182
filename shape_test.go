package sentrial_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

type redactFunc func(context.Context, *types.Event) error

func (f redactFunc) Redact(ctx context.Context, e *types.Event) error { return f(ctx, e) }

type startHook func(context.Context, *types.Event) context.Context

func (f startHook) OnStart(ctx context.Context, e *types.Event) context.Context { return f(ctx, e) }

type endHook func(context.Context, *types.Event)

func (f endHook) OnEnd(ctx context.Context, e *types.Event) { f(ctx, e) }

// canary stands for what must not leave the process.
const canary = "C4NARY"

// scrub is a redactor as one would write it: it knows the payloads, and cleans any value.
func scrub(_ context.Context, e *types.Event) error {
	cleanText := func(texts ...*string) {
		for _, s := range texts {
			*s = strings.ReplaceAll(*s, canary, "x")
		}
	}
	cleanMessages := func(messages []types.Message) {
		for i := range messages {
			for j := range messages[i].Parts {
				p := &messages[i].Parts[j]
				cleanText(&p.Content)
				p.Arguments, p.Response = cleaned(p.Arguments), cleaned(p.Response)
				if p.Type == "uri" { // of the types that it knows it reads the fields
					p.Raw = cleanedJSON(p.Raw)
				}
			}
		}
	}
	e.Metadata, _ = cleaned(e.Metadata).(map[string]any)
	e.Raw = cleanedJSON(e.Raw)
	for name, raw := range e.Extra {
		e.Extra[name] = cleanedJSON(raw)
	}
	switch {
	case e.ToolCall != nil:
		cleanText(&e.ToolCall.Reasoning, &e.ToolCall.Error)
		e.ToolCall.ToolInput, e.ToolCall.ToolOutput = cleaned(e.ToolCall.ToolInput), cleaned(e.ToolCall.ToolOutput)
	case e.LLMCall != nil:
		cleanText(&e.LLMCall.Prompt, &e.LLMCall.Response, &e.LLMCall.Error)
		cleanMessages(e.LLMCall.Messages)
		cleanMessages(e.LLMCall.OutputMessages)
		e.LLMCall.ToolDefinitions = cleanedJSON(e.LLMCall.ToolDefinitions)
		e.LLMCall.Parameters, _ = cleaned(e.LLMCall.Parameters).(map[string]any)
	case e.Decision != nil:
		cleanText(&e.Decision.Reasoning, &e.Decision.Chosen)
		for i := range e.Decision.Alternatives {
			cleanText(&e.Decision.Alternatives[i])
		}
	case e.Error != nil:
		cleanText(&e.Error.ErrorMessage, &e.Error.StackTrace, &e.Error.RecoveryAction)
	case e.Step != nil:
		cleanText(&e.Step.Error)
		e.Step.Input, e.Step.Output = cleaned(e.Step.Input), cleaned(e.Step.Output)
	case e.Session != nil:
		cleanText(&e.Session.UserID, &e.Session.Name)
		e.Session.Input = cleaned(e.Session.Input)
		for i := range e.Session.Tags {
			cleanText(&e.Session.Tags[i])
		}
	case e.Result != nil:
		cleanText(&e.Result.Summary)
		e.Result.Output = cleaned(e.Result.Output)
	case e.Feedback != nil:
		cleanText(&e.Feedback.Comment, &e.Feedback.UserID)
	}
	return nil
}

func cleaned(v any) any {
	switch v := v.(type) {
	case string:
		return strings.ReplaceAll(v, canary, "x")
	case []any:
		for i := range v {
			v[i] = cleaned(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = cleaned(v[name])
		}
	}
	return v
}

func cleanedJSON(raw json.RawMessage) json.RawMessage {
	if raw == nil {
		return nil
	}
	return json.RawMessage(strings.ReplaceAll(string(raw), canary, "x"))
}

type withCanary struct {
	Text string            `json:"text"`
	Map  map[string]string `json:"map"`
	Any  any               `json:"any"`
}

// recordCanaries puts the canary wherever a program can put a text, on every way that an event can take. It gives how many events that makes.
func recordCanaries(ctx context.Context, client *sentrial.Client) {
	facts := map[string]any{"list": []any{map[string]any{"deep": "a " + canary}}, "typed": map[string]string{"k": canary}}
	value := &withCanary{canary, map[string]string{"k": canary}, marshals(func() ([]byte, error) { return []byte(`"` + canary + `"`), nil })}
	part := types.Part{Type: types.PartToolCall, Name: "f", Arguments: value, Response: value}
	messages := []types.Message{
		{Role: "user", Parts: []types.Part{{Type: types.PartText, Content: canary}, part, {Type: "uri", Raw: json.RawMessage(`{"type":"uri","uri":"` + canary + `"}`)}}},
		{Role: "user", Parts: []types.Part{{Type: types.PartText, Content: "a", Raw: json.RawMessage(`{"type":"text","content":"` + canary + `","other":"` + canary + `"}`)}}},
	}
	llm := types.LLMCall{
		Model: "m", Prompt: canary, Response: canary, Messages: messages, OutputMessages: messages, ToolDefinitions: json.RawMessage(`["` + canary + `"]`),
		Parameters: facts, Error: canary, Metadata: facts,
	}
	ctx, session := client.CreateSession(ctx, "s "+canary, sentrial.WithUserID(canary), sentrial.WithTags("t", canary), sentrial.WithInput(value), sentrial.WithMetadata(facts))
	session.Update(ctx, sentrial.WithInput(canary), sentrial.WithMetadata(facts))
	session.TrackToolCall(ctx, types.ToolCall{ToolName: "t", ToolInput: value, ToolOutput: []string{canary}, Reasoning: canary, Error: canary, Metadata: facts})
	session.TrackLLMCall(ctx, llm)
	session.TrackDecision(ctx, types.Decision{Reasoning: canary, Alternatives: []string{"a", canary}, Chosen: canary, Metadata: facts})
	session.TrackError(ctx, types.ErrorEvent{ErrorMessage: canary, StackTrace: canary, RecoveryAction: canary, Metadata: facts})
	session.TrackStep(ctx, types.Step{Name: "s", Input: value, Output: value, Error: canary, Metadata: facts})
	session.TrackFeedback(ctx, types.Feedback{Comment: canary, UserID: canary, Metadata: facts})
	_, _ = sentrial.Tool(ctx, "t", *value, func(context.Context, withCanary) (string, error) { return canary, errors.New(canary) }, sentrial.WithMetadata(facts))
	_, _ = sentrial.LLM(ctx, llm, func(context.Context, *types.LLMCall) (string, error) { return canary, nil })
	_ = sentrial.Step(ctx, "s", func(context.Context) error { return errors.New(canary) }, sentrial.WithMetadata(facts))
	sentrial.ReportError(ctx, errors.New(canary), sentrial.Recoverable(canary))
	client.Record(ctx, types.Event{Step: &types.Step{Name: "s", Input: canary, Metadata: facts}, Extra: map[string]json.RawMessage{"new": json.RawMessage(`"` + canary + `"`)}})
	client.Record(ctx, types.Event{Type: "made_up", SessionID: "s", Raw: json.RawMessage(`{"type":"made_up","new":"` + canary + `","metadata":{"k":"` + canary + `"}}`)})
	sentrial.StartTool(ctx, types.ToolCall{ToolName: "left open", ToolInput: value, Metadata: facts})
	session.Close(ctx, types.SessionResult{Summary: canary, Output: value})
}

const recordedCanaries = 16

func TestRedactedTextIsNowhereOnTheWire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wire := &wire{}
		client := newClient(t, wire, sentrial.WithRedactor(redactFunc(scrub)))
		recordCanaries(t.Context(), client)
		time.Sleep(5 * time.Second) // the open span is sent as running
		if n := strings.Count(wire.text(), `"running"`); n != 1 {
			t.Errorf("%d running copies, want 1", n)
		}
		if err := client.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := len(wire.events(t)); n != recordedCanaries+1 {
			t.Errorf("%d events were sent, want %d and a running copy", n, recordedCanaries)
		}
		noCanary(t, wire)
	})
}

func noCanary(t *testing.T, wire *wire) {
	t.Helper()
	for _, e := range wire.events(t) {
		for name, value := range e {
			if strings.Contains(string(value), canary) {
				t.Errorf("%s: %s = %s", e["type"], name, value)
			}
		}
	}
}

// TestCanariesArriveWithoutARedactor keeps the test above honest.
func TestCanariesArriveWithoutARedactor(t *testing.T) {
	wire := &wire{}
	client := newClient(t, wire)
	recordCanaries(t.Context(), client)
	if err := client.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(wire.text(), canary); n < 100 {
		t.Errorf("the canary is there %d times, want 100 or more", n)
	}
}

func TestFailedRedactorWithholdsContent(t *testing.T) {
	said := map[string]string{"error": "an error of type *fs.PathError", "panic": "panic: a value of type string", "half done": "an error of type "}
	for name, redact := range map[string]redactFunc{
		"error": func(context.Context, *types.Event) error {
			return fmt.Errorf("no: %w", &fs.PathError{Op: canary, Err: errBoom})
		},
		"panic": func(context.Context, *types.Event) error { panic("no: " + canary) },
		"half done": func(_ context.Context, e *types.Event) error {
			e.Metadata = map[string]any{"half": "done"}
			return errBoom
		},
	} {
		t.Run(name, func(t *testing.T) {
			var log logged
			wire := &wire{}
			client := newClient(t, wire, sentrial.WithRedactor(redact), sentrial.WithLogger(log.logger()))
			ctx := client.Session("s").Context(t.Context())
			recordCanaries(ctx, client)
			session := client.Session("facts")
			tool := session.TrackToolCall(ctx, types.ToolCall{ToolName: "t", CallID: "c", Cost: sentrial.Ptr(0.5), Duration: time.Second, ToolInput: canary})
			llm := session.TrackLLMCall(ctx, types.LLMCall{Model: "m", Usage: types.Usage{PromptTokens: 3}, Prompt: canary})
			for id, want := range map[string]map[string]string{
				tool: {"tool_name": `"t"`, "call_id": `"c"`, "cost": "0.5", "duration_ms": "1000", "status": `"success"`, "session_id": `"facts"`},
				llm:  {"model": `"m"`, "prompt_tokens": "3"},
			} {
				e := wire.event(t, client, id)
				for member, value := range want {
					if e[member] != value {
						t.Errorf("%s = %s, want %s: facts are kept", member, e[member], value)
					}
				}
				if !strings.Contains(e["metadata"], "withheld") || strings.Contains(e["metadata"], "half") {
					t.Errorf("metadata = %s, want that content was withheld", e["metadata"])
				}
			}
			if err := client.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := strings.ReplaceAll(wire.text(), `"name":"s `+canary+`"`, ""); strings.Contains(got, canary) {
				noCanary(t, wire)
			}
			if lines := log.lines(); len(lines) != 1 || !strings.Contains(lines[0], "redactor") || !strings.Contains(lines[0], said[name]) || strings.Contains(lines[0], canary) {
				t.Errorf("the log says %q, want one line on the redactor, with %q", lines, said[name])
			}
		})
	}
}

// TestRedactorWorksOnACopy: whatever it changes, the caller's values stay.
func TestRedactorWorksOnACopy(t *testing.T) {
	rec := sentrialtest.New(t, sentrial.WithRedactor(redactFunc(func(_ context.Context, e *types.Event) error {
		e.Metadata["k"], e.Metadata["new"] = "redacted", true
		e.ToolCall.ToolInput.(map[string]any)["k"] = "redacted"
		e.ToolCall.ToolOutput.([]any)[0] = "redacted"
		return nil
	})))
	facts, input, output := map[string]any{"k": "v"}, map[string]any{"k": "v"}, []any{"v"}
	call := types.ToolCall{ToolName: "t", ToolInput: input, ToolOutput: output, Metadata: facts}
	rec.Client().Session("s").TrackToolCall(t.Context(), call)
	if want := map[string]any{"k": "v"}; !reflect.DeepEqual(facts, want) || !reflect.DeepEqual(input, want) || output[0] != "v" {
		t.Errorf("the caller's values became %v, %v, %v", facts, input, output)
	}
	e := oneEvent(t, rec, types.EventToolCall)
	if e.Metadata["k"] != "redacted" || e.Metadata["new"] != true || e.ToolCall.ToolOutput.([]any)[0] != "redacted" {
		t.Errorf("recorded %s", asJSON(e))
	}
}

func TestNumbersStayExactUnderARedactor(t *testing.T) {
	wire := &wire{}
	client := newClient(t, wire, sentrial.WithRedactor(redactFunc(func(context.Context, *types.Event) error { return nil })))
	numbers := `[9007199254740993,18446744073709551615,0.1,1e400,-1,123456789.123456789123]`
	session := client.Session("s")
	id := session.TrackToolCall(t.Context(), types.ToolCall{
		ToolName: "t", ToolInput: json.RawMessage(numbers), Metadata: map[string]any{"n": json.RawMessage(numbers)}, Cost: sentrial.Ptr(0.1),
		StartTime: anHourAgo, Duration: 1234567 * time.Nanosecond,
	})
	e := wire.event(t, client, id)
	if e["tool_input"] != numbers || e["metadata"] != `{"n":`+numbers+`}` || e["cost"] != "0.1" || e["timestamp"] != `"2026-11-22T00:16:56.123456789Z"` || e["duration_ms"] != "1.235" {
		t.Errorf("sent %v, want %s", e, numbers)
	}
}

// TestRedactorCannotChangeIdentity, nor can hooks.
func TestRedactorAndHooksCannotChangeIdentity(t *testing.T) {
	spoil := func(e *types.Event) {
		e.ID, e.Type, e.SessionID, e.ParentID, e.Seq, e.Timestamp, e.Duration = "x", types.EventError, "x", "x", 99, time.Time{}, time.Hour
	}
	for name, opt := range map[string]sentrial.Option{
		"redactor":   sentrial.WithRedactor(redactFunc(func(_ context.Context, e *types.Event) error { spoil(e); return nil })),
		"start hook": sentrial.WithHook(startHook(func(ctx context.Context, e *types.Event) context.Context { spoil(e); return ctx })),
		"end hook":   sentrial.WithHook(endHook(func(_ context.Context, e *types.Event) { spoil(e) })),
	} {
		rec := sentrialtest.New(t, opt)
		session := rec.Client().Session("s")
		id := session.TrackToolCall(t.Context(), types.ToolCall{ToolName: "t", StartTime: anHourAgo, Duration: time.Minute})
		_, span := sentrial.StartLLM(session.Context(t.Context()), types.LLMCall{Model: "m", StartTime: anHourAgo, Duration: time.Minute})
		span.End(nil)
		events := rec.Events()
		for i, want := range []struct {
			id   string
			kind types.EventType
		}{{id, types.EventToolCall}, {span.ID(), types.EventLLMCall}} {
			e := events[i]
			if e.ID != want.id || e.Type != want.kind || e.SessionID != "s" || e.ParentID != "" || e.Seq != int64(i+1) || !e.Timestamp.Equal(anHourAgo) || e.Duration != time.Minute {
				t.Errorf("%s: recorded %s", name, asJSON(e))
			}
		}
	}
}

func TestHooksAreCalledInOrder(t *testing.T) {
	var calls []string
	note := func(what string) { calls = append(calls, what) }
	hook := func(name string) sentrial.Hook {
		return struct {
			startHook
			endHook
		}{
			func(ctx context.Context, e *types.Event) context.Context {
				note(fmt.Sprintf("%s start %s %s", name, e.Type, e.Status))
				return ctx
			},
			func(_ context.Context, e *types.Event) { note(fmt.Sprintf("%s end %s %s", name, e.Type, e.Status)) },
		}
	}
	rec := sentrialtest.New(t, sentrial.WithHook(hook("1")), sentrial.WithHook(hook("2")), sentrial.WithRedactor(redactFunc(func(_ context.Context, e *types.Event) error {
		note("redact " + string(e.Type))
		return nil
	})))
	session := rec.Client().Session("s")
	session.TrackDecision(t.Context(), types.Decision{Chosen: "x"})
	_, span := sentrial.StartTool(session.Context(t.Context()), types.ToolCall{ToolName: "t"})
	note("in between")
	span.End(nil)
	want := []string{
		"redact decision", "1 start decision ", "2 start decision ", "1 end decision ", "2 end decision ",
		"redact tool_call", "1 start tool_call running", "2 start tool_call running", "in between",
		"redact tool_call", "1 end tool_call success", "2 end tool_call success",
	}
	if !slices.Equal(calls, want) {
		t.Errorf("called\n%s\nwant\n%s", strings.Join(calls, "\n"), strings.Join(want, "\n"))
	}
}

func TestHookContextReachesNestedWork(t *testing.T) {
	type key struct{}
	var ends []any
	rec := sentrialtest.New(t,
		sentrial.WithHook(startHook(func(ctx context.Context, e *types.Event) context.Context {
			return context.WithValue(ctx, key{}, e.Type)
		})),
		sentrial.WithHook(endHook(func(ctx context.Context, _ *types.Event) { ends = append(ends, ctx.Value(key{})) })))
	ctx := rec.Client().Session("s").Context(t.Context())
	_ = sentrial.Step(ctx, "s", func(ctx context.Context) error {
		if got := ctx.Value(key{}); got != types.EventStep {
			t.Errorf("fn's context has %v, want what the hook put there", got)
		}
		if sentrial.SessionFromContext(ctx).ID() != "s" {
			t.Error("fn's context lost the session")
		}
		sentrial.Decide(ctx, types.Decision{Chosen: "x"})
		return nil
	})
	if want := []any{types.EventDecision, types.EventStep}; !slices.Equal(ends, want) {
		t.Errorf("OnEnd saw %v, want the context that OnStart returned: %v", ends, want)
	}
}

// TestHooksMaySetMetadataAndTrace, at the start of a span too, where they stay.
func TestHooksMaySetMetadataAndTrace(t *testing.T) {
	rec := sentrialtest.New(t,
		sentrial.WithHook(startHook(func(ctx context.Context, e *types.Event) context.Context {
			e.TraceID, e.SpanID = "trace", "span"
			e.Metadata["start"], e.Metadata["both"] = 1, "start"
			return ctx
		})),
		sentrial.WithHook(endHook(func(_ context.Context, e *types.Event) { e.Metadata["end"], e.Metadata["both"] = 1, "end" })))
	facts := map[string]any{"mine": 1}
	session := rec.Client().Session("s")
	session.TrackStep(t.Context(), types.Step{Name: "tracked", Metadata: facts})
	session.TrackStep(t.Context(), types.Step{Name: "without metadata"})
	_, span := sentrial.StartStep(session.Context(t.Context()), types.Step{Name: "span", Metadata: facts})
	span.End(nil)
	for _, e := range rec.Events() {
		want := map[string]any{"mine": 1.0, "start": 1.0, "both": "end", "end": 1.0}
		if e.Step.Name == "without metadata" {
			delete(want, "mine")
		}
		if !reflect.DeepEqual(e.Metadata, want) || e.TraceID != "trace" || e.SpanID != "span" {
			t.Errorf("%s: metadata %v, trace %q %q; want %v", e.Step.Name, e.Metadata, e.TraceID, e.SpanID, want)
		}
	}
	if len(facts) != 1 {
		t.Errorf("the caller's metadata became %v", facts)
	}
}

// TestOneHookIsEnough to add to a span at its beginning.
func TestOneHookIsEnough(t *testing.T) {
	rec := sentrialtest.New(t, sentrial.WithHook(startHook(func(ctx context.Context, e *types.Event) context.Context {
		e.Metadata["start"] = true
		return ctx
	})))
	_, span := sentrial.StartStep(rec.Client().Session("s").Context(t.Context()), types.Step{Name: "span"})
	span.End(nil)
	if e := oneEvent(t, rec, types.EventStep); e.Metadata["start"] != true {
		t.Errorf("recorded %s", asJSON(e))
	}
}

func TestBrokenHooksStopNobody(t *testing.T) {
	var log logged
	var nothing context.Context
	wire := &wire{}
	client := newClient(t, wire, sentrial.WithLogger(log.logger()),
		sentrial.WithHook(startHook(func(context.Context, *types.Event) context.Context { panic("start " + canary) })),
		sentrial.WithHook(startHook(func(context.Context, *types.Event) context.Context { return nothing })),
		sentrial.WithHook(endHook(func(context.Context, *types.Event) { panic(errors.New("end " + canary)) })))
	ctx, session := client.CreateSession(t.Context(), "s")
	err := sentrial.Step(ctx, "s", func(ctx context.Context) error { return ctx.Err() })
	if id := session.TrackStep(ctx, types.Step{Name: "x"}); id == "" || err != nil {
		t.Errorf("id %q, %v", id, err)
	}
	if err := client.Close(t.Context()); err != nil || len(wire.events(t)) != 3 {
		t.Errorf("%d events arrived, want 3 (%v)", len(wire.events(t)), err)
	}
	if lines := log.lines(); len(lines) != 1 || !strings.Contains(lines[0], "hook") || !strings.Contains(lines[0], "of type string") || strings.Contains(lines[0], canary) {
		t.Errorf("the log says %q, want one line with the type of what was panicked with", lines)
	}
}

// TestHooksAndRedactorSeeConcurrentEvents has the race detector look.
func TestHooksAndRedactorSeeConcurrentEvents(t *testing.T) {
	rec := sentrialtest.New(t, sentrial.WithRedactor(redactFunc(scrub)), sentrial.WithHook(endHook(func(_ context.Context, e *types.Event) { e.Metadata["seen"] = true })))
	shared := map[string]any{"k": canary}
	ctx, session := rec.Client().CreateSession(t.Context(), "s")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				session.TrackToolCall(ctx, types.ToolCall{ToolName: "t", ToolInput: shared, Metadata: shared})
			}
		})
	}
	wg.Wait()
	for _, e := range eventsOf(rec, types.EventToolCall) {
		if e.Metadata["seen"] != true || e.Metadata["k"] != "x" {
			t.Errorf("recorded %s", asJSON(e))
		}
	}
}

// TestNoHooksNoCost compares with a client that has a hook. (That a call allocates nothing at all cannot be seen under the race detector, which empties pools.)
func TestNoHooksNoCost(t *testing.T) {
	call := types.ToolCall{ToolName: "t", ToolInput: map[string]any{"q": "x", "n": 3}, Metadata: map[string]any{"k": "v"}}
	allocations := func(opts ...sentrial.Option) float64 {
		session := newClient(t, &wire{}, append(opts, sentrial.WithFlushInterval(time.Hour))...).Session("s")
		return testing.AllocsPerRun(500, func() { session.TrackToolCall(t.Context(), call) })
	}
	without, with := allocations(), allocations(sentrial.WithHook(endHook(func(context.Context, *types.Event) {})))
	if without > 3 || with < without+2 {
		t.Errorf("%v allocations a call without hooks, %v with one", without, with)
	}
}
