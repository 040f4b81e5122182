package main

import (
	"testing"

	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// tools of a test: the manual knows one thing, and the FAQ another.
func tools() map[string]tool {
	return map[string]tool{
		"search_manual": in(map[string]string{"reset": "hold the button"}),
		"search_faq":    in(map[string]string{"refund": "within 30 days"}),
	}
}

func TestTakesTheRightTools(t *testing.T) {
	rec := sentrialtest.New(t)
	model := sentrialtest.NewScript[[]string, move](t).
		Then(move{Tool: "search_manual", Input: "reset"}).
		Then(move{Answer: "Hold the button."})
	a := &agent{rec.Client(), model.Call, tools()}
	if answer, err := a.answer(t.Context(), "How do I reset it?"); err != nil || answer != "Hold the button." {
		t.Errorf("answer = %q, %v", answer, err)
	}
	rec.WantTools("search_manual")
	rec.WantToolInputs("search_manual", "reset")
	rec.WantPath("session answer > search_manual")
	rec.WantNoErrors()
	rec.WantStatus(types.StatusSuccess)
}

func TestRecoversFromAToolThatFailsAndSaysSo(t *testing.T) {
	rec := sentrialtest.New(t)
	model := sentrialtest.NewScript[[]string, move](t).
		Then(move{Tool: "search_manual", Input: "refund"}).
		Then(move{Tool: "search_faq", Input: "refund"}).
		Then(move{Answer: "The manual does not say. The FAQ does: within 30 days."})
	a := &agent{rec.Client(), model.Call, tools()}
	if _, err := a.answer(t.Context(), "Can I have a refund?"); err != nil {
		t.Error(err)
	}
	rec.WantToolsInOrder("search_manual", "search_faq")
	rec.WantPath("error tool")
	rec.WantRecovered()
	if heard := model.Asked()[1]; heard[1] != "search_manual failed: nothing found" {
		t.Errorf("the model heard %q", heard)
	}
}

func TestStaysWithinItsBudget(t *testing.T) {
	rec := sentrialtest.New(t)
	model := sentrialtest.NewScript[[]string, move](t).
		Then(move{Tool: "search_manual", Input: "reset", In: 200, Out: 10}).
		Then(move{Answer: "Hold the button.", In: 240, Out: 15})
	a := &agent{rec.Client(), model.Call, tools()}
	if _, err := a.answer(t.Context(), "How do I reset it?"); err != nil {
		t.Error(err)
	}
	rec.WantWithin(sentrialtest.Budget{USD: 0.001, Tokens: 500, LLMCalls: 2, ToolCalls: 1})
	rec.WantModels("small")
}

func TestTraceOfARefund(t *testing.T) {
	rec := sentrialtest.New(t)
	a := &agent{rec.Client(), standIn, tools()}
	if _, err := a.answer(t.Context(), "refund"); err != nil {
		t.Error(err)
	}
	rec.Golden("refund")
}

func TestGivesUp(t *testing.T) {
	rec := sentrialtest.New(t)
	model := sentrialtest.NewScript[[]string, move](t)
	for range maxTurns {
		model.Then(move{Tool: "search_web", Input: "reset"})
	}
	a := &agent{rec.Client(), model.Call, tools()}
	if _, err := a.answer(t.Context(), "How do I reset it?"); err == nil {
		t.Error("no error")
	}
	rec.WantLLMCalls(maxTurns)
	rec.WantStatus(types.StatusError)
}
