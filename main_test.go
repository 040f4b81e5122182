package sentrial_test

import (
	"os"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/internal/leaktest"
)

// TestMain keeps a developer's own settings out of the tests, and fails when a test leaves goroutines behind.
func TestMain(m *testing.M) {
	for _, setting := range os.Environ() {
		if name, _, _ := strings.Cut(setting, "="); foreign(strings.ToUpper(name)) {
			_ = os.Unsetenv(name)
		}
	}
	leaktest.Main(m)
}

// foreign tells a setting of the developer's; a child process of a test is given its proxies.
func foreign(name string) bool {
	return strings.HasPrefix(name, "SENTRIAL_") || strings.HasPrefix(name, "OTEL_") || strings.HasSuffix(name, "_PROXY") && os.Getenv(throughEnvironment) == ""
}
