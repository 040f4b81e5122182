package wire

import (
	"net/url"

	"github.com/sentrial/sentrial-go/types"
)

// ollamaChat is Ollama's own API, beside which it speaks OpenAI's. It streams where nothing is said.
var ollamaChat = &Wire{
	name: "ollama.chat", provider: "ollama", paths: []string{"/api/chat"},
	request: func(_ *url.URL, o value, call *types.LLMCall) {
		call.Model = o.text("model")
		for _, m := range o.pick("messages").items {
			if m.Kind() == '{' {
				call.Messages = append(call.Messages, ollamaMessage(m))
			}
		}
		tools(call, o, "tools")
		ollamaParameters(call, o, true)
	},
	answer: readOllama,
}

// ollamaGenerate goes on with a text.
var ollamaGenerate = &Wire{
	name: "ollama.generate", provider: "ollama", operation: "text_completion", paths: []string{"/api/generate"},
	request: func(_ *url.URL, o value, call *types.LLMCall) {
		call.Model = o.text("model")
		system(call, textParts(o.text("system")))
		if parts := append(textParts(o.text("prompt")), ollamaImages(o)...); parts != nil {
			say(call, "user", parts)
		}
		ollamaParameters(call, o, true)
	},
	answer: readOllama,
}

// ollamaEmbed makes vectors of texts, the second path of one alone.
var ollamaEmbed = &Wire{
	name: "ollama.embed", provider: "ollama", operation: "embeddings", paths: []string{"/api/embed", "/api/embeddings"}, vectors: true,
	request: func(_ *url.URL, o value, call *types.LLMCall) {
		call.Model = o.text("model")
		if parts := texts(o.pick("input", "prompt")); parts != nil {
			say(call, "user", parts)
		}
		ollamaParameters(call, o, false)
	},
	answer: readOllama,
}

func ollamaMessage(o value) types.Message {
	m := chatMessage(o)
	if m.Role == "tool" && m.Parts[0].Name == "" {
		m.Parts[0].Name = o.text("tool_name")
	}
	m.Parts = append(m.Parts, ollamaImages(o)...)
	return m
}

func ollamaImages(o value) (parts []types.Part) {
	for _, item := range o.pick("images").items {
		if data, ok := item.Text(); ok {
			parts = append(parts, blobPart("image", "", data))
		}
	}
	return parts
}

func ollamaParameters(call *types.LLMCall, o value, streams bool) {
	options := o.object("options")
	parameter(call, "max_tokens", plainParameter("", options.pick("num_predict")))
	parameters(call, options, "num_predict")
	if format, ok := o.pick("format").Text(); ok {
		parameter(call, "response_format", format)
	} else if o.object("format").There() {
		parameter(call, "response_format", "json_schema")
	}
	parameters(call, o, "options", "format")
	if streams && !o.pick("stream").There() {
		parameter(call, "stream", true)
	}
}
