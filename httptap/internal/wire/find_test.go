package wire_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/sentrial/sentrial-go/httptap/internal/wire"
)

func find(t testing.TB, at string) *wire.Wire {
	t.Helper()
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	w := wire.Find(http.MethodPost, u)
	if w == nil {
		t.Fatalf("%s is no call of a model", at)
	}
	return w
}

// Paths tell the wires apart and hosts the providers, whatever base path stands before.
func TestFind(t *testing.T) {
	for at, want := range map[string][2]string{
		"https://api.openai.com/v1/chat/completions":                                                                           {"openai.chat", "openai"},
		"https://api.openai.com/v1/chat/completions/":                                                                          {"openai.chat", "openai"},
		"https://api.openai.com/v1/completions":                                                                                {"openai.completions", "openai"},
		"https://api.openai.com/v1/responses":                                                                                  {"openai.responses", "openai"},
		"https://api.openai.com/v1/responses/compact":                                                                          {"openai.responses", "openai"},
		"https://api.openai.com/v1/embeddings":                                                                                 {"openai.embeddings", "openai"},
		"https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21":                              {"openai.chat", "azure.ai.openai"},
		"https://x.openai.azure.com/openai/deployments/d/embeddings?api-version=2024-10-21":                                    {"openai.embeddings", "azure.ai.openai"},
		"https://x.openai.azure.com/openai/v1/responses":                                                                       {"openai.responses", "azure.ai.openai"},
		"https://api.groq.com/openai/v1/chat/completions":                                                                      {"openai.chat", "groq"},
		"https://api.mistral.ai/v1/fim/completions":                                                                            {"openai.completions", "mistral_ai"},
		"https://api.deepseek.com/chat/completions":                                                                            {"openai.chat", "deepseek"},
		"https://API.X.AI/v1/chat/completions":                                                                                 {"openai.chat", "x_ai"},
		"https://openrouter.ai/api/v1/embeddings":                                                                              {"openai.embeddings", "openrouter"},
		"http://localhost:8000/proxy/team-a/v1/chat/completions":                                                               {"openai.chat", "openai"},
		"https://generativelanguage.googleapis.com/v1beta/openai/chat/completions":                                             {"openai.chat", "gcp.gemini"},
		"https://api.anthropic.com/v1/messages?beta=true":                                                                      {"anthropic.messages", "anthropic"},
		"http://[::1]:9000/gateway/anthropic/v1/messages":                                                                      {"anthropic.messages", "anthropic"},
		"https://aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/anthropic/models/claude-x@20250929:rawPredict": {"anthropic.messages", "gcp.vertex_ai"},
		"https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent":                             {"gemini.generate_content", "gcp.gemini"},
		"https://us-central1-aiplatform.googleapis.com:443/v1/p/models/g:streamGenerateContent?alt=sse":                        {"gemini.generate_content", "gcp.vertex_ai"},
		"https://generativelanguage.googleapis.com/v1beta/models/e:embedContent":                                               {"gemini.embed_content", "gcp.gemini"},
		"https://aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/google/models/gemini-embedding-001:predict":    {"vertex.predict", "gcp.vertex_ai"},
		"http://127.0.0.1:11434/api/chat":                                                                                      {"ollama.chat", "ollama"},
		"http://127.0.0.1:11434/api/generate":                                                                                  {"ollama.generate", "ollama"},
		"http://127.0.0.1:11434/api/embed":                                                                                     {"ollama.embed", "ollama"},
		"http://127.0.0.1:11434/api/embeddings":                                                                                {"ollama.embed", "ollama"},
	} {
		u, err := url.Parse(at)
		if err != nil {
			t.Fatal(err)
		}
		w := wire.Find(http.MethodPost, u)
		if w == nil {
			t.Errorf("%s is no call of a model", at)
			continue
		}
		if got := [2]string{w.Name(), w.Provider(u.Host)}; got != want {
			t.Errorf("%s: got %v, want %v", at, got, want)
		}
	}
}

func TestFindNothing(t *testing.T) {
	for _, at := range []string{
		"https://api.openai.com/v1/models", "https://api.openai.com/v1/responses/resp_1/cancel", "https://api.openai.com/v1/audio/speech", "https://api.anthropic.com/v1/messages/count_tokens",
		"https://api.anthropic.com/v1/messages/batches", "https://bedrock-runtime.us-east-1.amazonaws.com/model/anthropic.claude-x/invoke", "https://example.com/",
		"https://generativelanguage.googleapis.com/v1beta/models/g:countTokens", "http://127.0.0.1:11434/api/tags",
		"https://aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/mistralai/models/m:rawPredict",
		"https://aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/anthropic/models/count-tokens:rawPredict",
		"https://aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/google/models/imagen-4:predict",
		"https://aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/google/models/gemini-2.5-flash:computeTokens",
		"https://api.openai.com/v1/responses/input_tokens", "https://api.openai.com/v1/chat/completions/chatcmpl-1", "https://api.openai.com/v1/batches",
		"https://api.anthropic.com/v1/messages/batches/msgbatch_1/cancel", "https://generativelanguage.googleapis.com/v1beta/models/g:batchGenerateContent",
		"http://127.0.0.1:11434/api/pull", "http://127.0.0.1:11434/api/show",
	} {
		u, err := url.Parse(at)
		if err != nil {
			t.Fatal(err)
		}
		if w := wire.Find(http.MethodPost, u); w != nil {
			t.Errorf("%s is %s", at, w.Name())
		}
	}
	u, _ := url.Parse("https://api.openai.com/v1/responses")
	if wire.Find(http.MethodGet, u) != nil || wire.Find(http.MethodPost, nil) != nil {
		t.Error("what is no POST is a call of a model")
	}
}
