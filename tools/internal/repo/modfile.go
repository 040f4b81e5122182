package repo

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

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
// command's -modfile flag. What the module requires of this repository, the copy replaces with its folder below root: that is how a nested
// module is built without the workspace, while its committed go.mod stays one that `go install` accepts.
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
	for _, path := range own(file) {
		folder := filepath.Join(root, filepath.FromSlash(strings.TrimPrefix(path, RootModule)))
		if err := file.AddReplace(path, "", folder, ""); err != nil {
			return "", err
		}
	}
	return writeModfile(file, dir, out)
}

// own lists the modules of this repository that a go.mod requires.
func own(file *modfile.File) (paths []string) {
	for _, r := range file.Require {
		if isOwn(r.Mod.Path) {
			paths = append(paths, r.Mod.Path)
		}
	}
	return paths
}

func isOwn(path string) bool { return path == RootModule || strings.HasPrefix(path, RootModule+"/") }

// DropReplaces takes out what GenerateModfile put in.
func DropReplaces(file *modfile.File) error {
	for _, r := range slices.Clone(file.Replace) {
		if !isOwn(r.Old.Path) {
			continue
		}
		if err := file.DropReplace(r.Old.Path, r.Old.Version); err != nil {
			return err
		}
	}
	return nil
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
