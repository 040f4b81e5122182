package sentrialtest_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// agent looks twice: the first tool call fails, the second works.
func agent(ctx context.Context, client *sentrial.Client) error {
	return client.Run(ctx, "look up", func(ctx context.Context) error {
		answer, err := sentrial.LLM(ctx, types.LLMCall{Model: "m", Prompt: "which tool?"}, func(_ context.Context, call *types.LLMCall) (string, error) {
			call.Usage = types.Usage{PromptTokens: 3, CompletionTokens: 2}
			return "search", nil
		})
		if err != nil {
			return err
		}
		sentrial.Decide(ctx, types.Decision{Reasoning: "the model said so", Alternatives: []string{"search", "stop"}, Chosen: answer, Confidence: sentrial.Ptr(0.9)})
		search := sentrial.WrapTool("search", func(_ context.Context, q string) (int, error) {
			if q == "" {
				return 0, errors.New("empty query")
			}
			return len(q), nil
		})
		if _, err := search(ctx, ""); err != nil {
			sentrial.ReportError(ctx, err, sentrial.Recoverable("ask again"))
		}
		_, err = search(ctx, "oslo")
		return err
	}, sentrial.WithAgentName("finder"), sentrial.WithUserID("u1"))
}

func TestRecorder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := sentrialtest.New(t)
		begin := time.Now()
		if err := agent(t.Context(), rec.Client()); err != nil {
			t.Fatal(err)
		}
		sessions := rec.Sessions()
		if len(sessions) != 1 || sessions[0].Status != types.StatusSuccess || sessions[0].AgentName != "finder" || sessions[0].UserID != "u1" || sessions[0].Usage.PromptTokens != 3 {
			t.Errorf("sessions = %+v", sessions)
		}
		tools := rec.ToolCalls()
		if len(tools) != 2 || tools[0].Status != types.StatusError || tools[0].Error != "empty query" || tools[1].ToolInput != "oslo" || tools[1].ToolOutput != float64(4) {
			t.Errorf("tool calls = %+v", tools)
		}
		if calls := rec.LLMCalls(); len(calls) != 1 || calls[0].Response != "search" {
			t.Errorf("llm calls = %+v", calls)
		}
		if ds := rec.Decisions(); len(ds) != 1 || ds[0].Chosen != "search" || *ds[0].Confidence != 0.9 {
			t.Errorf("decisions = %+v", ds)
		}
		if errs := rec.Errors(); len(errs) != 1 || !errs[0].Recoverable || errs[0].RecoveryAction != "ask again" || errs[0].ErrorMessage != "empty query" {
			t.Errorf("errors = %+v", errs)
		}
		if waited := time.Since(begin); waited != 0 {
			t.Errorf("reading waited %v of virtual time, want none", waited)
		}
		got, err := rec.Client().GetSession(t.Context(), sessions[0].ID)
		if err != nil || got.Name != "look up" {
			t.Errorf("GetSession = %+v, %v", got, err)
		}
	})
}

func TestEnvironmentIsNotRead(t *testing.T) {
	t.Setenv("SENTRIAL_DISABLED", "true")
	t.Setenv("SENTRIAL_TIMEOUT", "nonsense")
	rec := sentrialtest.New(t)
	_, session := rec.Client().CreateSession(t.Context(), "s")
	if id := session.TrackToolCall(t.Context(), types.ToolCall{ToolName: "x"}); id == "" {
		t.Error("the event was not accepted")
	}
	if n := len(rec.ToolCalls()); n != 1 {
		t.Errorf("%d tool calls recorded, want 1", n)
	}
}
