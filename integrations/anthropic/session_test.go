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

func serve(t *testing.T) *fakellm.Server {
	t.Helper()
	fake, err := fakellm.Start()
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

func TestKeysAreNotRecorded(t *testing.T) {
	rec, fake := sentrialtest.New(t), serve(t)
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
	rec, fake := sentrialtest.New(t), serve(t)
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
	rec, fake := sentrialtest.New(t), serve(t)
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
