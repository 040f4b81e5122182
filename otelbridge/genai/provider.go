package genai

import (
	"cmp"
	"slices"
	"strings"
)

// provider gives the provider of a model in the words of gen_ai.provider.name. Some write the framework there.
func (r *reading) provider() string {
	named := providerName(r.text(fieldProvider))
	if named != "" && !frameworks[named] {
		return named
	}
	served, asked := r.model()
	return cmp.Or(providerOfHost(textOf(r.facts["server.address"])), providerOfModel(cmp.Or(served, asked)), named)
}

// frameworks are names of frameworks that stand where the provider's should.
var frameworks = map[string]bool{
	"langchain": true, "strands-agents": true, "gcp.vertex.agent": true, "llamaindex": true, "crewai": true, "spring_ai": true, "autogen": true, "semantic-kernel": true,
	"pydantic_ai": true, "google_adk": true, "haystack": true, "unknown": true, "_other": true,
}

// providerAliases are other names of providers that the conventions have a name for.
var providerAliases = map[string]string{
	"vertex_ai": "gcp.vertex_ai", "vertexai": "gcp.vertex_ai", "google-vertex": "gcp.vertex_ai", "google_vertexai": "gcp.vertex_ai", "vertex": "gcp.vertex_ai",
	"gemini": "gcp.gemini", "google": "gcp.gemini", "googleai": "gcp.gemini", "google_genai": "gcp.gemini", "google-generative-ai": "gcp.gemini",
	"az.ai.openai": "azure.ai.openai", "azure": "azure.ai.openai", "azure-openai": "azure.ai.openai", "azure_openai": "azure.ai.openai",
	"az.ai.inference": "azure.ai.inference",
	"xai":             "x_ai", "mistral": "mistral_ai", "mistralai": "mistral_ai",
	"bedrock": "aws.bedrock", "amazon-bedrock": "aws.bedrock", "aws_bedrock": "aws.bedrock", "aws": "aws.bedrock",
	"watsonx": "ibm.watsonx.ai", "moonshot": "moonshot_ai", "moonshotai": "moonshot_ai",
}

// dotted are the first words of providers that have a dot in their name; behind others a dot begins the name of an API, as in openai.chat and azure.responses.
var dotted = []string{"aws.", "azure.ai.", "gcp.", "ibm."}

func providerName(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if alias := providerAliases[s]; alias != "" {
		return alias
	}
	if of := providerOfHost(s); of != "" {
		return of
	}
	for _, prefix := range dotted {
		if strings.HasPrefix(s, prefix) {
			return s
		}
	}
	if strings.HasPrefix(s, "google.vertex") {
		return "gcp.vertex_ai"
	}
	head, _, _ := strings.Cut(s, ".")
	return cmp.Or(providerAliases[head], head)
}

// families of models, for spans that do not say whose they are.
var modelPrefixes = []struct{ prefix, provider string }{
	{"gpt-", "openai"},
	{"o1", "openai"},
	{"o3", "openai"},
	{"o4", "openai"},
	{"chatgpt-", "openai"},
	{"text-embedding-0", "gcp.gemini"}, // 004, 005: OpenAI's have words there
	{"text-embedding-", "openai"},
	{"claude-", "anthropic"},
	{"gemini-", "gcp.gemini"},
	{"mistral-", "mistral_ai"},
	{"command-", "cohere"},
	{"deepseek-", "deepseek"},
	{"grok-", "x_ai"},
	{"sonar", "perplexity"},
	{"kimi-", "moonshot_ai"},
}

// modelPaths are first words of models' paths that are no providers.
var modelPaths = []string{"models", "publishers", "projects", "accounts", "deployments", "endpoints"}

func providerOfModel(model string) string {
	model = strings.ToLower(model)
	if head, _, ok := strings.Cut(model, "/"); ok && !slices.Contains(modelPaths, head) {
		return providerName(head)
	}
	model = model[strings.LastIndexByte(model, '/')+1:]
	if bedrockModel(model) {
		return "aws.bedrock"
	}
	for _, m := range modelPrefixes {
		if strings.HasPrefix(model, m.prefix) {
			return m.provider
		}
	}
	return ""
}

// bedrockVendors are the first words of the names of models at Bedrock, before which a region may stand: eu.anthropic.claude-…
var bedrockVendors = []string{"anthropic", "amazon", "meta", "mistral", "cohere", "ai21", "deepseek", "openai", "qwen", "writer", "stability"}

func bedrockModel(model string) bool {
	words := strings.SplitN(model, ".", 3)
	if len(words) > 2 && slices.Contains([]string{"us", "eu", "apac", "jp", "au", "ca", "global", "us-gov"}, words[0]) {
		words = words[1:]
	}
	return len(words) > 1 && slices.Contains(bedrockVendors, words[0])
}
