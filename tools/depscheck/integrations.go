package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sentrial/sentrial-go/tools/internal/repo"
)

// integrations are the nested modules for what people use, each with the import path that its packages begin with. A program that uses one of them must not link
// another's.
var integrations = map[string]string{
	"integrations/anthropic":   "github.com/anthropics/anthropic-sdk-go",
	"integrations/genai":       "google.golang.org/genai",
	"integrations/httpclients": "github.com/sashabaranov/go-openai",
	"integrations/langchaingo": "github.com/tmc/langchaingo",
	"integrations/mcp":         "github.com/modelcontextprotocol/go-sdk",
	"integrations/mcpgo":       "github.com/mark3labs/mcp-go",
	"integrations/openai":      "github.com/openai/openai-go",
}

// checkIntegrations reports what the packages and examples of integrations link of each other's, and modules that the table does not know.
func checkIntegrations(ctx context.Context, root string, modules []string) (findings []string, err error) {
	for _, module := range modules {
		if !strings.HasPrefix(module, "integrations/") {
			continue
		}
		deps, err := nestedDeps(ctx, root, module)
		if err != nil {
			return nil, err
		}
		findings = append(findings, foreign(module, deps)...)
	}
	return findings, nil
}

// nestedDeps lists the packages that those of a nested module need, without their tests.
func nestedDeps(ctx context.Context, root, module string) ([]string, error) {
	tmp, err := os.MkdirTemp("", "sentrial-depscheck-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	dir := filepath.Join(root, module)
	modfile, err := repo.GenerateModfile(root, dir, tmp)
	if err != nil {
		return nil, err
	}
	deps, err := repo.Go{Dir: dir}.Run(ctx, "list", "-modfile="+modfile, "-deps", "./...")
	return strings.Fields(deps), err
}

// foreign reports those of a module's packages that belong to another integration.
func foreign(module string, deps []string) (findings []string) {
	if _, ok := integrations[module]; !ok {
		findings = append(findings, module+" is not in the table of tools/depscheck/integrations.go")
	}
	for _, other := range slices.Sorted(maps.Keys(integrations)) {
		if other == module {
			continue
		}
		for _, pkg := range deps {
			if under(pkg, integrations[other]) || under(pkg, repo.RootModule+"/"+other) {
				findings = append(findings, fmt.Sprintf("%s links %s, which is a matter of %s", module, pkg, other))
			}
		}
	}
	return findings
}

// under says whether pkg is the package prefix or one below it; other majors of a module are below it too.
func under(pkg, prefix string) bool { return pkg == prefix || strings.HasPrefix(pkg, prefix+"/") }
