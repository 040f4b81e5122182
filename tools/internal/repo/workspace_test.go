package repo_test

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/mod/modfile"

	"github.com/sentrial/sentrial-go/tools/internal/repo"
)

// An example of an integration is run in the folder of its module, so the workspace there has to know them all.
func TestTheWorkspaceOfIntegrationsHasThemAll(t *testing.T) {
	root, err := repo.Root(".")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(root, "integrations", "go.work")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	work, err := modfile.ParseWork(file, data, nil)
	if err != nil {
		t.Fatal(err)
	}
	var used []string
	for _, use := range work.Use {
		used = append(used, path.Join("integrations", use.Path))
	}
	modules, err := repo.Modules(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, module := range modules {
		if filepath.Dir(module) == "integrations" && !slices.Contains(used, filepath.ToSlash(module)) {
			t.Errorf("%s is not in integrations/go.work", module)
		}
	}
}
