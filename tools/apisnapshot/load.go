package main

import (
	"context"
	"errors"
	"go/types"
	"os"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/sentrial/sentrial-go/tools/internal/repo"
)

// load type-checks the public packages of the module in dir: all but commands, examples and what is internal. The platform is fixed, so
// that the snapshot does not depend on the machine.
func load(ctx context.Context, dir string) ([]*types.Package, error) {
	found, err := packages.Load(&packages.Config{
		Context: ctx,
		Dir:     dir,
		Env:     append(os.Environ(), "GOWORK=off", "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0"),
		Mode:    packages.NeedName | packages.NeedTypes,
	}, "./...")
	if err != nil {
		return nil, err
	}
	var public []*types.Package
	var failures []error
	for _, pkg := range found {
		if !isPublic(pkg.Name, pkg.PkgPath) {
			continue
		}
		for _, failure := range pkg.Errors {
			failures = append(failures, failure)
		}
		public = append(public, pkg.Types)
	}
	slices.SortFunc(public, func(a, b *types.Package) int { return strings.Compare(a.Path(), b.Path()) })
	return public, errors.Join(failures...)
}

// isPublic says whether other modules are meant to import a package.
func isPublic(name, path string) bool {
	elements := strings.Split(strings.TrimPrefix(path, repo.RootModule), "/")
	return name != "main" && !slices.Contains(elements, "internal") && !slices.Contains(elements, "examples")
}
