package langchaingo

import (
	"context"

	"github.com/tmc/langchaingo/llms"

	"github.com/sentrial/sentrial-go/types"
)

// reasoning is what a wrapped llms.ReasoningModel has besides.
type reasoning struct{ model llms.ReasoningModel }

// SupportsReasoning asks the wrapped model.
func (r reasoning) SupportsReasoning() bool { return r.model.SupportsReasoning() }

// embedder is embeddings.EmbedderClient, whose package would bring more along.
type embedder interface {
	CreateEmbedding(ctx context.Context, texts []string) ([][]float32, error)
}

// embedding is what a wrapped embedder has besides.
type embedding struct {
	m     *model
	inner embedder
}

// CreateEmbedding asks the wrapped model. The texts are recorded, the vectors are not.
func (e *embedding) CreateEmbedding(ctx context.Context, texts []string) ([][]float32, error) {
	if ctx == nil {
		ctx = context.Background()
	}
	within, call := e.m.handler.recorder.LLM(ctx, types.LLMCall{Operation: "embeddings", Provider: e.m.provider, Messages: inputsOf(texts)})
	defer call.End(errGone)
	vectors, err := e.inner.CreateEmbedding(within, texts)
	if len(vectors) > 0 {
		call.Metadata = map[string]any{"embeddings": len(vectors), "dimensions": len(vectors[0])}
	}
	call.End(err)
	return vectors, err
}

func inputsOf(texts []string) []types.Message {
	message := types.Message{Role: "user"}
	for _, t := range texts {
		message.Parts = append(message.Parts, types.Part{Type: types.PartText, Content: t})
	}
	return []types.Message{message}
}
