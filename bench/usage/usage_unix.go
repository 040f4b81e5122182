//go:build unix

// Package usage tells what a process has used: processor time and memory.
package usage

import (
	"time"

	"golang.org/x/sys/unix"
)

// ThreadCPU is the processor time of the calling thread. It means something only to a goroutine that is locked to its thread.
func ThreadCPU() time.Duration {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &ts); err != nil {
		panic(err) // every system that this is built for has the clock
	}
	return time.Duration(ts.Nano())
}

// CPU is the processor time of all threads, in the program and in the system on its behalf.
func CPU() time.Duration {
	u := resources(unix.RUSAGE_SELF)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// ChildrenCPU is that of the processes which this one started and that have ended.
func ChildrenCPU() time.Duration {
	u := resources(unix.RUSAGE_CHILDREN)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func resources(whose int) (u unix.Rusage) {
	if err := unix.Getrusage(whose, &u); err != nil {
		panic(err)
	}
	return u
}
