package pricing

import "strings"

// prefix is what stands before a model's name, and who serves the model then, in the words of places.go.
type prefix struct{ text, place string }

// prefixes are all that are taken off a name, one after another. Those of catalogues (OpenRouter, LiteLLM, Hugging Face) name who made a model, not who serves it.
var prefixes = []prefix{
	// gateways
	{"openrouter/", gateway},
	{"litellm_proxy/", gateway},
	{"litellm/", gateway},
	{"vercel/", gateway},
	// makers in the names of catalogues
	{"openai/", gateway},
	{"anthropic/", gateway},
	{"google/", gateway},
	{"mistralai/", gateway},
	{"x-ai/", gateway},
	{"deepseek/", gateway},
	{"cohere/", gateway},
	{"moonshotai/", gateway},
	{"perplexity/", gateway},
	// who serves the model
	{"azure/", "azure"},
	{"azure_ai/", "azure"},
	{"gemini/", "gemini"},
	{"models/", "gemini"},
	{"mistral/", "mistral"},
	{"xai/", "xai"},
	{"groq/", "groq"},
	{"moonshot/", "moonshot"},
	{"vertex_ai/", "vertex"},
	{"publishers/google/models/", "vertex"},
	{"publishers/anthropic/models/", "vertex"},
	{"bedrock/", "bedrock"},
	{"converse/", "bedrock"},
	{"us.anthropic.", "bedrock"},
	{"eu.anthropic.", "bedrock"},
	{"apac.anthropic.", "bedrock"},
	{"au.anthropic.", "bedrock"},
	{"jp.anthropic.", "bedrock"},
	{"global.anthropic.", "bedrock"},
	{"anthropic.", "bedrock"},
}

// maxPrefixes is how many stand before one another in any name there is: openrouter/ and openai/, say.
const maxPrefixes = 3

// withoutPrefix takes one prefix off a name.
func withoutPrefix(name string) (rest, place string, ok bool) {
	for _, p := range prefixes {
		if rest, ok := strings.CutPrefix(name, p.text); ok && rest != "" {
			return rest, p.place, true
		}
	}
	return name, "", false
}
