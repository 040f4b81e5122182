package main

import (
	"os"
	"regexp"
	"strconv"
)

// peak is the most memory that the process held at one time, in bytes, mapped files included; 0 where the system does not say. Rusage is no good for it: on Linux a
// child begins with the peak of the process that started it.
func peak() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return maxRSS()
	}
	line := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	if line == nil {
		return maxRSS()
	}
	kB, _ := strconv.ParseInt(string(line[1]), 10, 64)
	return kB << 10
}
