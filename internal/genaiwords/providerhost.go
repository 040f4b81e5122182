package genaiwords

import "strings"

// hosts are ends of names of hosts, and whose they are.
var hosts = []struct{ end, provider string }{
	{"api.openai.com", "openai"},
	{".openai.azure.com", "azure.ai.openai"},
	{".services.ai.azure.com", "azure.ai.inference"},
	{".models.ai.azure.com", "azure.ai.inference"},
	{"api.anthropic.com", "anthropic"},
	{"generativelanguage.googleapis.com", "gcp.gemini"},
	{"aiplatform.googleapis.com", "gcp.vertex_ai"},
	{"api.groq.com", "groq"},
	{"api.mistral.ai", "mistral_ai"},
	{"api.deepseek.com", "deepseek"},
	{"api.x.ai", "x_ai"},
	{"api.perplexity.ai", "perplexity"},
	{"api.cohere.com", "cohere"},
	{"api.cohere.ai", "cohere"},
	{"api.moonshot.ai", "moonshot_ai"},
	{"api.moonshot.cn", "moonshot_ai"},
	{"openrouter.ai", "openrouter"},
	{"api.together.xyz", "together"},
	{"api.fireworks.ai", "fireworks"},
}

// ProviderOfHost gives the provider whose host it is; "" when that is not known.
func ProviderOfHost(host string) string {
	host = strings.ToLower(host)
	if strings.HasPrefix(host, "bedrock") && strings.HasSuffix(host, ".amazonaws.com") {
		return "aws.bedrock"
	}
	for _, h := range hosts {
		if strings.HasSuffix(host, h.end) {
			return h.provider
		}
	}
	return ""
}
