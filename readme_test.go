package sentrial_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/clients/agentidp"
	"github.com/sentrial/sentrial-go/clients/hivium"
	"github.com/sentrial/sentrial-go/clients/sentinel"
	"github.com/sentrial/sentrial-go/otelbridge"
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

	idpURL, clientID, clientSecret string
	reader                         *sentinel.Client
	customers                      *hivium.Client
	message                        hivium.SendMessage
)

func use(...any) {}

var _ = func() { use(agentidp.New, types.Event{}, time.Second, http.MethodGet, testing.Short, sentrialtest.New, sdktrace.NewTracerProvider, otelbridge.NewExporter) }
`

// guideSurroundings are those of docs/testing-an-agent.md.
const guideSurroundings = `package snippet

import (
	"context"

	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

var (
	ctx context.Context
	rec *sentrialtest.Recorder
	srv *sentrialtest.ServerRecorder
)

func use(...any) {}

var _ = func() { use(types.Event{}) }
`

// bridgeSurroundings are those of docs/opentelemetry.md. The exporter's module is one that the server's tests require.
const bridgeSurroundings = `package snippet

import (
	"context"
	"log"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/otelbridge"
)

var (
	ctx context.Context
	tp  trace.TracerProvider
	mp  metric.MeterProvider
)

func use(...any) {}

var _ = func() { use(log.Fatal, otel.SetTracerProvider, otlptracehttp.New, sdktrace.NewTracerProvider, sentrial.New, otelbridge.NewExporter) }
`

// document is a text whose Go blocks must compile.
type document struct {
	file         string
	atLeast      int    // so many blocks are there
	surroundings string // of blocks that are no programs
	shows        string // blocks may be taken from the files of this folder, where they are compiled and run
}

var documents = []document{
	{"README.md", 5, surroundings, ""},
	{"docs/testing-an-agent.md", 12, guideSurroundings, "examples/testing"},
	{"docs/opentelemetry.md", 3, bridgeSurroundings, ""},
}

// TestReadme compiles every Go block of README.md and of the guides. The files exist for the compiler only, through an overlay.
func TestReadme(t *testing.T) {
	for _, doc := range documents {
		t.Run(doc.file, func(t *testing.T) { compile(t, doc) })
	}
}

func compile(t *testing.T, doc document) {
	t.Helper()
	text, err := os.ReadFile(doc.file)
	if err != nil {
		t.Fatal(err)
	}
	snippets := goBlocks(string(text))
	if len(snippets) < doc.atLeast {
		t.Fatalf("%s has %d Go blocks, want at least %d: is the fence still ```go?", doc.file, len(snippets), doc.atLeast)
	}
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	overlay := map[string]string{}
	var packages []string
	for i, snippet := range doc.own(t, snippets) {
		name := fmt.Sprintf("readmesnippet%d", i)
		file := filepath.Join(t.TempDir(), "snippet.go")
		if err := os.WriteFile(file, []byte(doc.program(snippet)), 0o600); err != nil {
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
		t.Errorf("a snippet of %s does not compile: %v\n%s", doc.file, err, out)
	}
}

// own leaves out the blocks that stand word for word in the files of the folder that the document shows.
func (d document) own(t *testing.T, snippets []string) []string {
	t.Helper()
	if d.shows == "" {
		return snippets
	}
	files, err := filepath.Glob(filepath.Join(d.shows, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in %s (%v)", d.shows, err)
	}
	var shown strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		shown.Write(text)
	}
	return slices.DeleteFunc(snippets, func(snippet string) bool { return strings.Contains(shown.String(), "\n"+snippet+"\n") })
}

func goBlocks(markdown string) (blocks []string) {
	for _, part := range strings.Split(markdown, "```go\n")[1:] {
		block, _, _ := strings.Cut(part, "\n```")
		blocks = append(blocks, block)
	}
	return blocks
}

// program makes a compilable file of a snippet: itself, or declarations, or the statements of a function.
func (d document) program(snippet string) string {
	switch {
	case strings.HasPrefix(snippet, "package "):
		return snippet
	case strings.HasPrefix(snippet, "func "):
		return d.surroundings + snippet
	}
	names := []string{}
	for line := range strings.Lines(snippet) {
		if left, _, ok := strings.Cut(line, ":="); ok && !strings.HasPrefix(line, "\t") && !strings.HasPrefix(line, "for ") {
			names = append(names, strings.TrimSpace(left))
		}
	}
	return d.surroundings + "\nfunc _() {\n" + snippet + "\nuse(" + strings.Join(names, ", ") + ")\n}\n"
}
