package faults_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestMain keeps a developer's own settings and proxies out of the tests, and turns the test binary into a receiver when it is run as one.
func TestMain(m *testing.M) {
	if file := os.Getenv(receiveEnv); file != "" {
		if err := receiveUntilStdinEnds(file, os.Getenv(listenEnv)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	for _, setting := range os.Environ() {
		if name, _, _ := strings.Cut(setting, "="); foreign(strings.ToUpper(name)) {
			_ = os.Unsetenv(name)
		}
	}
	os.Exit(m.Run())
}

func foreign(name string) bool {
	return strings.HasPrefix(name, "SENTRIAL_") || strings.HasPrefix(name, "OTEL_") || strings.HasSuffix(name, "_PROXY")
}
