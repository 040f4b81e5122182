package repo_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/tools/internal/repo"
)

// write makes files below a temporary folder, by slash-separated name, and returns the folder.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestRootIsFoundFromBelow(t *testing.T) {
	dir := write(t, map[string]string{"go.work": "go 1.26.0\n", "a/b/c.txt": ""})
	got, err := repo.Root(filepath.Join(dir, "a", "b"))
	if err != nil || got != dir {
		t.Fatalf("Root = %q, %v, want %q", got, err, dir)
	}
}

func TestRootOutsideARepositorySaysSo(t *testing.T) {
	dir := t.TempDir()
	if got, err := repo.Root(dir); err == nil || !strings.Contains(err.Error(), "no go.work") {
		t.Fatalf("Root = %q, %v, want an error that names go.work", got, err)
	}
}

func TestModulesAreAllFoundButHiddenOnes(t *testing.T) {
	dir := write(t, map[string]string{
		"go.mod": "", "server/go.mod": "", "internal/testdata/consumer/go.mod": "",
		".git/go.mod": "", "_old/go.mod": "", "server/vendor/x/go.mod": "", "ui/node_modules/y/go.mod": "",
	})
	got, err := repo.Modules(dir)
	want := []string{".", "internal/testdata/consumer", "server"}
	if err != nil || !slices.Equal(slices.Sorted(slices.Values(got)), want) {
		t.Fatalf("Modules = %q, %v, want %q", got, err, want)
	}
}

func TestGeneratedModfileReplacesTheRootAndRaisesVersions(t *testing.T) {
	dir := write(t, map[string]string{
		"go.mod": "module example.com/m\n\ngo 1.25.0\n\nrequire github.com/sentrial/sentrial-go v0.0.0\n\nrequire example.com/x v1.0.0\n",
		"go.sum": "example.com/x v1.0.0 h1:abc=\n",
	})
	out := t.TempDir()
	name, err := repo.GenerateModfile("/the/root", dir, out, repo.Require{Path: "example.com/x", Version: "v1.2.0"})
	if err != nil {
		t.Fatal(err)
	}
	file, err := repo.ParseModfile(filepath.Dir(name))
	if err != nil {
		t.Fatal(err)
	}
	if len(file.Replace) != 1 || file.Replace[0].Old.Path != repo.RootModule || file.Replace[0].New.Path != "/the/root" {
		t.Errorf("replace = %+v, want the root replaced with /the/root", file.Replace)
	}
	if got := file.Require[1].Mod.Version; got != "v1.2.0" {
		t.Errorf("example.com/x is at %s, want v1.2.0", got)
	}
	if sums, _ := os.ReadFile(filepath.Join(out, "go.sum")); string(sums) != "example.com/x v1.0.0 h1:abc=\n" {
		t.Errorf("go.sum = %q, want a copy", sums)
	}
}

func TestGeneratedModfileReplacesNestedModulesToo(t *testing.T) {
	dir := write(t, map[string]string{
		"go.mod": "module example.com/m\n\ngo 1.25.0\n\nrequire (\n\tgithub.com/sentrial/sentrial-go v0.0.0\n\tgithub.com/sentrial/sentrial-go/server v0.0.0\n\tgithub.com/sentrial/sentrial-gopher v1.0.0\n)\n",
	})
	out := t.TempDir()
	if _, err := repo.GenerateModfile("/the/root", dir, out); err != nil {
		t.Fatal(err)
	}
	file, err := repo.ParseModfile(out)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, r := range file.Replace {
		got[r.Old.Path] = filepath.ToSlash(r.New.Path)
	}
	if want := map[string]string{repo.RootModule: "/the/root", repo.RootModule + "/server": "/the/root/server"}; !maps.Equal(got, want) {
		t.Fatalf("replace = %v, want %v", got, want)
	}
}

func TestGeneratedModfileOfAModuleWithoutTheRootHasNoReplace(t *testing.T) {
	dir := write(t, map[string]string{"go.mod": "module example.com/m\n\ngo 1.25.0\n"})
	name, err := repo.GenerateModfile("/the/root", dir, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(name)
	if err != nil || strings.Contains(string(data), "replace") {
		t.Fatalf("go.mod = %q, %v, want no replace", data, err)
	}
}

func TestGoReportsWhatTheCommandSaid(t *testing.T) {
	dir := write(t, map[string]string{"go.mod": "module example.com/m\n\ngo 1.25.0\n"})
	_, err := repo.Go{Dir: dir}.Run(t.Context(), "list", "./missing")
	if err == nil || !strings.Contains(err.Error(), "missing") || !strings.Contains(err.Error(), "go list") {
		t.Fatalf("err = %v, want the command and its own words", err)
	}
	if got, err := (repo.Go{Dir: dir, Env: []string{"GOFLAGS=-mod=mod"}}).Run(t.Context(), "env", "GOWORK", "GOFLAGS"); err != nil || got != "off\n-mod=mod\n" {
		t.Fatalf("go env = %q, %v, want the workspace off and the added variable", got, err)
	}
}
