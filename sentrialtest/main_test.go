package sentrialtest_test

import (
	"os"
	"testing"

	"github.com/sentrial/sentrial-go/internal/leaktest"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv("GOLDEN_DIR"); dir != "" {
		runIn(dir, os.Args[1:])
	}
	go programsOwn.work()
	leaktest.Main(m, func() { close(programsOwn) })
}
