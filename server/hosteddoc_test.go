package server_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/sentrial/sentrial-go/server"
)

// TestTheDocumentNamesEverything: a name that means something on the hosted wire stands in its document.
func TestTheDocumentNamesEverything(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "docs", "hosted-wire.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Concat(server.FactNames(), server.HostedFields(), []string{"/api/sdk/sessions", "/api/sdk/events", "Sentrial-Client", "X-Sentrial-Project"}) {
		if !regexp.MustCompile(`(^|[^a-zA-Z_])` + name + `([^a-zA-Z_]|$)`).Match(text) {
			t.Errorf("docs/hosted-wire.md does not tell of %s", name)
		}
	}
}
