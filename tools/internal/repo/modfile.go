package repo

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/mod/modfile"
)

// RootModule is the path of the module at the repository's root.
const RootModule = "github.com/sentrial/sentrial-go"

// Unreleased is the version under which nested modules require the root until its first tag.
const Unreleased = "v0.0.0"

// Require is a requirement to add to a generated go.mod, or to raise in it.
type Require struct{ Path, Version string }

// ParseModfile reads and parses the go.mod of a module folder.
func ParseModfile(dir string) (*modfile.File, error) {
	name := filepath.Join(dir, "go.mod")
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return modfile.Parse(name, data, nil)
}

// GenerateModfile writes a copy of dir's go.mod and go.sum into the folder out and returns the path of the copied go.mod, for the go
// command's -modfile flag. Where the module requires the root, the copy replaces it with the folder root: that is how a nested module is
// built without the workspace, while its committed go.mod stays one that `go install` accepts.
func GenerateModfile(root, dir, out string, raise ...Require) (string, error) {
	file, err := ParseModfile(dir)
	if err != nil {
		return "", err
	}
	for _, r := range raise {
		if err := file.AddRequire(r.Path, r.Version); err != nil {
			return "", err
		}
	}
	if requires(file, RootModule) {
		if err := file.AddReplace(RootModule, "", root, ""); err != nil {
			return "", err
		}
	}
	return writeModfile(file, dir, out)
}

func requires(file *modfile.File, path string) bool {
	for _, r := range file.Require {
		if r.Mod.Path == path {
			return true
		}
	}
	return false
}

func writeModfile(file *modfile.File, dir, out string) (string, error) {
	data, err := file.Format()
	if err != nil {
		return "", fmt.Errorf("format %s: %w", file.Syntax.Name, err)
	}
	sums, err := os.ReadFile(filepath.Join(dir, "go.sum"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(out, "go.sum"), sums, 0o600); err != nil {
		return "", err
	}
	name := filepath.Join(out, "go.mod")
	return name, os.WriteFile(name, data, 0o600)
}
