package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/sentrial/sentrial-go/tools/internal/repo"
)

// integrations says by folder what only that integration may link: a program that uses one compiles without what the others need.
var integrations = map[string][]string{
	"integrations/openai":      {"github.com/openai/"},
	"integrations/anthropic":   {"github.com/anthropics/"},
	"integrations/genai":       {"google.golang.org/genai"},
	"integrations/httpclients": {"github.com/sashabaranov/"},
	"integrations/langchaingo": {"github.com/tmc/"},
	"integrations/mcp":         {"github.com/modelcontextprotocol/"},
	"integrations/mcpgo":       {"github.com/mark3labs/"},
	"integrations/mcpinterop":  {}, // tests alone
}

// checkIntegration reports what an integration links of the others.
func checkIntegration(ctx context.Context, root, module string) ([]string, error) {
	tmp, err := os.MkdirTemp("", "sentrial-deps-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	dir := filepath.Join(root, filepath.FromSlash(module))
	modfile, err := repo.GenerateModfile(root, dir, tmp)
	if err != nil {
		return nil, err
	}
	deps, err := repo.Go{Dir: dir}.Run(ctx, "list", "-modfile="+modfile, "-deps", "./...")
	if err != nil {
		return nil, err
	}
	return mixed(module, strings.Fields(deps)), nil
}

// mixed reports the packages of other integrations' frameworks among those that an integration links.
func mixed(module string, packages []string) (findings []string) {
	if integrations[module] == nil {
		return []string{module + " is not in the table of tools/depscheck: say what only it may link"}
	}
	for _, pkg := range packages {
		for other, prefixes := range integrations {
			if other != module && startsWithAny(pkg, prefixes) {
				findings = append(findings, fmt.Sprintf("%s links %s, which belongs to %s", module, pkg, other))
			}
		}
	}
	return findings
}

func startsWithAny(pkg string, prefixes []string) bool {
	for _, prefix := range prefixes {
		if strings.HasPrefix(pkg+"/", strings.TrimSuffix(prefix, "/")+"/") {
			return true
		}
	}
	return false
}
