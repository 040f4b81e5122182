package adapter

var GoroutineOf = goroutineOf
