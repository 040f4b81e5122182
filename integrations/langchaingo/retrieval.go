package langchaingo

import (
	"context"

	"github.com/tmc/langchaingo/schema"

	"github.com/sentrial/sentrial-go/types"
)

// HandleRetrieverStart begins a step that looks for documents.
func (h *Handler) HandleRetrieverStart(ctx context.Context, query string) {
	h.told(ctx, func(ctx context.Context, now spot) {
		h.settle(now, aRetrieval, ending{fine: true})
		h.verbose.begins("retriever", query)
		h.beginStep(ctx, now, aRetrieval, types.Step{Name: "retriever", Kind: "retrieval", Input: query}, false)
	})
}

// HandleRetrieverEnd ends the step with what was found.
func (h *Handler) HandleRetrieverEnd(ctx context.Context, _ string, documents []schema.Document) {
	h.told(ctx, func(ctx context.Context, now spot) {
		h.settle(now, none, ending{fine: true})
		o := h.take(now, aRetrieval)
		if o == nil {
			return
		}
		defer o.leave()
		h.verbose.found(len(documents))
		o.step.Output = documentsOf(documents)
		o.step.End(nil)
	})
}

func documentsOf(documents []schema.Document) any {
	found := make([]map[string]any, len(documents))
	for i, d := range documents {
		found[i] = map[string]any{"content": d.PageContent, "score": d.Score}
		if len(d.Metadata) > 0 {
			found[i]["metadata"] = d.Metadata
		}
	}
	return found
}
