package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const refused = `go: downloading example.com/gone v1.0.0
go: example.com/m imports
	example.com/x tested by
	example.com/x.test imports
	example.com/gone/profile: example.com/gone@v1.0.0: reading https://proxy.example.com/example.com/gone/@v/v1.0.0.zip: 403 Forbidden
`

func TestUnavailableNamesWhatCouldNotBeRead(t *testing.T) {
	if got, want := unavailable(refused), []string{"example.com/gone v1.0.0"}; !slices.Equal(got, want) {
		t.Fatalf("unavailable = %q, want %q", got, want)
	}
	if got := unavailable("go: downloading example.com/x v1.0.0\n"); len(got) != 0 {
		t.Fatalf("unavailable = %q, want none", got)
	}
}

func TestCommittedSumsOfUnavailableVersionsAreKept(t *testing.T) {
	tidy := []string{"example.com/x v1.0.0 h1:x="}
	committed := []string{
		"example.com/gone v1.0.0 h1:a=", "example.com/gone v1.0.0/go.mod h1:b=",
		"example.com/gone v1.0.1 h1:c=", "example.com/old v1.0.0 h1:d=",
	}
	got := keepUnavailable(tidy, committed, []string{"example.com/gone v1.0.0"})
	want := []string{"example.com/gone v1.0.0 h1:a=", "example.com/gone v1.0.0/go.mod h1:b=", "example.com/x v1.0.0 h1:x="}
	if !slices.Equal(got, want) {
		t.Fatalf("kept = %q, want %q", got, want)
	}
}

// module writes a module of one empty package and returns its folder.
func module(t *testing.T, gomod, gosum string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{"go.mod": gomod, "go.sum": gosum, "x.go": "package x\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestAnUntidyModuleIsReportedAndRepaired(t *testing.T) {
	const tidyMod = "module example.com/m\n\ngo 1.25.0\n"
	cases := map[string]struct{ gomod, gosum, want string }{
		"requirement nobody needs": {tidyMod + "\nrequire github.com/sentrial/sentrial-go v0.0.0\n", "", "go.mod is not tidy"},
		"checksum nobody needs":    {tidyMod, "example.com/x v1.0.0 h1:x=\n", "go.sum does not need example.com/x"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			root := module(t, "module github.com/sentrial/sentrial-go\n\ngo 1.25.0\n", "")
			dir := module(t, c.gomod, c.gosum)
			findings, err := tidyModule(t.Context(), root, dir, false)
			if err != nil || len(findings) != 1 || !strings.Contains(findings[0], c.want) {
				t.Fatalf("findings = %q, %v, want %q", findings, err, c.want)
			}
			if _, err := tidyModule(t.Context(), root, dir, true); err != nil {
				t.Fatal(err)
			}
			if findings, err := tidyModule(t.Context(), root, dir, false); err != nil || len(findings) > 0 {
				t.Fatalf("after writing: findings = %q, %v, want none", findings, err)
			}
			if written, err := os.ReadFile(filepath.Join(dir, "go.mod")); err != nil || strings.TrimSpace(string(written)) != strings.TrimSpace(tidyMod) {
				t.Fatalf("go.mod = %q, %v, want nothing but %q", written, err, tidyMod)
			}
		})
	}
}
