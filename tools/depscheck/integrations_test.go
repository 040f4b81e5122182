package main

import (
	"strings"
	"testing"
)

func TestWhatBelongsToAnotherIntegrationIsReported(t *testing.T) {
	const module = "integrations/genai"
	fine := []string{"fmt", "google.golang.org/genai", "google.golang.org/genai/x", "github.com/sentrial/sentrial-go/integrations/genai", "github.com/openai/openai-gox"}
	if got := foreign(module, fine); len(got) != 0 {
		t.Errorf("foreign = %q, want nothing", got)
	}
	for _, pkg := range []string{"github.com/openai/openai-go/v3/option", "github.com/tmc/langchaingo", "github.com/sentrial/sentrial-go/integrations/mcp"} {
		if got := foreign(module, append(fine, pkg)); len(got) != 1 || !strings.Contains(got[0], pkg) {
			t.Errorf("foreign(%s) = %q, want it reported", pkg, got)
		}
	}
	if got := foreign("integrations/new", nil); len(got) != 1 || !strings.Contains(got[0], "integrations/new") {
		t.Errorf("foreign of an unknown module = %q, want it reported", got)
	}
}
