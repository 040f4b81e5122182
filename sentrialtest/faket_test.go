package sentrialtest_test

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// fakeT is a test that may fail: it keeps what a real one would print. What it does not have must not be called.
type fakeT struct {
	testing.TB
	name string

	mu           sync.Mutex
	errors, logs []string
	cleanups     []func()
}

// judged runs a test that may fail, and what it left to its end.
func judged(name string, test func(t testing.TB)) *fakeT {
	f := &fakeT{name: name}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer f.end()
		test(f)
	}()
	<-done
	return f
}

func (f *fakeT) end() {
	for _, cleanup := range slices.Backward(f.cleanups) {
		cleanup()
	}
}

func (f *fakeT) Helper() {}

func (f *fakeT) Context() context.Context { return context.Background() }

func (f *fakeT) Name() string { return f.name }

func (f *fakeT) Cleanup(do func()) { f.cleanups = append(f.cleanups, do) }

func (f *fakeT) Errorf(format string, args ...any) { f.note(&f.errors, format, args) }

func (f *fakeT) Logf(format string, args ...any) { f.note(&f.logs, format, args) }

func (f *fakeT) Fatalf(format string, args ...any) {
	f.note(&f.errors, format, args)
	runtime.Goexit()
}

func (f *fakeT) Failed() bool { return f.said() != "" }

func (f *fakeT) note(to *[]string, format string, args []any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	*to = append(*to, fmt.Sprintf(format, args...))
}

// said is all that the test failed with.
func (f *fakeT) said() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return strings.Join(f.errors, "\n")
}

var clockTime = regexp.MustCompile(`(?m)^  \+\S+ +`)

// withoutTimes takes what a real clock says out of timelines.
func withoutTimes(message string) string { return clockTime.ReplaceAllString(message, "  +0s  ") }

// test runs the test of an example, which has no *testing.T, and prints what it fails with, but for the timeline: a real clock is in it.
func test(body func(t testing.TB)) {
	message, _, more := strings.Cut(cmp.Or(judged("TestExample", body).said(), "ok"), "\nwhat happened:")
	if more {
		message += "\nwhat happened: ..."
	}
	fmt.Println(message)
}
