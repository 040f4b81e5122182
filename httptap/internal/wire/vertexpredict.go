package wire

import (
	"net/url"
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

// vertexPredict makes vectors at Vertex AI, by the path that its older models of all kinds have.
var vertexPredict = &Wire{
	name: "vertex.predict", provider: "gcp.vertex_ai", operation: "embeddings", vectors: true,
	matches: func(path string) bool {
		_, model, ok := strings.Cut(path, "/publishers/google/models/")
		return ok && strings.Contains(model, "embedding") && strings.HasSuffix(model, ":predict")
	},
	request: func(u *url.URL, o value, call *types.LLMCall) {
		call.Model = pathModel(u)
		for _, instance := range o.pick("instances").items {
			if parts := textParts(instance.text("content", "text")); parts != nil {
				say(call, "user", parts)
			}
			parameter(call, "task_type", plainParameter("", instance.pick("task_type", "taskType")))
		}
		parameter(call, "dimensions", plainParameter("", o.object("parameters").pick("outputDimensionality", "dimension")))
	},
	answer: func(s *said, o value) {
		for _, p := range o.pick("predictions").items {
			n := p.object("embeddings").object("statistics").number("token_count")
			s.usage.PromptTokens, s.usage.TotalTokens = s.usage.PromptTokens+n, s.usage.TotalTokens+n
		}
	},
}
