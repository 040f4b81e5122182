package genai_test

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// The page about dialects has a row for each that there is, and none for another.
func TestDialectsAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/opentelemetry-dialects.md")
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)`").FindAllSubmatch(page, -1) {
		rows = append(rows, string(m[1]))
	}
	for _, name := range genai.Dialects() {
		if !slices.Contains(rows, name) {
			t.Errorf("docs/opentelemetry-dialects.md has no row for `%s`", name)
		}
	}
	for _, name := range rows {
		if !slices.Contains(genai.Dialects(), name) {
			t.Errorf("docs/opentelemetry-dialects.md has a row for `%s`, which is no dialect", name)
		}
	}
}

// The dialect that the page shows is one that compiles.
func TestShownDialectCompiles(t *testing.T) {
	page, err := os.ReadFile("../../docs/opentelemetry-dialects.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := regexp.MustCompile("(?s)```go\n(.*?)```").FindSubmatch(page)
	if shown == nil {
		t.Fatal("docs/opentelemetry-dialects.md shows no dialect")
	}
	fset := token.NewFileSet()
	files := []*ast.File{parsed(t, fset, "docs/opentelemetry-dialects.md", shown[1])}
	names, _ := filepath.Glob("*.go")
	for _, name := range names {
		if !strings.HasSuffix(name, "_test.go") {
			files = append(files, parsed(t, fset, name, nil))
		}
	}
	check := types.Config{Importer: importer.Default()}
	if _, err := check.Check("genai", fset, files, nil); err != nil {
		t.Error(err)
	}
}

func parsed(t *testing.T, fset *token.FileSet, name string, src []byte) *ast.File {
	var source any
	if src != nil {
		source = src
	}
	f, err := parser.ParseFile(fset, name, source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
