package cli_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/internal/leaktest"
	"github.com/sentrial/sentrial-go/server/internal/cli"
)

// asCommand makes this test binary behave as the command, for tests that need a process of its own.
const asCommand = "TEST_RUN_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		os.Exit(cli.Main())
	}
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, "SENTRIAL_") || name == "COLUMNS" {
			_ = os.Unsetenv(name)
		}
	}
	time.Local = time.UTC // whatever it is here
	home, err := os.MkdirTemp("", "sentrial-cli-")
	if err != nil {
		panic(err)
	}
	_ = os.Setenv("XDG_CONFIG_HOME", home) // nobody's configuration is to count here
	leaktest.Main(m, func() { _ = os.RemoveAll(home) })
}
