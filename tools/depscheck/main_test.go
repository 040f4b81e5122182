package main

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"

	"github.com/sentrial/sentrial-go/tools/internal/repo"
)

func parse(t *testing.T, text string) *modfile.File {
	t.Helper()
	file, err := modfile.Parse("go.mod", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestForbiddenPackagesAreReported(t *testing.T) {
	for _, pkg := range []string{"go.opentelemetry.io/otel/sdk/trace", "google.golang.org/grpc", "modernc.org/sqlite", "database/sql"} {
		if got := linked([]string{"fmt", pkg}); len(got) != 1 || !strings.Contains(got[0], pkg) {
			t.Errorf("linked(%s) = %q, want it reported", pkg, got)
		}
	}
	if got := linked([]string{"fmt", "go.opentelemetry.io/otel/trace", "go.opentelemetry.io/otel/sdkx"}); len(got) != 0 {
		t.Errorf("linked = %q, want nothing", got)
	}
}

func TestWhatStandsAloneIsReported(t *testing.T) {
	own := repo.RootModule + "/types"
	if got := alone("types", []string{own, "example.com/x"}); len(got) != 1 || !strings.Contains(got[0], "example.com/x") {
		t.Errorf("alone = %q, want example.com/x", got)
	}
	if got := alone("pricing", []string{own, repo.RootModule + "/pricing", repo.RootModule + "/internal/httpx"}); len(got) != 1 || !strings.Contains(got[0], "httpx") {
		t.Errorf("alone = %q, want internal/httpx alone: types stands alone too", got)
	}
	if got := alone("types", []string{own}); len(got) != 0 {
		t.Errorf("alone = %q, want nothing", got)
	}
}

func TestWhatBelongsToAnotherIntegrationIsReported(t *testing.T) {
	packages := []string{"fmt", "github.com/openai/openai-go/v3", "google.golang.org/genaix"}
	if got := mixed("integrations/openai", packages); len(got) != 0 {
		t.Errorf("mixed = %q, want nothing", got)
	}
	if got := mixed("integrations/genai", packages); len(got) != 1 || !strings.Contains(got[0], "integrations/openai") {
		t.Errorf("mixed = %q, want openai-go", got)
	}
	if got := mixed("integrations/new", nil); len(got) != 1 {
		t.Errorf("mixed = %q, want a word on the table", got)
	}
}

func TestAReplaceIsReported(t *testing.T) {
	file := parse(t, "module m\n\nrequire example.com/x v1.0.0\n\nreplace example.com/x => ../x\n")
	if got := replaced("server", file); len(got) != 1 || !strings.Contains(got[0], "example.com/x") {
		t.Fatalf("replaced = %q, want example.com/x", got)
	}
}

func TestTooManyDirectRequiresAreReported(t *testing.T) {
	var text strings.Builder
	text.WriteString("module m\n\nrequire example.com/indirect v1.0.0 // indirect\n")
	for i := range maxDirect {
		fmt.Fprintf(&text, "require example.com/m%d v1.0.0\n", i)
	}
	if got := required(parse(t, text.String())); len(got) != 0 {
		t.Fatalf("required = %q, want nothing at the limit", got)
	}
	text.WriteString("require example.com/more v1.0.0\n")
	if got := required(parse(t, text.String())); len(got) != 1 {
		t.Fatalf("required = %q, want one finding above the limit", got)
	}
}

func TestANestedModuleMustNotBeRequired(t *testing.T) {
	file := parse(t, "module m\n\nrequire github.com/sentrial/sentrial-go/server v0.0.0\n")
	if got := required(file); len(got) != 1 || !strings.Contains(got[0], "sentrial-go/server") {
		t.Fatalf("required = %q, want the nested module", got)
	}
}
