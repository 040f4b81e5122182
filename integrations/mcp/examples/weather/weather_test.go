package weather_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

func TestWeather(t *testing.T) {
	srv := sentrialtest.Server(t)
	client := exec.CommandContext(t.Context(), build(t, "client"), "-server", build(t, "server"), "Oslo", "Atlantis")
	client.Env = append(os.Environ(), "SENTRIAL_API_URL="+srv.URL())
	said, err := client.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	for _, want := range []string{"10 degrees in Oslo", "Atlantis is on no map of ours"} {
		if !strings.Contains(string(said), want) {
			t.Errorf("it does not say %q:\n%s", want, said)
		}
	}
	srv.WantStatus(types.StatusSuccess)
	srv.WantTools("weather", "geocode", "weather", "geocode")
	srv.WantToolInputs("weather", map[string]any{"city": "Oslo"}, map[string]any{"city": "Atlantis"})
	srv.WantPath("session weather > tool weather > tool geocode")
	srv.WantNoPath("session weather > tool geocode")
}

func build(t *testing.T, command string) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), command)
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "./"+command).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}
