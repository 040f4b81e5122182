package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestANestedModuleIsBuiltAgainstTheRoot runs a program of a module that requires the root at the version that nobody can download.
func TestANestedModuleIsBuiltAgainstTheRoot(t *testing.T) {
	root := filepath.Join(t.TempDir(), "a folder") // the flag has to survive the space
	write := func(name, content string) {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("go.work", "go 1.26.0\n")
	write("go.mod", "module github.com/sentrial/sentrial-go\n\ngo 1.25.0\n")
	write("root.go", "package sentrial\n\nconst Name = \"the root\"\n")
	write("sub/go.mod", "module github.com/sentrial/sentrial-go/sub\n\ngo 1.26.0\n\nrequire github.com/sentrial/sentrial-go v0.0.0\n")
	write("sub/main.go", "package main\n\nimport (\n\t\"os\"\n\n\tsentrial \"github.com/sentrial/sentrial-go\"\n)\n\n"+
		"func main() { _ = os.WriteFile(os.Args[1], []byte(sentrial.Name), 0o600) }\n")
	t.Chdir(root)
	t.Setenv("GOPROXY", "off")
	program, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	for name, cmd := range map[string]string{"modfile": "go", "workspace": program} {
		said := filepath.Join(root, name)
		if err := run(t.Context(), []string{"-cmd", cmd, "sub", "run", ".", said}); err != nil {
			t.Fatal(name, err)
		}
		if got, err := os.ReadFile(said); err != nil || string(got) != "the root" {
			t.Errorf("%s: the program wrote %q, %v, want the root's name", name, got, err)
		}
	}
}

func TestTheStatusOfTheGoCommandIsPassedOn(t *testing.T) {
	err := run(t.Context(), []string{"tools", "vet", "./nosuchfolder"})
	if exit := new(exec.ExitError); !errors.As(err, &exit) {
		t.Fatalf("got %v, want the go command's exit status", err)
	}
	if err := run(t.Context(), []string{"bench"}); err == nil || !strings.Contains(err.Error(), "want the folder") {
		t.Fatalf("got %v, want a word on how to use it", err)
	}
}
