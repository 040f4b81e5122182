package sentrialtest_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// strayPlace is what is said of it.
const strayPlace = "unsessioned_test.go:"

// stray is the mistake: a helper called with no session.
func stray(ctx context.Context) { sentrial.Decide(ctx, types.Decision{}) }

// worker runs what it is sent: a goroutine that was there before the tests that use it.
type worker chan func()

func newWorker(t *testing.T) worker {
	w := make(worker)
	t.Cleanup(func() { close(w) })
	go w.work()
	return w
}

// programsOwn is a worker that no test started.
var programsOwn = make(worker)

func (w worker) work() {
	for do := range w {
		do()
	}
}

func (w worker) do(work func()) {
	done := make(chan struct{})
	w <- func() { defer close(done); work() }
	<-done
}

// TestStrayCallsBlameTheirOwnTest: two tests are at work, one calls a helper without a session, in each of the ways in which agents call.
func TestStrayCallsBlameTheirOwnTest(t *testing.T) {
	before := newWorker(t)
	for name, call := range map[string]func(rec *recorder){
		"on the test's goroutine": func(*recorder) { stray(context.Background()) },
		"on one started from it":  func(*recorder) { apart(func() { stray(context.Background()) }) },
		"on one started from that": func(*recorder) {
			apart(func() { apart(func() { stray(context.Background()) }) })
		},
		"on a worker, marked": func(rec *recorder) { before.do(func() { stray(rec.Context(context.Background())) }) },
		"marked, in the guise of another": func(rec *recorder) {
			ctx, cancel := context.WithTimeout(rec.Context(context.Background()), time.Hour)
			defer cancel()
			before.do(func() { stray(ctx) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			guilty, innocent := sideBySide(call)
			if !strings.Contains(guilty.said(), strayPlace) {
				t.Errorf("the test itself failed with %q", guilty.said())
			}
			if innocent.said() != "" {
				t.Errorf("another test failed with %q", innocent.said())
			}
		})
	}
}

// sideBySide runs one test that calls, and another one around it.
func sideBySide(call func(rec *recorder)) (guilty, innocent *fakeT) {
	innocent = judged("TestInnocent", func(inner testing.TB) {
		sentrialtest.New(inner)
		done := make(chan struct{})
		release := make(chan struct{})
		go func() { // not started from the innocent test's goroutine alone: this one ends before the call
			go func() {
				defer close(done)
				<-release
				guilty = judged("TestGuilty", func(inner testing.TB) { call(sentrialtest.New(inner)) })
			}()
		}()
		close(release)
		<-done
	})
	return guilty, innocent
}

// apart runs work on a goroutine of its own.
func apart(work func()) {
	var wg sync.WaitGroup
	wg.Go(work)
	wg.Wait()
}

// TestStrayCallsOfNobody: with more than one test at work, a call that could be anyone's is nobody's; with one alone it is that one's.
func TestStrayCallsOfNobody(t *testing.T) {
	before := newWorker(t)
	one := judged("TestOne", func(inner testing.TB) {
		sentrialtest.New(inner)
		two := judged("TestTwo", func(inner testing.TB) {
			sentrialtest.New(inner)
			before.do(func() { stray(context.Background()) })
		})
		if got := two.said(); got != "" {
			t.Errorf("the second test failed with %q", got)
		}
	})
	if got := one.said(); got != "" {
		t.Errorf("the first test failed with %q", got)
	}
}

// TestStrayCallsOfTestsWithoutARecorder blame no other one.
func TestStrayCallsOfTestsWithoutARecorder(t *testing.T) {
	recorded, called := make(chan struct{}), make(chan struct{})
	var f *fakeT
	var wg sync.WaitGroup
	t.Cleanup(func() {
		wg.Wait()
		if got := f.said(); got != "" {
			t.Errorf("a test that called nothing failed with %q", got)
		}
	})
	wg.Go(func() {
		f = judged("TestX", func(inner testing.TB) {
			sentrialtest.New(inner)
			close(recorded)
			<-called
		})
	})
	<-recorded
	t.Run("without a recorder", func(*testing.T) { stray(context.Background()); close(called) })
}

// TestStrayCallsOfWhoIsGone: a goroutine that outlived the test that started it blames no later one, whether what is between them is there still or not.
func TestStrayCallsOfWhoIsGone(t *testing.T) {
	for name, start := range map[string]func(call func()){
		"started by the test":         func(call func()) { go call() },
		"started by one that is gone": func(call func()) { apart(func() { go call() }) },
	} {
		var called sync.WaitGroup
		release := make(chan struct{})
		called.Add(1)
		recorded := func(inner testing.TB) {
			sentrialtest.New(inner)
			start(func() { defer called.Done(); <-release; stray(context.Background()) })
		}
		judged("TestBefore", recorded).must(t)
		f := judged("TestInnocent", func(inner testing.TB) {
			sentrialtest.New(inner)
			close(release)
			called.Wait()
		})
		if got := f.said(); got != "" {
			t.Errorf("%s: an innocent test failed with %q", name, got)
		}
	}
}

// TestStrayCallsOfALoneTest: of workers that no test started, which are the only test's.
func TestStrayCallsOfALoneTest(t *testing.T) {
	judged("TestWithoutAClient", func(inner testing.TB) { sentrialtest.New(inner, sentrial.WithFlushInterval(-1)) }) // is not there any more
	f := judged("TestX", func(inner testing.TB) {
		sentrialtest.New(inner)
		for range 3 {
			programsOwn.do(func() { stray(context.Background()) })
		}
	})
	if got := f.said(); !strings.Contains(got, strayPlace) || !strings.Contains(got, ", 3 times") {
		t.Errorf("the test failed with %q", got)
	}
}

// TestStrayCallsOfOneGoroutine are told apart by the tests that it works for, one after the other.
func TestStrayCallsOfOneGoroutine(t *testing.T) {
	for range 3 {
		f := judged("TestX", func(inner testing.TB) {
			sentrialtest.New(inner)
			programsOwn.do(func() { stray(context.Background()) })
		})
		if got := f.said(); !strings.Contains(got, strayPlace) {
			t.Errorf("the test failed with %q", got)
		}
	}
}

// TestStrayCallsAreCheap: whose a goroutine's are is looked up once, and again when a recorder has come or gone.
func TestStrayCallsAreCheap(t *testing.T) {
	rec := sentrialtest.New(t)
	first := sentrialtest.Lookups(rec, 1000)
	judged("TestX", func(inner testing.TB) { sentrialtest.New(inner) })
	if again := sentrialtest.Lookups(rec, 1000); first != 1 || again != 1 {
		t.Errorf("looked up %d and %d times, want once each", first, again)
	}
}

// TestStrayCallsFromElsewhere: places are told as seen from the tests' folder, wherever the test has gone.
func TestStrayCallsFromElsewhere(t *testing.T) {
	t.Chdir(t.TempDir())
	f := judged("TestX", func(inner testing.TB) {
		sentrialtest.New(inner)
		stray(t.Context())
	})
	if got := f.said(); !strings.Contains(got, " at "+strayPlace) {
		t.Errorf("the test failed with %q", got)
	}
}

// TestStrayCallsInSubtests are the parent's, if the recorder is.
func TestStrayCallsInSubtests(t *testing.T) {
	f := &fakeT{name: "TestX"}
	sentrialtest.New(f)
	t.Run("sub", func(*testing.T) { stray(context.Background()) })
	f.end()
	if got := f.said(); !strings.Contains(got, strayPlace) {
		t.Errorf("the test failed with %q", got)
	}
}

// TestStrayCallsInBubbles, with a recorder from before.
func TestStrayCallsInBubbles(t *testing.T) {
	f := &fakeT{name: "TestX"}
	sentrialtest.New(f)
	synctest.Test(t, func(*testing.T) { apart(func() { stray(context.Background()) }) })
	f.end()
	if got := f.said(); !strings.Contains(got, strayPlace) {
		t.Errorf("the test failed with %q", got)
	}
}

// TestStrayCallsOfParallelTests: of fifty tests at once the odd ones call, and those alone fail.
func TestStrayCallsOfParallelTests(t *testing.T) {
	fakes := make([]*fakeT, 50)
	t.Run("all", func(t *testing.T) {
		for i := range fakes {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				fakes[i] = judged("TestX", func(inner testing.TB) {
					sentrialtest.New(inner)
					if i%2 == 1 {
						stray(t.Context())
						apart(func() { stray(t.Context()) })
					}
				})
			})
		}
	})
	for i, f := range fakes {
		if got, odd := strings.Count(f.said(), "sentrial.Decide at"), i%2 == 1; odd != (got == 1) {
			t.Errorf("test %d failed with %q", i, f.said())
		}
	}
}

// FuzzNumbers reads stacks, of which Go promises nothing.
func FuzzNumbers(f *testing.F) {
	f.Add("goroutine 7 [running, synctest bubble 3]:\nmain.f()\n\t/x.go:1 +0x1\ncreated by main.main in goroutine 1\n\t/x.go:2 +0x2\n")
	f.Add("goroutine 1 [running]:\nmain.main()")
	f.Add("")
	f.Fuzz(func(t *testing.T, stack string) {
		id, creator := sentrialtest.Numbers(stack)
		if strings.Trim(id+creator, "0123456789") != "" {
			t.Errorf("read %q and %q", id, creator)
		}
	})
}
