package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/sentrial/sentrial-go/tools/internal/repo"
)

// write makes a file and its folders.
func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestAPublishedModuleCanBeRequired publishes a module with another nested in it, and builds a program against both from the proxy alone.
func TestAPublishedModuleCanBeRequired(t *testing.T) {
	tmp, source, proxy, user := t.TempDir(), t.TempDir(), t.TempDir(), t.TempDir()
	write(t, filepath.Join(source, "go.mod"), "module example.com/Lib\n\ngo 1.25.0\n")
	write(t, filepath.Join(source, "lib.go"), "package lib\n\nconst Name = \"lib\"\n")
	write(t, filepath.Join(source, "nested", "go.mod"), "module example.com/Lib/nested\n\ngo 1.25.0\n\nrequire example.com/Lib v0.0.0\n")
	write(t, filepath.Join(source, "nested", "nested.go"), "package nested\n\nimport lib \"example.com/Lib\"\n\nconst Name = lib.Name\n")
	for _, dir := range []string{source, filepath.Join(source, "nested")} {
		if err := publish(proxy, dir); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(user, "go.mod"), "module example.com/user\n\ngo 1.25.0\n\nrequire (\n\texample.com/Lib v0.0.0\n\texample.com/Lib/nested v0.0.0\n)\n")
	write(t, filepath.Join(user, "main.go"), "package main\n\nimport \"example.com/Lib/nested\"\n\nfunc main() { println(nested.Name) }\n")

	env := []string{"GOPROXY=" + fileURL(proxy), "GOMODCACHE=" + filepath.Join(tmp, "modules"), "GOSUMDB=off", "GONOPROXY=none", "GOFLAGS=-modcacherw -mod=mod"}
	if _, err := (repo.Go{Dir: user, Env: env}).Run(t.Context(), "vet", "./..."); err != nil {
		t.Fatal(err)
	}
}

func TestFileURLsStartWithASlash(t *testing.T) {
	for path, want := range map[string]string{"/tmp/x": "file:///tmp/x", "C:/x": "file:///C:/x"} {
		if got := fileURL(path); got != want {
			t.Errorf("fileURL(%q) = %q, want %q", path, got, want)
		}
	}
}
