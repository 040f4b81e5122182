package main

import (
	"testing"

	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

func TestAssistAnswersFromTheManual(t *testing.T) {
	rec := sentrialtest.New(t)
	answer, err := assist(t.Context(), rec.Client(), "reset", in(map[string]string{"reset": "hold the button"}), in(nil))
	if err != nil || answer != "hold the button" {
		t.Errorf("got %q, %v", answer, err)
	}
	if calls := rec.ToolCalls(); len(calls) != 1 || calls[0].ToolName != "search_manual" || calls[0].ToolInput != "reset" {
		t.Errorf("got %+v, want the manual searched for reset and nothing else", calls)
	}
}

func TestAssistRecoversWithTheFAQ(t *testing.T) {
	rec := sentrialtest.New(t)
	answer, err := assist(t.Context(), rec.Client(), "reset", in(nil), in(map[string]string{"reset": "unplug it"}))
	if err != nil || answer != "unplug it" {
		t.Errorf("got %q, %v", answer, err)
	}
	if errs := rec.Errors(); len(errs) != 1 || !errs[0].Recoverable || errs[0].RecoveryAction != "search the FAQ" {
		t.Errorf("got %+v, want one error with its recovery", errs)
	}
	calls := rec.ToolCalls()
	if len(calls) != 2 || calls[0].Status != types.StatusError || calls[1].ToolName != "search_faq" || calls[1].Status != types.StatusSuccess {
		t.Errorf("got %+v, want a search that failed and one that did not", calls)
	}
	if sessions := rec.Sessions(); len(sessions) != 1 || sessions[0].Status != types.StatusSuccess {
		t.Errorf("got %+v, want one session that succeeded", sessions)
	}
}

func TestAssistFailsWhenNothingIsFound(t *testing.T) {
	rec := sentrialtest.New(t)
	if _, err := assist(t.Context(), rec.Client(), "reset", in(nil), in(nil)); err == nil {
		t.Error("got no error")
	}
	if sessions := rec.Sessions(); len(sessions) != 1 || sessions[0].Status != types.StatusError {
		t.Errorf("got %+v, want one session that failed", sessions)
	}
	if decisions := rec.Decisions(); len(decisions) != 1 || decisions[0].Chosen != "manual" {
		t.Errorf("got %+v, want the decision for the manual", decisions)
	}
	if calls := rec.LLMCalls(); len(calls) != 0 {
		t.Errorf("got %+v, want no LLM calls", calls)
	}
}
