package langchaingo

import (
	"runtime"
	"slices"
	"strings"
)

// frames is a stack of calls, the innermost first, from the function that called back. It is nil if it is too deep to be kept.
//
// Not everything that tells of its beginning tells of its end: some providers never do, some tools do not when they fail, and nothing does when it panics. But a
// function that has returned is not on the stack any more.
type frames []uintptr

const maxFrames = 512

// framesHere is the stack of the function that called a handler, however many handlers pass the call on to each other.
func framesHere() frames {
	var pcs [maxFrames]uintptr
	n := runtime.Callers(2, pcs[:])
	if n == maxFrames {
		return nil
	}
	stack := pcs[:n]
	for len(stack) > 1 && passesOn(stack[0]) {
		stack = stack[1:]
	}
	return slices.Clone(stack)
}

// passesOn tells whether the function is part of a handler, ours or one that has ours inside.
func passesOn(pc uintptr) bool {
	f := runtime.FuncForPC(pc - 1)
	if f == nil {
		return false
	}
	name := f.Name()
	if strings.HasPrefix(name, ownPrefix) {
		return !strings.HasPrefix(name[len(ownPrefix):], "(*model") // a wrapped model around a model is none
	}
	return strings.HasPrefix(name[strings.LastIndexByte(name, '.')+1:], "Handle")
}

const ownPrefix = "github.com/sentrial/sentrial-go/integrations/langchaingo."

// inside tells whether the function that told of its beginning with the stack then is still running, at the stack now.
func (now frames) inside(then frames) bool {
	if now == nil || then == nil {
		return true
	}
	level := len(now) - len(then)
	return level >= 0 && slices.Equal(now[level+1:], then[1:]) && sameFunction(now[level], then[0])
}

// again tells whether the very line that told of the one beginning tells of another: then the first is over.
func (now frames) again(then frames) bool { return now != nil && slices.Equal(now, then) }

func sameFunction(a, b uintptr) bool {
	f, g := runtime.FuncForPC(a-1), runtime.FuncForPC(b-1)
	return a == b || f != nil && g != nil && f.Entry() == g.Entry()
}
