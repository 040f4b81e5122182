package sentrial_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// sayEverywhere records a session in which everything that is content says the canary, on every way that an event can take: a handle, the helpers, spans that end,
// that run for long and that nobody ends, errors, panics, updates, events with ids of their own. Facts say "fact". It wants a bubble, and closes the client.
func sayEverywhere(t *testing.T, ctx context.Context, client *sentrial.Client, opts ...sentrial.SessionOption) {
	t.Helper()
	said := errors.New("an error about " + canary)
	value := map[string]any{"b": canary, "a": []any{canary, 1}}
	call := types.LLMCall{
		Model: "fact", Prompt: canary, Messages: []types.Message{{Role: "user", Parts: []types.Part{{Type: types.PartText, Content: canary}}}},
		ToolDefinitions: json.RawMessage(`[{"name":"` + canary + `"}]`), Parameters: map[string]any{"temperature": 0.5}, Usage: types.Usage{PromptTokens: 7},
	}
	opts = append(opts, sentrial.WithInput(value), sentrial.WithTags("fact"), sentrial.WithMetadata(map[string]any{"k": "fact"}))
	_ = client.Run(ctx, "fact", func(ctx context.Context) error {
		session := sentrial.SessionFromContext(ctx)
		sayByHandle(ctx, session, value, call)
		sayByHandle(context.Background(), client.Session(session.ID()), value, call)
		sayByHelpers(ctx, value, call, said)
		for _, e := range []types.Event{
			{Step: &types.Step{Name: "fact", Input: value, Error: canary}, Extra: map[string]json.RawMessage{"new": json.RawMessage(`"` + canary + `"`)}},
			{SessionID: session.ID(), Type: "made_up", Raw: json.RawMessage(`{"type":"made_up","new":{"k":"` + canary + `"}}`)},
		} {
			client.Record(ctx, e)
		}
		_, long := sentrial.StartTool(ctx, types.ToolCall{ToolName: "fact", ToolInput: value, Reasoning: canary})
		_, longLLM := sentrial.StartLLM(ctx, call)
		_, longStep := sentrial.StartStep(ctx, types.Step{Name: "fact", Input: value})
		sentrial.StartTool(ctx, types.ToolCall{ToolName: "left open", ToolInput: value})
		time.Sleep(3 * time.Second) // they are sent as running
		synctest.Wait()
		long.ToolOutput, longLLM.Response, longStep.Output = canary, canary, canary
		long.End(said)
		longLLM.End(nil)
		longStep.End(nil)
		session.SetResult(types.SessionResult{Summary: canary, Output: value, Metrics: map[string]float64{"fact": 1}})
		return said
	}, opts...)
	if err := client.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

func sayByHandle(ctx context.Context, s *sentrial.Session, value any, call types.LLMCall) {
	s.TrackToolCall(ctx, types.ToolCall{ToolName: "fact", CallID: "fact", ToolInput: value, ToolOutput: canary, Reasoning: canary, Error: canary, Attempt: 2})
	call.Response, call.OutputMessages, call.Error = canary, call.Messages, canary
	s.TrackLLMCall(ctx, call)
	s.TrackDecision(ctx, types.Decision{Reasoning: canary, Alternatives: []string{canary, "b"}, Chosen: canary, Confidence: sentrial.Ptr(0.5)})
	s.TrackError(ctx, types.ErrorEvent{ErrorType: "fact", ErrorMessage: canary, StackTrace: canary, Recoverable: true, RecoveryAction: "fact"})
	s.TrackStep(ctx, types.Step{Name: "fact", Kind: "plan", Input: value, Output: canary, Error: canary})
	s.TrackFeedback(ctx, types.Feedback{Name: "fact", Label: "fact", Comment: canary, Score: sentrial.Ptr(1.0)})
	s.Update(ctx, sentrial.WithInput(canary), sentrial.WithUserID("fact"))
}

func sayByHelpers(ctx context.Context, value map[string]any, call types.LLMCall, said error) {
	_, _ = sentrial.Tool(ctx, "fact", value, func(ctx context.Context, _ map[string]any) (string, error) {
		sentrial.Decide(ctx, types.Decision{Chosen: canary})
		return canary, said
	}, sentrial.WithReasoning(canary))
	_, _ = sentrial.LLM(ctx, call, func(_ context.Context, call *types.LLMCall) (string, error) {
		call.Parameters["temperature"] = 1 // too late
		return canary, nil
	})
	_, _ = sentrial.StepValue(ctx, "fact", func(ctx context.Context) (string, error) {
		sentrial.ReportError(ctx, errors.New(canary), sentrial.Recoverable("fact"))
		return canary, nil
	})
	_ = sentrial.Step(ctx, "fact", func(context.Context) error { return said })
	func() {
		defer func() { _ = recover() }()
		defer sentrial.Recover(ctx)
		_ = sentrial.Step(ctx, "fact", func(context.Context) error { panic(canary) })
	}()
}

// contentNames are the members that hold content in what sayEverywhere records.
var contentNames = []string{
	"tool_input", "tool_output", "reasoning", "prompt", "response", "messages", "output_messages", "tool_definitions", "alternatives", "chosen", "error",
	"error_message", "stack_trace", "input", "output", "summary", "comment", "new",
}

// taken is what arrived, in the order of recording: the facts of each event, and the names of its content.
type taken struct{ facts, content []string }

func takenBy(t *testing.T, wire *wire) (all taken) {
	t.Helper()
	for _, e := range wire.events(t) {
		var facts, content []string
		for name, value := range sortedMembers(e) {
			switch {
			case slices.Contains(contentNames, name):
				content = append(content, name)
			case name == "metadata":
				facts = append(facts, withoutMode(t, value)...)
			case name != "id" && name != "session_id" && name != "parent_id" && name != "parent_session_id":
				facts = append(facts, name+"="+string(value))
			}
		}
		all.facts, all.content = append(all.facts, strings.Join(facts, " ")), append(all.content, strings.Join(content, " "))
	}
	return all
}

// withoutMode is what a metadata says beside what the mode adds to it.
func withoutMode(t *testing.T, metadata json.RawMessage) (facts []string) {
	t.Helper()
	m := map[string]json.RawMessage{}
	if err := json.Unmarshal(metadata, &m); err != nil {
		t.Error(err)
	}
	delete(m, "content")
	for name, value := range sortedMembers(m) {
		facts = append(facts, "metadata."+name+"="+string(value))
	}
	return facts
}

// ways are the ways to choose a mode for all that sayEverywhere records.
var ways = map[string]struct {
	client  func(sentrial.ContentMode) []sentrial.Option
	env     bool
	session func(sentrial.ContentMode) []sentrial.SessionOption
	around  func(ctx context.Context, c *sentrial.Client, m sentrial.ContentMode, say func(context.Context))
}{
	"the client's option": {client: func(m sentrial.ContentMode) []sentrial.Option { return []sentrial.Option{sentrial.WithContent(m)} }},
	"the environment":     {env: true},
	"the session's option": {session: func(m sentrial.ContentMode) []sentrial.SessionOption {
		return []sentrial.SessionOption{sentrial.WithContent(m)}
	}},
	"a session around it": {around: func(ctx context.Context, c *sentrial.Client, m sentrial.ContentMode, say func(context.Context)) {
		ctx, outer := c.CreateSession(ctx, "around", sentrial.WithContent(m))
		outer.Close(ctx, types.SessionResult{})
		say(ctx)
	}},
	"a step around it": {around: func(ctx context.Context, c *sentrial.Client, m sentrial.ContentMode, say func(context.Context)) {
		ctx, _ = c.CreateSession(ctx, "around")
		_ = sentrial.Step(ctx, "sensitive", func(ctx context.Context) error {
			say(ctx)
			return nil
		}, sentrial.WithContent(m))
	}},
}

var modeNames = map[sentrial.ContentMode]string{sentrial.ContentFull: "full", sentrial.ContentHashed: "hashed", sentrial.ContentMetadata: "metadata"}

// saidIn gives what arrives of sayEverywhere in a mode.
func saidIn(t *testing.T, way string, mode sentrial.ContentMode, opts ...sentrial.Option) *wire {
	t.Helper()
	w, wire := ways[way], &wire{}
	if w.env {
		t.Setenv("SENTRIAL_CONTENT", modeNames[mode])
	}
	synctest.Test(t, func(t *testing.T) {
		if w.client != nil {
			opts = append(opts, w.client(mode)...)
		}
		client := newClient(t, wire, opts...)
		var ofSession []sentrial.SessionOption
		if w.session != nil {
			ofSession = w.session(mode)
		}
		say := func(ctx context.Context) { sayEverywhere(t, ctx, client, ofSession...) }
		if w.around == nil {
			say(t.Context())
		} else {
			w.around(t.Context(), client, mode, say)
		}
		if err := lawOf(client.Stats()); err != nil {
			t.Error(err)
		}
	})
	return wire
}

// TestContentOnEveryPath: in whatever way a mode is chosen, and whatever shapes the events before, no content gets out and no fact is lost.
func TestContentOnEveryPath(t *testing.T) {
	for name, shaped := range map[string][]sentrial.Option{
		"plain":           nil,
		"redactor":        {sentrial.WithRedactor(keepAll{})},
		"failed redactor": {sentrial.WithRedactor(redactFunc(func(context.Context, *types.Event) error { return errBoom }))},
		"hook":            {sentrial.WithHook(endHook(func(_ context.Context, e *types.Event) { e.Metadata["hook"] = "fact" }))},
	} {
		for way := range ways {
			t.Run(name+"/"+way, func(t *testing.T) {
				full := saidIn(t, way, sentrial.ContentFull, shaped...)
				want := takenBy(t, full)
				if n := strings.Count(full.text(), canary); name != "failed redactor" && n < 90 || len(want.facts) < 35 || strings.Count(full.text(), `"running"`) < 4 {
					t.Fatalf("in full mode %d events with %d canaries arrive: they prove nothing", len(want.facts), n)
				}
				for _, mode := range []sentrial.ContentMode{sentrial.ContentHashed, sentrial.ContentMetadata} {
					checkSaid(t, saidIn(t, way, mode, shaped...), mode, want)
				}
			})
		}
	}
}

func checkSaid(t *testing.T, wire *wire, mode sentrial.ContentMode, full taken) {
	t.Helper()
	noCanary(t, wire)
	got := takenBy(t, wire)
	want := full.content
	if mode == sentrial.ContentMetadata {
		want = make([]string, len(full.content))
	}
	if g, w := strings.Join(got.facts, "\n"), strings.Join(full.facts, "\n"); g != w {
		t.Errorf("%s: the facts are\n%s\nin full mode\n%s", modeNames[mode], g, w)
	}
	for i, e := range wire.events(t) {
		if mine := strings.Contains(string(e["metadata"]), `"content":"`+modeNames[mode]+`"`); !mine && !strings.Contains(got.facts[i], `around`) && !strings.Contains(got.facts[i], "sensitive") {
			t.Errorf("%s: the metadata of %s is %s", modeNames[mode], got.facts[i], e["metadata"])
		}
		for name, value := range e {
			if slices.Contains(contentNames, name) && !isMarker(string(value)) {
				t.Errorf("%s: %s = %s is no marker", modeNames[mode], name, value)
			}
		}
		if i < len(want) && got.content[i] != want[i] {
			t.Errorf("%s: the content of %s is under %q, want %q", modeNames[mode], got.facts[i], got.content[i], want[i])
		}
	}
}
