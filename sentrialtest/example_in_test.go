package sentrialtest_test

import (
	"context"
	"testing"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// What is wanted of one part of an agent is said of that part.
func ExampleRecorder_In() {
	test(func(t testing.TB) { // in a program's own tests: func TestPlan(t *testing.T) {
		rec := sentrialtest.New(t)
		_ = rec.Client().Run(t.Context(), "answer", func(ctx context.Context) error {
			_ = sentrial.Step(ctx, "plan", func(ctx context.Context) error {
				_, err := sentrial.LLM(ctx, types.LLMCall{Model: "small"}, func(_ context.Context, call *types.LLMCall) (string, error) {
					call.Usage = types.Usage{PromptTokens: 90, CompletionTokens: 10}
					return "search, then read", nil
				}, sentrial.WithCost(0.002))
				return err
			})
			_, err := sentrial.Tool(ctx, "search", "fjords", func(context.Context, string) (int, error) { return 3, nil })
			return err
		})
		rec.In("plan").WantNoTool()
		rec.In("plan").WantWithin(sentrialtest.Budget{USD: 0.002, Tokens: 100, LLMCalls: 1})
		rec.WantPath("plan > llm small")
		rec.WantNoPath("plan >> search")
	})
	// Output: ok
}
