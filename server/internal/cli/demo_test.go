package cli_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestDemo runs the demo as a process, for it clears the environment that it runs in.
func TestDemo(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"README.md": "# Lamps\n\nWe sell lamps.\n", "lamp.go": "package lamp\n\n// Watts of our lamp.\nconst Watts = 7\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	db := filepath.Join(t.TempDir(), "demo.db")
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe, "demo", "--dir", dir, "--db", db)
	cmd.Env = append(os.Environ(), asCommand+"=1", "OPENAI_BASE_URL=", "SENTRIAL_API_URL=http://192.0.2.1:1", "SENTRIAL_DISABLED=true")
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("demo: %v, stderr %s", err, &stderr)
	}
	var list struct {
		Data []struct {
			ID     string `json:"id"`
			Events int    `json:"events"`
		} `json:"data"`
	}
	if err := json.Unmarshal([]byte(succeed(t, "sessions", "list", "--db", db, "--json")), &list); err != nil {
		t.Fatal(err)
	}
	if len(list.Data) != 1 || list.Data[0].Events == 0 {
		t.Fatalf("the file holds %+v", list.Data)
	}
	if drawn := succeed(t, "sessions", "get", list.Data[0].ID, "--db", db); !strings.Contains(stdout.String(), drawn) {
		t.Errorf("the demo showed\n%s\nand the file gives\n%s", &stdout, drawn)
	}
}
