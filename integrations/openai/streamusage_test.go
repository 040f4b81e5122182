package openai_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	sentrialopenai "github.com/sentrial/sentrial-go/integrations/openai"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
)

func streamed(ctx context.Context, model openai.Client, options openai.ChatCompletionStreamOptionsParam) error {
	stream := model.Chat.Completions.NewStreaming(ctx, openai.ChatCompletionNewParams{
		Model: "gpt-4o-mini", Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage("hello")}, StreamOptions: options,
	})
	defer stream.Close()
	for stream.Next() {
	}
	return stream.Err()
}

// options gives what a request says of stream_options.
func options(t *testing.T, request fakellm.Request) string {
	t.Helper()
	var body struct {
		StreamOptions json.RawMessage `json:"stream_options"`
	}
	if err := json.Unmarshal(request.Body, &body); err != nil {
		t.Fatal(err)
	}
	return string(body.StreamOptions)
}

func TestStreamUsage(t *testing.T) {
	var none openai.ChatCompletionStreamOptionsParam
	declined := openai.ChatCompletionStreamOptionsParam{IncludeUsage: openai.Bool(false)}
	for name, test := range map[string]struct {
		with   []option.RequestOption
		set    openai.ChatCompletionStreamOptionsParam
		sent   string
		tokens bool
	}{
		"nobody asks":             {set: none, sent: "", tokens: false},
		"the option asks":         {with: []option.RequestOption{sentrialopenai.WithStreamUsage()}, set: none, sent: `{"include_usage":true}`, tokens: true},
		"the program counts more": {with: []option.RequestOption{sentrialopenai.WithStreamUsage()}, set: declined, sent: `{"include_usage":false}`, tokens: false},
	} {
		t.Run(name, func(t *testing.T) {
			rec, fake := sentrialtest.New(t), serve(t, nil)
			model := newClient(fake.URL(), append(test.with, sentrialopenai.WithTracking(rec.Client()))...)
			inSession(t, rec, func(ctx context.Context) error { return streamed(ctx, model, test.set) })
			if sent := options(t, fake.Requests()[0]); sent != test.sent {
				t.Errorf("sent stream_options %s, want %s", sent, test.sent)
			}
			if call := onlyCall(t, rec); (call.Usage.CompletionTokens > 0) != test.tokens {
				t.Errorf("recorded %+v, want tokens: %v", call.Usage, test.tokens)
			}
		})
	}
}

// What is no stream of chat completions is sent as it is, whatever the client's options.
func TestStreamUsageLeavesOtherRequestsAlone(t *testing.T) {
	fake := serve(t, nil)
	plain, asking := newClient(fake.URL()), newClient(fake.URL(), sentrialopenai.WithStreamUsage())
	for _, model := range []openai.Client{plain, asking} {
		if err := say(t.Context(), model, "gpt-4o-mini"); err != nil {
			t.Fatal(err)
		}
		if _, err := model.Embeddings.New(t.Context(), openai.EmbeddingNewParams{
			Model: "text-embedding-3-small", Input: openai.EmbeddingNewParamsInputUnion{OfString: openai.String("text")},
		}); err != nil {
			t.Fatal(err)
		}
	}
	requests := fake.Requests()
	for i := range 2 {
		if string(requests[i].Body) != string(requests[i+2].Body) {
			t.Errorf("sent %s, want %s", requests[i+2].Body, requests[i].Body)
		}
	}
}
