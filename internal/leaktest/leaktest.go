// Package leaktest fails tests that leave goroutines of this module running. A goroutine
// counts when a function of the module is on its stack or started it, so those that
// net/http keeps for idle connections do not.
package leaktest

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

const (
	// module is what the names of the module's functions begin with.
	module = "github.com/sentrial/sentrial-go"

	// grace is how long goroutines may take to end, and pause what is waited between
	// looking again.
	grace = 2 * time.Second
	pause = 5 * time.Millisecond
)

// Tests are those of a package: a *testing.M, or what runs one.
type Tests interface{ Run() int }

// Main runs the package's tests and exits: with 1 when they passed and left goroutines
// running, whose stacks are printed, otherwise with the tests' own code.
//
//	func TestMain(m *testing.M) { leaktest.Main(m) }
//
// The functions of last are called when the tests are over, to end what TestMain began.
func Main(m Tests, last ...func()) {
	code := m.Run()
	for _, end := range last {
		end()
	}
	if code == 0 {
		if left := settle(nil); len(left) > 0 {
			fmt.Fprintf(os.Stderr, "leaktest: %d goroutines were left running:\n\n%s\n", len(left), strings.Join(left, "\n\n"))
			code = 1
		}
	}
	os.Exit(code)
}

// Check fails t when goroutines that started during the test are left at its end, after
// the cleanups that t registers later. It is not for tests that run beside others.
func Check(t testing.TB) {
	t.Helper()
	before := map[string]bool{}
	for _, g := range running() {
		before[id(g)] = true
	}
	t.Cleanup(func() {
		t.Helper()
		if left := settle(before); len(left) > 0 {
			t.Errorf("%d goroutines were left running:\n\n%s", len(left), strings.Join(left, "\n\n"))
		}
	})
}

// settle waits for the goroutines of the module to end, but for those known before, and
// returns the stacks of what is left after the grace.
func settle(before map[string]bool) []string {
	over := time.After(grace)
	for {
		left := newSince(before)
		if len(left) == 0 {
			return nil
		}
		select {
		case <-over:
			return left
		case <-time.After(pause):
		}
	}
}

func newSince(before map[string]bool) []string {
	var left []string
	for _, g := range running() {
		if !before[id(g)] {
			left = append(left, g)
		}
	}
	return left
}
