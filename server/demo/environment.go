package demo

import (
	"os"
	"path/filepath"
	"strings"
)

// forgetEnvironment removes the variables that configure the SDK and OpenTelemetry. Options win over variables, but a bad value would still stop the
// client from being made and SENTRIAL_DISABLED would make it record nothing.
func forgetEnvironment() error {
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, "SENTRIAL_") && !strings.HasPrefix(name, "OTEL_") {
			continue
		}
		if err := os.Unsetenv(name); err != nil {
			return err
		}
	}
	return nil
}

// Repository is the root of the repository that dir is in: the nearest directory upwards with a .git, or dir itself.
func Repository(dir string) string {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return dir
	}
	for at := abs; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, ".git")); err == nil {
			return at
		}
		if at == filepath.Dir(at) {
			return abs
		}
	}
}
