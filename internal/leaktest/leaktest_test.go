package leaktest_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/internal/leaktest"
)

// leak names the variable that makes TestLeaks leave a goroutine, in a process of its own.
const leak = "LEAKTEST_LEAK"

func TestMain(m *testing.M) { leaktest.Main(m) }

func TestLeaks(*testing.T) {
	if os.Getenv(leak) != "" {
		go leftBehind(make(chan struct{}))
	}
}

func leftBehind(never chan struct{}) { <-never }

func TestMainTellsWhatIsLeft(t *testing.T) {
	for _, c := range []struct {
		leak string
		ok   bool
	}{{"", true}, {"yes", false}} {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestLeaks$")
		child.Env = append(os.Environ(), leak+"="+c.leak)
		out, err := child.CombinedOutput()
		if (err == nil) != c.ok {
			t.Errorf("leak %q: the process ended with %v:\n%s", c.leak, err, out)
		}
		if strings.Contains(string(out), "leftBehind") == c.ok {
			t.Errorf("leak %q: the stack is wrongly shown or missing:\n%s", c.leak, out)
		}
	}
}

// recorder is a testing.TB that keeps what a test would be told.
type recorder struct {
	testing.TB
	cleanups []func()
	failed   bool
}

func (r *recorder) Helper()               {}
func (r *recorder) Cleanup(f func())      { r.cleanups = append(r.cleanups, f) }
func (r *recorder) Errorf(string, ...any) { r.failed = true }

func (r *recorder) end() (failed bool) {
	for _, f := range r.cleanups {
		f()
	}
	return r.failed
}

// The bubbles make the grace pass at once.

func TestCheckSeesANewGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		defer close(release)
		r := &recorder{TB: t}
		leaktest.Check(r)
		go leftBehind(release)
		if !r.end() {
			t.Error("a goroutine was left and nothing was said")
		}
	})
}

func TestCheckWaitsForOneThatEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &recorder{TB: t}
		leaktest.Check(r)
		go func() { <-time.After(time.Second) }()
		if r.end() {
			t.Error("a goroutine that ended within the grace was held against the test")
		}
	})
}

func TestCheckForgivesWhatWasThereBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		defer close(release)
		go leftBehind(release)
		r := &recorder{TB: t}
		leaktest.Check(r)
		if r.end() {
			t.Error("a goroutine from before was held against the test")
		}
	})
}
