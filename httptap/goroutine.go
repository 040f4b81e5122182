package httptap

import (
	"bytes"
	"runtime"
)

// goroutine names the goroutine that asks. It takes a microsecond or two, so that only calls that failed are worth it.
func goroutine() string {
	var buf [64]byte
	text := buf[:runtime.Stack(buf[:], false)]
	text = bytes.TrimPrefix(text, []byte("goroutine "))
	id, _, _ := bytes.Cut(text, []byte(" "))
	return string(id)
}
