//go:build unix

package usage

import (
	"os"
	"regexp"
	"runtime"
	"strconv"

	"golang.org/x/sys/unix"
)

// PeakRSS is the most memory that the process held at one time, in bytes.
//
// Linux's rusage is no good for it: a child begins with the peak of the process that started it.
func PeakRSS() int64 {
	if peak := fromProc("VmHWM"); peak > 0 {
		return peak
	}
	peak := resources(unix.RUSAGE_SELF).Maxrss
	if runtime.GOOS != "darwin" {
		peak <<= 10
	}
	return peak
}

// RSS is the memory that the process holds now, 0 where the system does not say.
func RSS() int64 { return fromProc("VmRSS") }

// fromProc reads a line such as "VmHWM:	   12345 kB".
func fromProc(name string) int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	m := regexp.MustCompile(`(?m)^` + name + `:\s+(\d+) kB$`).FindSubmatch(status)
	if m == nil {
		return 0
	}
	kb, _ := strconv.ParseInt(string(m[1]), 10, 64)
	return kb << 10
}
