package httptap

import (
	"reflect"
	"runtime"
)

// enter locks the call. It is false in a hook of the program's that is called while the event is recorded, where the lock is held already: to close the body there, or to
// flush the client, adds nothing to the event.
func (c *call) enter() bool {
	if c.mu.TryLock() {
		return true
	}
	if c.recording.Load() && withinRecord() {
		return false
	}
	c.mu.Lock()
	return true
}

var recordName = runtime.FuncForPC(reflect.ValueOf((*call).record).Pointer()).Name()

// withinRecord tells whether this goroutine is recording a call.
func withinRecord() bool {
	callers := make([]uintptr, 64)
	n := runtime.Callers(1, callers)
	for ; n == len(callers); n = runtime.Callers(1, callers) {
		callers = make([]uintptr, 2*len(callers))
	}
	for frames := runtime.CallersFrames(callers[:n]); ; {
		frame, more := frames.Next()
		if frame.Function == recordName {
			return true
		}
		if !more {
			return false
		}
	}
}
