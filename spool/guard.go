package spool

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// Guard runs fn, which touches the memory of frames, and makes an error of what the system reports as a signal that ends the program: a block that cannot be read,
// a file that somebody made shorter. It costs a few nanoseconds.
func Guard(fn func()) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		fault, ok := r.(runtime.Error)
		if _, at := r.(interface{ Addr() uintptr }); !ok || !at {
			panic(r)
		}
		err = fmt.Errorf("the file cannot be read: %w", fault)
	}()
	fn()
	return nil
}
