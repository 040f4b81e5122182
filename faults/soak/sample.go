package main

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// sample is the state of the process after the queue has drained.
type sample struct {
	events     uint64 // sent by then
	heap       uint64 // bytes in use after a collection
	resident   uint64 // bytes, 0 where the system does not say
	goroutines goroutines
}

// goroutines by whose they are.
type goroutines struct{ sdk, connections, others int }

// mostAtRest is how many goroutines a client may have while it has nothing to do.
const mostAtRest = 4

const (
	settleWithin   = 2 * time.Second
	settlePause    = 10 * time.Millisecond
	settleReadings = 10
)

// measure takes a sample, once the goroutines have settled: those that just delivered the last event are given time to end.
func measure(events uint64, rest int) sample {
	g := settled(rest)
	runtime.GC()
	runtime.GC() // what was in a sync.Pool survives the first
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return sample{events: events, heap: m.HeapAlloc, resident: residentBytes(), goroutines: g}
}

// settled counts goroutines until the SDK has no more than rest, and the same for a while, or the time is over.
func settled(rest int) goroutines {
	g := countGoroutines(stacks())
	over := time.Now().Add(settleWithin)
	for same := 0; same < settleReadings && time.Now().Before(over); same++ {
		time.Sleep(settlePause)
		now := countGoroutines(stacks())
		if now.sdk != g.sdk || now.sdk > rest {
			same = 0
		}
		g = now
	}
	return g
}

// stacks are those of all goroutines, as a crash would print them.
func stacks() string {
	buf := make([]byte, 64<<10)
	for {
		n := runtime.Stack(buf, true)
		if n < len(buf) {
			return string(buf[:n])
		}
		buf = make([]byte, 2*len(buf))
	}
}

func countGoroutines(stacks string) (g goroutines) {
	for stack := range strings.SplitSeq(strings.TrimSpace(stacks), "\n\n") {
		switch {
		case strings.Contains(stack, "net/http.(*persistConn)"):
			g.connections++
		case ofSDK(stack):
			g.sdk++
		default:
			g.others++
		}
	}
	return g
}

// ofSDK says whether a function of the SDK is on the stack or started the goroutine.
func ofSDK(stack string) bool {
	const root = "github.com/sentrial/sentrial-go"
	for line := range strings.Lines(stack) {
		function := strings.TrimPrefix(line, "created by ") // the lines of file names begin with a tab
		if strings.HasPrefix(function, root+".") || strings.HasPrefix(function, root+"/internal/") {
			return true
		}
	}
	return false
}

// leftOver are the stacks of the SDK's goroutines.
func leftOver() string {
	var left []string
	for stack := range strings.SplitSeq(stacks(), "\n\n") {
		if ofSDK(stack) {
			left = append(left, stack)
		}
	}
	return strings.Join(left, "\n\n")
}

// residentBytes is the process's memory as the kernel counts it.
func residentBytes() uint64 {
	text, err := os.ReadFile("/proc/self/statm")
	fields := strings.Fields(string(text))
	if err != nil || len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseUint(fields[1], 10, 64)
	return pages * uint64(os.Getpagesize())
}
