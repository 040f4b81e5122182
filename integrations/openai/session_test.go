package openai_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/openai/openai-go/v3"

	"github.com/sentrial/sentrial-go"
	sentrialopenai "github.com/sentrial/sentrial-go/integrations/openai"
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

func inSession(t *testing.T, rec *sentrialtest.Recorder, fn func(context.Context) error) {
	t.Helper()
	if err := rec.Client().Run(t.Context(), t.Name(), fn); err != nil {
		t.Fatal(err)
	}
}

func say(ctx context.Context, model openai.Client, name string) error {
	_, err := model.Chat.Completions.New(ctx, openai.ChatCompletionNewParams{
		Model: name, Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage("hello")},
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

func wantNoSecret(t *testing.T, rec *sentrialtest.Recorder, secret string) {
	t.Helper()
	recorded, err := json.Marshal(rec.Events())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(recorded), secret) {
		t.Errorf("the key was recorded: %s", recorded)
	}
}

func TestKeysAreNotRecorded(t *testing.T) {
	rec, fake := sentrialtest.New(t), serve(t, nil)
	model := newClient(fake.URL(), sentrialopenai.WithTracking(rec.Client()))
	inSession(t, rec, func(ctx context.Context) error { return say(ctx, model, "gpt-4o-mini") })
	onlyCall(t, rec)
	wantNoSecret(t, rec, "sk-secret")
}

func TestWithSessionIsForCallsWithoutOne(t *testing.T) {
	rec, fake := sentrialtest.New(t), serve(t, nil)
	_, session := rec.Client().CreateSession(t.Context(), "fallback")
	model := newClient(fake.URL(), sentrialopenai.WithTracking(rec.Client(), sentrialopenai.WithSession(session)))
	if err := say(t.Context(), model, "gpt-4o-mini"); err != nil {
		t.Fatal(err)
	}
	inSession(t, rec, func(ctx context.Context) error { return say(ctx, model, "gpt-4o") })
	session.Close(t.Context(), types.SessionResult{})
	rec.In("fallback").WantModels("gpt-4o-mini")
	rec.In(t.Name()).WantModels("gpt-4o")
}

func TestWithoutASessionNothingIsRecorded(t *testing.T) {
	client, err := sentrial.New(sentrial.WithAPIURL("http://127.0.0.1:1"))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close(t.Context())
	fake := serve(t, nil)
	if err := say(t.Context(), newClient(fake.URL(), sentrialopenai.WithTracking(client)), "gpt-4o-mini"); err != nil {
		t.Fatal(err)
	}
	if stats := client.Stats(); stats.Unsessioned != 1 || stats.Accepted != 0 {
		t.Errorf("%d unsessioned and %d accepted, want 1 and 0", stats.Unsessioned, stats.Accepted)
	}
}

func TestTheCaptureLimitKeepsTheTokens(t *testing.T) {
	long := strings.Repeat("word ", 2000)
	rec, fake := sentrialtest.New(t), serve(t, func(fakellm.Request) fakellm.Reply {
		return fakellm.Reply{Text: long, Usage: types.Usage{PromptTokens: 3, CompletionTokens: 2000}}
	})
	model := newClient(fake.URL(), sentrialopenai.WithTracking(rec.Client(), sentrialopenai.WithCaptureLimit(100)))
	inSession(t, rec, func(ctx context.Context) error { return say(ctx, model, "gpt-4o-mini") })
	call := onlyCall(t, rec)
	if call.Usage.CompletionTokens != 2000 {
		t.Errorf("%d tokens, want 2000", call.Usage.CompletionTokens)
	}
	if recorded := asText(call.OutputMessages); len(recorded) > 1000 {
		t.Errorf("%d bytes of the answer were recorded, want about 100", len(recorded))
	}
}
