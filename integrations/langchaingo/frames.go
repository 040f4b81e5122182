package langchaingo

import (
	"reflect"
	"runtime"
	"slices"
	"strings"

	"github.com/tmc/langchaingo/callbacks"

	"github.com/sentrial/sentrial-go/adapter"
)

// frames is a stack of calls, the innermost first, from the function that called back.
//
// Not everything that tells of its beginning tells of its end: some providers never do, some tools do not when they fail, and nothing does when it panics. But a
// function that has returned is not on the stack any more.
type frames []uintptr

// spot is where a callback came from.
type spot struct {
	goroutine uint64 // which takes microseconds to find out, so that it is asked for once
	stack     frames
}

func spotHere() spot { return spot{adapter.Goroutine(), framesHere()} }

// framesHere is the stack of the function that called a handler, however many handlers pass the call on to each other.
func framesHere() frames {
	var few [512]uintptr
	pcs := few[:]
	n := runtime.Callers(2, pcs)
	for n == len(pcs) {
		pcs = make([]uintptr, 2*len(pcs))
		n = runtime.Callers(2, pcs)
	}
	return slices.Clone(withoutHandlers(pcs[:n]))
}

// withoutHandlers drops our own functions, and those of handlers that have ours inside.
func withoutHandlers(stack frames) frames {
	callback, own := "", 0
	for own < len(stack)-1 && strings.HasPrefix(functionAt(stack[own]), ownPrefix) {
		callback = callbackAt(stack[own])
		own++
	}
	if stack = stack[own:]; callback == "" {
		return stack
	}
	passed := 0
	for i := 0; i < min(passed+maxHops, len(stack)-1); i++ {
		if callbackAt(stack[i]) == callback {
			passed = i + 1
		}
	}
	return stack[passed:]
}

// maxHops is how many functions a handler may need to call back the next one: a closure, and what calls that for each of them.
const maxHops = 3

const ownPrefix = "github.com/sentrial/sentrial-go/integrations/langchaingo."

var callbackNames = func() map[string]bool {
	names := map[string]bool{}
	for method := range reflect.TypeFor[callbacks.Handler]().Methods() {
		names[method.Name] = true
	}
	return names
}()

// callbackAt names the callback that the function is, or is a closure of; "" if it is none.
func callbackAt(pc uintptr) string {
	name := functionAt(pc)
	for part := range strings.SplitSeq(name[strings.LastIndexByte(name, '/')+1:], ".") {
		if part = strings.TrimSuffix(part, "-fm"); callbackNames[part] {
			return part
		}
	}
	return ""
}

func functionAt(pc uintptr) string {
	if f := runtime.FuncForPC(pc - 1); f != nil {
		return f.Name()
	}
	return ""
}

// inside tells whether the function that told of its beginning with the stack then is still running, at the stack now.
func (now frames) inside(then frames) bool {
	level := len(now) - len(then)
	return level >= 0 && slices.Equal(now[level+1:], then[1:]) && sameFunction(now[level], then[0])
}

// again tells whether the very line that told of the one beginning tells of another: then the first is over.
func (now frames) again(then frames) bool { return slices.Equal(now, then) }

func sameFunction(a, b uintptr) bool {
	f, g := runtime.FuncForPC(a-1), runtime.FuncForPC(b-1)
	return a == b || f != nil && g != nil && f.Entry() == g.Entry()
}
