package spool_test

import (
	"os"
	"testing"

	"github.com/sentrial/sentrial-go/internal/leaktest"
)

// TestMain is also what a process that a test starts comes through.
func TestMain(m *testing.M) {
	if role := os.Getenv(roleVariable); role != "" {
		play(role)
		return
	}
	leaktest.Main(m)
}
