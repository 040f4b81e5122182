package adapter_test

import (
	"testing"

	"github.com/sentrial/sentrial-go/adapter"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// Which of two calls is the one around them, only their ids tell, and those are known at the end.
func TestAnotherCallThatEndedFirst(t *testing.T) {
	for outer, want := range map[string]int{"r1": 2, "r2": 1, "": 1} {
		rec := sentrialtest.New(t)
		r := adapter.New(rec.Client(), nil)
		ctx, _ := rec.Client().CreateSession(t.Context(), "s")
		inside, call := r.LLM(ctx, types.LLMCall{Prompt: "asked"})
		_ = wire(inside, r, "r2", nil)
		call.ResponseID, call.Response, call.Usage = outer, "answer", types.Usage{PromptTokens: 2, CompletionTokens: 1}
		call.End(nil)
		tokens := map[string]int{}
		for _, e := range rec.LLMCalls() {
			tokens[e.ResponseID] += e.Usage.PromptTokens
		}
		if len(rec.LLMCalls()) != want || tokens["r2"] != 9 || outer == "r1" && tokens["r1"] != 2 {
			t.Errorf("around %q: want %d calls and all tokens, got %v\n%s", outer, want, tokens, rec.Timeline())
		}
	}
}
