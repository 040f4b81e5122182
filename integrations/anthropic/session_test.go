package anthropic_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/anthropics/anthropic-sdk-go"

	sentrialanthropic "github.com/sentrial/sentrial-go/integrations/anthropic"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
	"github.com/sentrial/sentrial-go/types"
)

// serve answers by brain, or as fakellm does by itself.
func serve(t *testing.T, brain fakellm.Brain) *fakellm.Server {
	t.Helper()
	var opts []fakellm.Option
	if brain != nil {
		opts = append(opts, fakellm.WithBrain(brain))
	}
	fake, err := fakellm.Start(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Close)
	return fake
}

func say(ctx context.Context, model anthropic.Client) error {
	_, err := model.Messages.New(ctx, anthropic.MessageNewParams{
		Model: "claude-haiku-4-5", MaxTokens: 64, Messages: []anthropic.MessageParam{anthropic.NewUserMessage(anthropic.NewTextBlock("hello"))},
	})
	return err
}

func onlyCall(t *testing.T, rec *sentrialtest.Recorder) types.LLMCall {
	t.Helper()
	calls := rec.LLMCalls()
	if len(calls) != 1 {
		t.Fatalf("%d calls of a model, want 1:\n%s", len(calls), rec.Timeline())
	}
	return calls[0]
}

func TestKeysAreNotRecorded(t *testing.T) {
	rec, fake := sentrialtest.New(t), serve(t, nil)
	model := newClient(fake.URL(), sentrialanthropic.WithTracking(rec.Client()))
	if err := rec.Client().Run(t.Context(), "keys", func(ctx context.Context) error { return say(ctx, model) }); err != nil {
		t.Fatal(err)
	}
	if key := fake.Requests()[0].Header.Get("X-Api-Key"); key != "sk-secret" {
		t.Errorf("sent with the key %q, want sk-secret", key)
	}
	rec.WantLLMCalls(1)
	recorded, err := json.Marshal(rec.Events())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(recorded), "sk-secret") {
		t.Errorf("the key was recorded: %s", recorded)
	}
}

func TestWithSessionIsForCallsWithoutOne(t *testing.T) {
	rec, fake := sentrialtest.New(t), serve(t, nil)
	_, session := rec.Client().CreateSession(t.Context(), "fallback")
	model := newClient(fake.URL(), sentrialanthropic.WithTracking(rec.Client(), sentrialanthropic.WithSession(session)))
	if err := say(t.Context(), model); err != nil {
		t.Fatal(err)
	}
	session.Close(t.Context(), types.SessionResult{})
	rec.In("fallback").WantModels("claude-haiku-4-5")
}

// The tool runner, and all that is in beta, asks by a service of its own and with ?beta=true.
func TestBetaMessages(t *testing.T) {
	rec, fake := sentrialtest.New(t), serve(t, nil)
	model := newClient(fake.URL(), sentrialanthropic.WithTracking(rec.Client()))
	if err := rec.Client().Run(t.Context(), "beta", func(ctx context.Context) error {
		_, err := model.Beta.Messages.New(ctx, anthropic.BetaMessageNewParams{
			Model: "claude-haiku-4-5", MaxTokens: 64,
			Messages: []anthropic.BetaMessageParam{anthropic.NewBetaUserMessage(anthropic.NewBetaTextBlock("hello"))},
		})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	rec.WantModels("claude-haiku-4-5")
}
