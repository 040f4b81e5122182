// Package repo knows how this repository is laid out: where its root is, which Go modules it holds, and how to build one of them on its
// own although no committed go.mod replaces the root module.
package repo

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Root returns the absolute path of the repository: the nearest folder at or above dir that has a go.work file.
func Root(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for d := abs; ; d = filepath.Dir(d) {
		if _, err := os.Stat(filepath.Join(d, "go.work")); err == nil {
			return d, nil
		}
		if d == filepath.Dir(d) {
			return "", fmt.Errorf("no go.work at or above %s: run this inside the repository", abs)
		}
	}
}

// Modules lists the folders below root that have a go.mod, root itself included, as slash-separated paths relative to root.
func Modules(root string) ([]string, error) {
	var found []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != root && hidden(entry.Name()):
			return fs.SkipDir
		case entry.IsDir() || entry.Name() != "go.mod":
			return nil
		}
		rel, err := filepath.Rel(root, filepath.Dir(path))
		found = append(found, filepath.ToSlash(rel))
		return err
	})
	if err == nil && len(found) == 0 {
		err = errors.New("no go.mod in " + root)
	}
	return found, err
}

// hidden says whether the go command would not look for modules in a folder of this name.
func hidden(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "vendor" || name == "node_modules"
}
