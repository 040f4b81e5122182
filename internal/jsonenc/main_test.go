package jsonenc_test

import (
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
	"github.com/sentrial/sentrial-go/internal/leaktest"
)

// A loaded machine must not make a method look stuck: tests of the time limit itself run
// on a fake clock or set their own.
func TestMain(m *testing.M) {
	jsonenc.SetPatience(time.Minute)
	leaktest.Main(m)
}
