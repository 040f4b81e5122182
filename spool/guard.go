package spool

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
)

// guard runs fn, which reads mapped memory, and makes an error of what the system reports as a signal: a block that cannot be read, a file that became shorter.
func guard(fn func()) (err error) {
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

func isEOF(err error) bool { return errors.Is(err, io.EOF) }
