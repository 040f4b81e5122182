package adapter

import (
	"bytes"
	"runtime"
	"strconv"
)

// Goroutine is the number of the goroutine that calls it. Go hands them out once, so a number that is kept never means another one. It is for frameworks whose
// callbacks say neither what they belong to nor give a context back: what begins and ends on one goroutine belongs together. It costs some microseconds,
// more on a deep stack, so that a callback should ask once.
func Goroutine() uint64 {
	var head [64]byte
	return goroutineOf(head[:runtime.Stack(head[:], false)])
}

// goroutineOf reads the first line of a stack trace: "goroutine 12 [running]:". 0 is none.
func goroutineOf(trace []byte) uint64 {
	number, ok := bytes.CutPrefix(trace, []byte("goroutine "))
	if !ok {
		return 0
	}
	number, _, _ = bytes.Cut(number, []byte(" "))
	n, err := strconv.ParseUint(string(number), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
