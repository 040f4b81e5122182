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
	checked(t, fset, importer.Default(), "genai", append(files, sources(t, fset, ".")...))
}

func sources(t *testing.T, fset *token.FileSet, folder string) (files []*ast.File) {
	names, _ := filepath.Glob(filepath.Join(folder, "*.go"))
	for _, name := range names {
		if !strings.HasSuffix(name, "_test.go") {
			files = append(files, parsed(t, fset, name, nil))
		}
	}
	return files
}

// checked compiles what is given, and the packages of this module that it imports.
func checked(t *testing.T, fset *token.FileSet, others types.Importer, path string, files []*ast.File) *types.Package {
	check := types.Config{Importer: importing(func(path string) (*types.Package, error) {
		if _, ours, ok := strings.Cut(path, "sentrial-go/"); ok {
			return checked(t, fset, others, path, sources(t, fset, filepath.Join("../..", ours))), nil
		}
		return others.Import(path)
	})}
	p, err := check.Check(path, fset, files, nil)
	if err != nil {
		t.Error(err)
	}
	return p
}

// importing is a function as a types.Importer.
type importing func(path string) (*types.Package, error)

func (f importing) Import(path string) (*types.Package, error) { return f(path) }

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
