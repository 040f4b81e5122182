// Command depscheck keeps the promises about dependencies: what a program that imports only the root package links, how much the root
// module requires, that an integration does not link what another one needs, and that no committed go.mod has a replace, which would make `go install` refuse the
// module.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/sentrial/sentrial-go/tools/internal/repo"
)

// maxDirect is how many modules the root may require directly.
const maxDirect = 6

// forbidden are the import path prefixes that must not be linked into a program that imports only the root package.
var forbidden = []string{
	"go.opentelemetry.io/otel/sdk",
	"go.opentelemetry.io/otel/exporters",
	"google.golang.org/grpc",
	"modernc.org/",
	"github.com/mattn/go-sqlite3",
	"github.com/ncruces/go-sqlite3",
	"database/sql",
}

// standalone are packages that need nothing but the standard library and each other, so that other programs may use them whatever else they link.
var standalone = []string{"internal/genaiwords", "internal/rawjson", "otelbridge/genai", "pricing", "types"}

func main() {
	findings, err := check(context.Background())
	if err != nil {
		findings = append(findings, err.Error())
	}
	for _, finding := range findings {
		fmt.Fprintln(os.Stderr, "depscheck:", finding)
	}
	if len(findings) > 0 {
		os.Exit(1)
	}
}

func check(ctx context.Context) ([]string, error) {
	root, err := repo.Root(".")
	if err != nil {
		return nil, err
	}
	deps, err := repo.Go{Dir: root}.Run(ctx, "list", "-deps", ".")
	if err != nil {
		return nil, err
	}
	findings := linked(strings.Fields(deps))
	for _, pkg := range standalone {
		deps, err := repo.Go{Dir: root}.Run(ctx, "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", "./"+pkg)
		if err != nil {
			return nil, err
		}
		findings = append(findings, alone(pkg, strings.Fields(deps))...)
	}
	modules, err := repo.Modules(root)
	if err != nil {
		return nil, err
	}
	for _, module := range modules {
		file, err := repo.ParseModfile(filepath.Join(root, module))
		if err != nil {
			return nil, err
		}
		findings = append(findings, replaced(module, file)...)
		switch {
		case module == ".":
			findings = append(findings, required(file)...)
		case strings.HasPrefix(module, "integrations/"):
			found, err := checkIntegration(ctx, root, module)
			if err != nil {
				return nil, err
			}
			findings = append(findings, found...)
		}
	}
	return findings, nil
}

// linked reports the forbidden ones among the packages that a program links.
func linked(packages []string) (findings []string) {
	for _, pkg := range packages {
		for _, prefix := range forbidden {
			if pkg == strings.TrimSuffix(prefix, "/") || strings.HasPrefix(pkg, strings.TrimSuffix(prefix, "/")+"/") {
				findings = append(findings, "a program that imports only the root package links "+pkg)
			}
		}
	}
	return findings
}

// alone reports what a standalone package needs beside the standard library and others of its kind.
func alone(pkg string, deps []string) (findings []string) {
	for _, dep := range deps {
		if own, ours := strings.CutPrefix(dep, repo.RootModule+"/"); !ours || own != pkg && !slices.Contains(standalone, own) {
			findings = append(findings, pkg+" must need nothing but the standard library, and links "+dep)
		}
	}
	return findings
}

// replaced reports the replace directives of a committed go.mod.
func replaced(module string, file *modfile.File) (findings []string) {
	for _, r := range file.Replace {
		findings = append(findings, fmt.Sprintf("%s/go.mod replaces %s: `go install` refuses such a module, put it into go.work", module, r.Old.Path))
	}
	return findings
}

// required reports a root module that requires too much, or one of its own nested modules.
func required(file *modfile.File) (findings []string) {
	direct := 0
	for _, r := range file.Require {
		if !r.Indirect {
			direct++
		}
		if strings.HasPrefix(r.Mod.Path, repo.RootModule+"/") {
			findings = append(findings, "the root module requires its nested module "+r.Mod.Path)
		}
	}
	if direct > maxDirect {
		findings = append(findings, fmt.Sprintf("the root module requires %d modules directly, at most %d are allowed", direct, maxDirect))
	}
	return findings
}
