package sentrialtest_test

import (
	"testing"

	"github.com/sentrial/sentrial-go/internal/leaktest"
)

func TestMain(m *testing.M) {
	go programsOwn.work()
	leaktest.Main(m, func() { close(programsOwn) })
}
