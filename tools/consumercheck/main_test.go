package main

import (
	"strings"
	"testing"
)

// TestAToolchainThatCannotBeHadIsLeftOutOnlyWhereAllowed asks for a Go version that nobody has and nobody may download.
func TestAToolchainThatCannotBeHadIsLeftOutOnlyWhereAllowed(t *testing.T) {
	missing := build{name: "missing", env: []string{"GOTOOLCHAIN=go1.25.99", "GOPROXY=off"}, optional: true}
	if err := missing.run(t.Context(), t.TempDir()); err != nil {
		t.Fatalf("optional: %v, want it left out", err)
	}
	missing.optional = false
	if err := missing.run(t.Context(), t.TempDir()); err == nil || !strings.Contains(err.Error(), "go1.25.99") {
		t.Fatalf("mandatory: %v, want an error that names the toolchain", err)
	}
}

func TestOpenTelemetryIsRaisedAsAWhole(t *testing.T) {
	var paths []string
	for _, r := range openTelemetry("v1.2.3") {
		if r.Version != "v1.2.3" {
			t.Errorf("%s is raised to %s, want v1.2.3", r.Path, r.Version)
		}
		paths = append(paths, strings.TrimPrefix(r.Path, "go.opentelemetry.io/otel"))
	}
	if got := strings.Join(paths, " "); got != " /trace /metric /sdk" {
		t.Errorf("raised = %q, want the API and the SDK together", got)
	}
}
