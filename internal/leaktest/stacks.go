package leaktest

import (
	"runtime"
	"strings"
)

// running returns the stacks of the module's goroutines, without the caller's own.
func running() []string {
	var found []string
	for _, g := range strings.Split(stacks(), "\n\n")[1:] { // the caller comes first
		if ofModule(g) {
			found = append(found, strings.TrimSpace(g))
		}
	}
	return found
}

func stacks() string {
	for size := 64 << 10; ; size *= 2 {
		buf := make([]byte, size)
		if n := runtime.Stack(buf, true); n < size {
			return string(buf[:n])
		}
	}
}

// ofModule looks at function names only: a file's path may contain anything.
func ofModule(stack string) bool {
	for line := range strings.Lines(stack) {
		if strings.HasPrefix(strings.TrimPrefix(line, "created by "), module) {
			return true
		}
	}
	return false
}

// id returns a goroutine's number from the first line of its stack, "goroutine 7 [...]:".
func id(stack string) string {
	fields := strings.Fields(stack)
	return fields[1]
}
