package sentrial_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// surroundings make a program of a README snippet that is not one: what the snippet uses without saying where it comes from.
const surroundings = `package snippet

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

type reply struct {
	Text    string
	In, Out int
}

type chat interface {
	Complete(ctx context.Context, prompt string) (reply, error)
	Stream(ctx context.Context, prompt string) <-chan string
}

var (
	ctx      context.Context
	client   *sentrial.Client
	model    chat
	question string
	request  *http.Request
	searchKB func(context.Context, string) ([]string, error)
	answer   func(context.Context, *sentrial.Client, string)
)

func use(...any) {}

var _ = func() { use(types.Event{}, time.Second, http.MethodGet, testing.Short, sentrialtest.New) }
`

// TestReadme compiles every Go block of README.md. The files exist for the compiler only, through an overlay.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	snippets := goBlocks(string(readme))
	if len(snippets) < 5 {
		t.Fatalf("README.md has %d Go blocks, want at least 5: is the fence still ```go?", len(snippets))
	}
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	overlay := map[string]string{}
	var packages []string
	for i, snippet := range snippets {
		name := fmt.Sprintf("readmesnippet%d", i)
		file := filepath.Join(t.TempDir(), "snippet.go")
		if err := os.WriteFile(file, []byte(program(snippet)), 0o600); err != nil {
			t.Fatal(err)
		}
		overlay[filepath.Join(root, "examples", name, "snippet.go")] = file
		packages = append(packages, "./examples/"+name)
	}
	replace, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		t.Fatal(err)
	}
	overlayFile := filepath.Join(t.TempDir(), "overlay.json")
	if err := os.WriteFile(overlayFile, replace, 0o600); err != nil {
		t.Fatal(err)
	}
	build := exec.CommandContext(t.Context(), "go", append([]string{"build", "-overlay", overlayFile, "-o", os.DevNull}, packages...)...)
	if out, err := build.CombinedOutput(); err != nil {
		t.Errorf("a README snippet does not compile: %v\n%s", err, out)
	}
}

func goBlocks(markdown string) (blocks []string) {
	for _, part := range strings.Split(markdown, "```go\n")[1:] {
		block, _, _ := strings.Cut(part, "\n```")
		blocks = append(blocks, block)
	}
	return blocks
}

// program makes a compilable file of a snippet: itself, or declarations, or the statements of a function.
func program(snippet string) string {
	switch {
	case strings.HasPrefix(snippet, "package "):
		return snippet
	case strings.HasPrefix(snippet, "func "):
		return surroundings + snippet
	}
	names := []string{}
	for line := range strings.Lines(snippet) {
		if left, _, ok := strings.Cut(line, ":="); ok && !strings.HasPrefix(line, "\t") && !strings.HasPrefix(line, "for ") {
			names = append(names, strings.TrimSpace(left))
		}
	}
	return surroundings + "\nfunc _() {\n" + snippet + "\nuse(" + strings.Join(names, ", ") + ")\n}\n"
}
