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

// ancestry is the calling goroutine, the one that started it, and so on.
type ancestry struct {
	ids    []string // the last may be gone already
	whole  bool     // it leads to one that no other started, such as the program's first
	isTest bool     // one of them is a test's own
}

// lineage reads the stacks of all goroutines. Package testing runs the first one as if it were a test's too, which it is not: nobody started it.
func lineage() (a ancestry) {
	all := make(map[string]string)
	for stack := range strings.SplitSeq(stacksOf(true), "\n\n") {
		id, _ := numbers(stack)
		all[id] = stack
	}
	for id := goroutine(); id != "" && !slices.Contains(a.ids, id); {
		stack, here := all[id]
		a.ids = append(a.ids, id)
		_, id = numbers(stack)
		a.whole = here && id == ""
		a.isTest = a.isTest || !a.whole && strings.Contains(stack, "\ntesting.tRunner(")
	}
	return a
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
