package wire

import (
	"net/url"

	"github.com/sentrial/sentrial-go/types"
)

// openaiCompletions is the API before chat: a text goes on. Mistral's for code, and its agents, have the same end of their path.
var openaiCompletions = &Wire{
	name: "openai.completions", provider: "openai", operation: "text_completion", paths: []string{"/completions"},
	request: func(u *url.URL, o value, call *types.LLMCall) {
		call.Model = openaiModel(u, o)
		if o.pick("messages").There() {
			call.Operation = ""
			chatMessages(call, o)
			tools(call, o, "tools")
		} else if parts := texts(o.pick("prompt")); parts != nil {
			say(call, "user", parts)
		}
		parameters(call, o)
	},
	answer: readChat,
}

// openaiEmbeddings makes vectors of texts.
var openaiEmbeddings = &Wire{
	name: "openai.embeddings", provider: "openai", operation: "embeddings", paths: []string{"/embeddings"}, vectors: true,
	request: func(u *url.URL, o value, call *types.LLMCall) {
		call.Model = openaiModel(u, o)
		if parts := texts(o.pick("input")); parts != nil {
			say(call, "user", parts)
		}
		parameters(call, o)
	},
	answer: func(s *said, o value) {
		s.about(o.pick("id"), o.pick("model"))
		readOpenaiUsage(s, o.object("usage"))
	},
}
