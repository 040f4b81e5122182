package sentrial_test

import (
	"context"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/attach"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// reported is what an instrumentation inside a call knows of it.
func reported() *types.LLMCall {
	return &types.LLMCall{
		Model: "gpt-2026", RequestModel: "gpt", Provider: "openai", Operation: "chat", ResponseID: "r1",
		Messages:       []types.Message{{Role: "user", Parts: []types.Part{{Type: types.PartText, Content: "hi"}}}},
		OutputMessages: []types.Message{{Role: "assistant", Parts: []types.Part{{Type: types.PartText, Content: "hello"}}}},
		Parameters:     map[string]any{"temperature": 0.5, "seed": 7.0}, Usage: types.Usage{PromptTokens: 5, CompletionTokens: 6, CachedTokens: 1},
		Cost: usd(0.25), FinishReason: "stop", TimeToFirstToken: time.Second, Status: types.StatusError, Error: "of no account", Metadata: map[string]any{"a": "theirs", "b": 2.0},
	}
}

func TestEnrichFillsWhatIsEmpty(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	_, err := sentrial.LLM(ctx, types.LLMCall{Metadata: map[string]any{"a": "ours"}}, func(ctx context.Context, call *types.LLMCall) (string, error) {
		if !attach.Enrich(ctx, reported()) {
			t.Error("not taken")
		}
		if call.Model != "" {
			t.Error("the fields belong to the program until the end")
		}
		return "hello!", nil
	})
	if err != nil {
		t.Fatal(err)
	}
	got := rec.LLMCalls()[0]
	want := *reported()
	want.OutputMessages, want.Response, want.Status, want.Error, want.Metadata = nil, "hello!", types.StatusSuccess, "", map[string]any{"a": "ours", "b": 2.0}
	want.Usage.TotalTokens = got.Usage.TotalTokens
	want.StartTime, want.Duration = got.StartTime, got.Duration
	if !reflect.DeepEqual(got, want) {
		t.Errorf("\n got %+v\nwant %+v", got, want)
	}
}

func TestEnrichLeavesWhatIsThere(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	ctx, span := sentrial.StartLLM(ctx, types.LLMCall{Model: "gpt", Parameters: map[string]any{"temperature": 0.0}})
	attach.Enrich(ctx, reported())
	own := types.LLMCall{
		Model: "gpt", Provider: "p", Operation: "o", ResponseID: "r", Prompt: "q", OutputMessages: []types.Message{{Role: "assistant", Parts: []types.Part{{Type: types.PartText, Content: "own"}}}},
		Parameters: map[string]any{"temperature": 0.0, "seed": 7.0}, Usage: types.Usage{CompletionTokens: 9, TotalTokens: 9}, Cost: usd(0.0), FinishReason: "f",
		TimeToFirstToken: time.Millisecond, Status: types.StatusUnknown, Error: "e", Metadata: map[string]any{"a": 1.0, "b": 2.0},
	}
	span.Provider, span.Operation, span.ResponseID, span.Prompt, span.OutputMessages = own.Provider, own.Operation, own.ResponseID, own.Prompt, own.OutputMessages
	span.Usage, span.Cost, span.FinishReason, span.TimeToFirstToken = own.Usage, own.Cost, own.FinishReason, own.TimeToFirstToken
	span.Status, span.Error, span.Metadata = own.Status, own.Error, map[string]any{"a": 1.0}
	span.End(nil)
	got := rec.LLMCalls()[0]
	own.StartTime, own.Duration = got.StartTime, got.Duration
	if !reflect.DeepEqual(got, own) {
		t.Errorf("\n got %+v\nwant %+v", got, own)
	}
}

func TestEnrichTool(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	_, _ = sentrial.Tool(ctx, "look", any(nil), func(ctx context.Context, _ any) (string, error) {
		attach.Enrich(ctx, &types.ToolCall{CallID: "c1", ToolInput: "in"})
		if !attach.Enrich(ctx, &types.ToolCall{ToolName: "other", CallID: "c1", ToolInput: "late", ToolOutput: "out", Reasoning: "why"}) {
			t.Error("a second one of the same call was not taken")
		}
		if attach.Enrich(ctx, &types.ToolCall{CallID: "c2"}) || attach.Enrich(ctx, reported()) {
			t.Error("another call was taken for this one")
		}
		return "own", nil
	})
	got := rec.ToolCalls()[0]
	if got.ToolName != "look" || got.CallID != "c1" || got.ToolInput != "in" || got.ToolOutput != "own" || got.Reasoning != "why" {
		t.Errorf("got %+v", got)
	}
}

// TestNothingToEnrich: only the innermost open call of that kind is one, until its end.
func TestNothingToEnrich(t *testing.T) {
	rec := sentrialtest.New(t)
	root, session := rec.Client().CreateSession(t.Context(), "s")
	ctx, span := sentrial.StartLLM(root, types.LLMCall{Model: "m"})
	inside, step := sentrial.StartStep(ctx, types.Step{Name: "inside"})
	for where, ctx := range map[string]context.Context{"no session": t.Context(), "no call": root, "a step": inside, "the session alone": session.Context(ctx), "nil": nil} {
		if attach.Enrich(ctx, reported()) {
			t.Errorf("%s: taken", where)
		}
	}
	for _, payload := range []any{nil, (*types.LLMCall)(nil), types.LLMCall{}, &types.ToolCall{}} {
		if attach.Enrich(ctx, payload) {
			t.Errorf("%T: taken", payload)
		}
	}
	if !attach.Enrich(ctx, &types.LLMCall{ResponseID: "r1"}) || attach.Enrich(ctx, &types.LLMCall{ResponseID: "r2", Usage: types.Usage{PromptTokens: 1}}) {
		t.Error("an answer of another id is another call")
	}
	step.End(nil)
	span.End(nil)
	if attach.Enrich(ctx, reported()) {
		t.Error("taken after the end")
	}
}

func TestEnrichIsConcurrentSafe(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	for range 50 {
		ctx, span := sentrial.StartLLM(ctx, types.LLMCall{Model: "m"})
		var wg sync.WaitGroup
		for i := range 4 {
			wg.Go(func() { attach.Enrich(ctx, &types.LLMCall{Metadata: map[string]any{fmt.Sprint(i): i}}) })
		}
		wg.Go(func() { span.End(nil) })
		wg.Wait()
	}
}

// TestEnrichedEventIsRedacted like all others.
func TestEnrichedEventIsRedacted(t *testing.T) {
	var w wire
	client := newClient(t, &w, sentrial.WithContent(sentrial.ContentMetadata))
	ctx, _ := client.CreateSession(t.Context(), "s")
	ctx, span := sentrial.StartLLM(ctx, types.LLMCall{Model: "m"})
	attach.Enrich(ctx, reported())
	span.End(nil)
	if e := w.event(t, client, span.ID()); e["messages"] != "" || e["output_messages"] != "" || e["prompt_tokens"] != "5" {
		t.Errorf("sent %v, want facts alone", e)
	}
}

func usd(f float64) *float64 { return &f }
