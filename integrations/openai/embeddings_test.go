package openai_test

import (
	"context"
	"strings"
	"testing"

	"github.com/openai/openai-go/v3"

	sentrialopenai "github.com/sentrial/sentrial-go/integrations/openai"
	"github.com/sentrial/sentrial-go/sentrialtest"
)

func TestEmbeddings(t *testing.T) {
	rec, fake := sentrialtest.New(t), serve(t, nil)
	model := newClient(fake.URL(), sentrialopenai.WithTracking(rec.Client()))
	inSession(t, rec, func(ctx context.Context) error {
		_, err := model.Embeddings.New(ctx, openai.EmbeddingNewParams{
			Model: "text-embedding-3-small", Input: openai.EmbeddingNewParamsInputUnion{OfArrayOfStrings: []string{"one text", "another text"}},
		})
		return err
	})
	call := onlyCall(t, rec)
	if call.Operation != "embeddings" || call.Model != "text-embedding-3-small" || call.Provider != "openai" {
		t.Errorf("operation %q of model %q by %q, want embeddings of text-embedding-3-small by openai", call.Operation, call.Model, call.Provider)
	}
	if call.Usage.PromptTokens == 0 {
		t.Error("no prompt tokens, want some")
	}
	if asked := asText(call.Messages) + call.Prompt; !strings.Contains(asked, "one text") || !strings.Contains(asked, "another text") {
		t.Errorf("asked %s, want both texts", asked)
	}
}
