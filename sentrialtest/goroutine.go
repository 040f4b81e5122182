package sentrialtest

import (
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// Go has no names for goroutines, but its stacks tell their numbers and by which goroutine they were started. Nothing here decides what is recorded, only which
// test is told of a mistake.

// goroutine is the number of the calling goroutine, empty if the stack's text is not what it is known to be.
func goroutine() string {
	id, _ := numbers(stacksOf(false))
	return id
}

// lineage gives the calling goroutine, the one that started it, and so on, as far as they are still there. isTest says that one of them is a test's own.
func lineage() (ids []string, isTest bool) {
	all := make(map[string]string)
	for stack := range strings.SplitSeq(stacksOf(true), "\n\n") {
		id, _ := numbers(stack)
		all[id] = stack
	}
	for id := goroutine(); id != "" && !slices.Contains(ids, id); {
		stack := all[id]
		ids = append(ids, id)
		isTest = isTest || strings.Contains(stack, "\ntesting.tRunner(")
		_, id = numbers(stack)
	}
	return ids, isTest
}

func stacksOf(all bool) string {
	for size := 16 << 10; ; size *= 2 {
		buf := make([]byte, size)
		if n := runtime.Stack(buf, all); n < size {
			return string(buf[:n])
		}
	}
}

var (
	numberOf  = regexp.MustCompile(`^goroutine (\d+) `)
	creatorOf = regexp.MustCompile(`\ncreated by .* in goroutine (\d+)\n`)
)

// numbers reads the goroutine's number and its creator's from its stack.
func numbers(stack string) (id, creator string) {
	if m := numberOf.FindStringSubmatch(stack); m != nil {
		id = m[1]
	}
	if m := creatorOf.FindStringSubmatch(stack); m != nil {
		creator = m[1]
	}
	return id, creator
}
