package pricing

import (
	"slices"
	"strings"
)

// A place is where a model is called. A provider of the table is a place of its own name; these are the others.
const (
	anywhere = ""        // nobody says
	gateway  = "gateway" // whoever passes calls on at the maker's price, or speaks the wire of OpenAI: any name that is not known here, too
	nowhere  = "local"   // a machine of your own, which takes no money for a token
)

// places are the names of providers that conventions and SDKs use, in lower case.
var places = map[string]string{
	"openai": "openai", "anthropic": "anthropic", "cohere": "cohere", "deepseek": "deepseek", "groq": "groq", "perplexity": "perplexity",
	"gemini": "gemini", "gcp.gemini": "gemini", "gcp.gen_ai": "gemini", "google": "gemini", "google_genai": "gemini", "google_ai": "gemini", "googleai": "gemini", "google-generative-ai": "gemini",
	"mistral": "mistral", "mistral_ai": "mistral", "mistralai": "mistral",
	"xai": "xai", "x_ai": "xai", "x-ai": "xai",
	"moonshot": "moonshot", "moonshotai": "moonshot", "moonshot_ai": "moonshot",
	"azure": "azure", "azure.ai.openai": "azure", "az.ai.openai": "azure", "azure.ai.inference": "azure", "az.ai.inference": "azure", "azure_openai": "azure", "azure-openai": "azure", "azure_ai": "azure",
	"bedrock": "bedrock", "aws.bedrock": "bedrock", "aws_bedrock": "bedrock", "amazon_bedrock": "bedrock", "amazon-bedrock": "bedrock", "aws": "bedrock",
	"vertex": "vertex", "gcp.vertex_ai": "vertex", "vertex_ai": "vertex", "vertexai": "vertex", "google_vertexai": "vertex", "google-vertex": "vertex",
	"ollama": nowhere, "vllm": nowhere, "lmstudio": nowhere, "lm_studio": nowhere, "lm-studio": nowhere, "llamacpp": nowhere, "llama.cpp": nowhere, "llama-cpp": nowhere, "llama_cpp": nowhere, "sglang": nowhere, "localai": nowhere, "llamafile": nowhere,
	"gateway": gateway, "local": nowhere,
}

// clouds sell the models of these at the makers' list prices.
var clouds = map[string][]string{
	"azure":   {"openai"},
	"bedrock": {"anthropic"},
	"vertex":  {"gemini", "anthropic"},
}

// makers have prices for their own models, which a gateway passes on. groq is none of them, it serves models of others.
var makers = []string{"anthropic", "cohere", "deepseek", "gemini", "mistral", "moonshot", "openai", "perplexity", "xai"}

// open are the beginnings of names of models that anyone may serve, at any price or on a machine of his own: the price of one provider says nothing of another's.
var open = []string{
	"codellama-", "codestral-mamba", "command-", "deepseek-coder", "deepseek-r", "deepseek-v", "devstral-small", "gemini-gemma-", "gemma-", "glm-", "gpt-oss", "grok-2",
	"kimi-k", "labs-", "llama-", "magistral-small", "meta-llama/", "ministral-", "mistral-7b", "mistral-large-2512", "mistral-large-3", "mistral-small", "mixtral-",
	"moonshotai/", "open-", "openai/gpt-oss", "pixtral-12b", "qwen/", "zai-",
}

// providerOf gives the name that the table uses for a provider, which people write in any case.
func providerOf(name string) string {
	name = strings.ToLower(name)
	if place, ok := places[name]; ok {
		return place
	}
	return name
}

// holdsAt tells whether the price of m is that of the place: of its own provider, of a cloud that takes the same, or of a gateway to a model that its maker alone serves.
func (m *Model) holdsAt(place string) bool {
	switch {
	case place == anywhere, m.Provider == anywhere, place == m.Provider:
		return true
	case place == nowhere:
		return false
	case clouds[place] != nil:
		return slices.Contains(clouds[place], m.Provider) && !m.open()
	case place != "openai" && (place == "groq" || slices.Contains(makers, place)):
		return false
	}
	return slices.Contains(makers, m.Provider) && !m.open()
}

func (m *Model) open() bool {
	return slices.ContainsFunc(open, func(beginning string) bool { return strings.HasPrefix(m.Name, beginning) })
}
