package main

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"
)

const source = `package p

import "io"

type Status string

const (
	Good   Status = "good"
	hidden        = 1
)

var ErrX error

type Box[T any] struct {
	io.Reader
	Name   string ` + "`json:\"name\"`" + `
	Items  []T
	secret int
}

func (b *Box[T]) Put(item T) error { return nil }
func (b Box[T]) Len() int          { return 0 }
func (b Box[T]) drop()             {}

type Doer interface {
	Do(n int) (string, error)
	private()
}

type Alias = Status

func New(names ...string) (*Box[int], error) { return nil, nil }
func local()                                 {}
`

const want = "package example.com/p\n" +
	"type Alias = Status\n" +
	"type Box[T any] struct\n" +
	"\tfield Box.Reader io.Reader (embedded)\n" +
	"\tfield Box.Name string `json:\"name\"`\n" +
	"\tfield Box.Items []T\n" +
	"\tmethod (Box) Len() int\n" +
	"\tmethod (*Box) Put(item T) error\n" +
	"type Doer interface\n" +
	"\tmethod Doer.Do(n int) (string, error)\n" +
	"\tsealed Doer (has unexported methods)\n" +
	"var ErrX error\n" +
	"const Good Status = \"good\"\n" +
	"func New(names ...string) (*Box[int], error)\n" +
	"type Status string\n\n"

func typecheck(t *testing.T, text string) *types.Package {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", text, 0)
	if err != nil {
		t.Fatal(err)
	}
	config := types.Config{Importer: importer.ForCompiler(fset, "source", nil)}
	pkg, err := config.Check("example.com/p", fset, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

func TestEveryExportedDeclarationIsDescribedAndNoOther(t *testing.T) {
	var got strings.Builder
	describe(&got, typecheck(t, source))
	if got.String() != want {
		t.Fatalf("got:\n%s\nwant:\n%s", got.String(), want)
	}
}

func TestPackagesAreQualifiedSoThatTheyCannotBeMistaken(t *testing.T) {
	self := types.NewPackage("example.com/p", "p")
	for path, want := range map[string]string{
		"example.com/p": "", "net/http": "http", "github.com/sentrial/sentrial-go/types": "types", "example.com/trace": "example.com/trace",
	} {
		other := types.NewPackage(path, path[strings.LastIndex(path, "/")+1:])
		if path == self.Path() {
			other = self
		}
		if got := qualifier(self)(other); got != want {
			t.Errorf("%s is written %q, want %q", path, got, want)
		}
	}
}

func TestTheDifferenceNamesWhatCameAndWent(t *testing.T) {
	was := "package a\nfunc F()\nfunc G()\n"
	is := "package a\nfunc F()\npackage b\nfunc G()\n"
	if got, want := difference(was, is), "- a: func G()\n+ b: package b\n+ b: func G()\n"; got != want {
		t.Fatalf("difference =\n%swant\n%s", got, want)
	}
	if got := difference(is, is); got != "" {
		t.Fatalf("difference of a snapshot with itself = %q", got)
	}
}

func TestInternalPackagesCommandsAndExamplesAreNotPublic(t *testing.T) {
	const root = "github.com/sentrial/sentrial-go"
	cases := map[string]bool{
		root: true, root + "/types": true, root + "/otelbridge/genai": true,
		root + "/internal/httpx": false, root + "/examples/x": false,
	}
	for path, public := range cases {
		if got := isPublic("p", path); got != public {
			t.Errorf("isPublic(%s) = %v, want %v", path, got, public)
		}
	}
	if isPublic("main", root+"/cmd/x") {
		t.Error("a command is not public")
	}
}
