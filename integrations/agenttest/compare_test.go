package agenttest_test

import (
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/integrations/agenttest"
)

func two() []agenttest.Event {
	return []agenttest.Event{
		{Type: "step", Name: "work", Status: "success"},
		{Type: "llm_call", Model: "MODEL", Text: "<Zürich>", PromptTokens: 12, CachedTokens: 3, Messages: []string{"user: hi"}, Status: "success"},
	}
}

// What differs is shown with the lines around it, and nothing else is.
func TestDifferences(t *testing.T) {
	got := two()
	got[1].PromptTokens = 24
	lines, _ := agenttest.Differences(two(), got)
	for _, want := range []string{"-     \"prompt_tokens\": 12,\n", "+     \"prompt_tokens\": 24,\n", "      \"text\": \"<Zürich>\",\n"} {
		if !strings.Contains(lines, want) {
			t.Errorf("the differences do not have the line %q:\n%s", want, lines)
		}
	}
	if strings.Contains(lines, "work") {
		t.Errorf("the differences show what is far from them:\n%s", lines)
	}
	if lines, _ := agenttest.Differences(two(), two()); lines != "" {
		t.Errorf("what is equal differs:\n%s", lines)
	}
}

// An event too many, and one too few, differ.
func TestDifferentNumber(t *testing.T) {
	if lines, _ := agenttest.Differences(two(), two()[:1]); !strings.Contains(lines, "-     \"type\": \"llm_call\"") {
		t.Errorf("one event too few gives\n%s", lines)
	}
	if lines, _ := agenttest.Differences(two()[:1], two()); !strings.Contains(lines, "+     \"type\": \"llm_call\"") {
		t.Errorf("one event too many gives\n%s", lines)
	}
}

// What a driver lacks is not compared, and has to be lacking.
func TestLacks(t *testing.T) {
	got := two()
	got[1].CachedTokens, got[1].Messages = 0, nil
	lines, wrong := agenttest.Differences(two(), got, "cached_tokens", "messages")
	if lines != "" || len(wrong) > 0 {
		t.Errorf("with all that lacks named, the differences are\n%s\nand %q is wrong", lines, wrong)
	}
	if _, wrong = agenttest.Differences(two(), two(), "cached_tokens"); len(wrong) != 1 || !strings.Contains(wrong[0], "take it out") {
		t.Errorf("to lack what is there is wrong by %q", wrong)
	}
	failed := two()
	failed[1].Status = "error"
	if _, wrong = agenttest.Differences(two(), failed, "status"); len(wrong) != 1 || !strings.Contains(wrong[0], "nothing to compare") {
		t.Errorf("to lack how it ended is wrong by %q", wrong)
	}
	if _, wrong = agenttest.Differences(two(), two(), "tokens"); len(wrong) != 1 || !strings.Contains(wrong[0], "nothing that is compared") {
		t.Errorf("to lack what is nothing is wrong by %q", wrong)
	}
}

// The cost is that of the tokens that a wire tells.
func TestCost(t *testing.T) {
	e := agenttest.Event{PromptTokens: 1200, CachedTokens: 1000, CacheWriteTokens: 50, CompletionTokens: 340, ReasoningTokens: 120}
	if got := agenttest.Cost(t, e); got != "$0.00391" { // 150 x 2 + 1000 x 0.5 + 50 x 3 + 220 x 8 + 120 x 10 = 3910 millionths
		t.Errorf("the cost is %s, want $0.00391", got)
	}
	e.CacheWriteTokens, e.ReasoningTokens = 0, 0
	if got := agenttest.Cost(t, e); got != "$0.00362" { // 200 x 2 + 1000 x 0.5 + 340 x 8 = 3620
		t.Errorf("without two classes the cost is %s, want $0.00362", got)
	}
}
