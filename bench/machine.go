package main

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/bench/usage"
)

// machine says where the figures come from, and how much of the processors others used meanwhile.
type machine struct {
	Go, OS, Arch, CPU string
	CPUs              int
	Elapsed           time.Duration
	Others            float64 // share of the processors' time, from 0 to 1; below 0 where the system does not say

	at   time.Time
	busy time.Duration // of all processes, since the system started
	own  time.Duration // of this program and its children
}

func machineNow() machine {
	return machine{
		Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH, CPU: cpuModel(), CPUs: runtime.NumCPU(),
		at: time.Now(), busy: busyTime(), own: usage.CPU() + usage.ChildrenCPU(),
	}
}

func (m machine) until(end machine) machine {
	m.Elapsed = end.at.Sub(m.at)
	m.Others = -1
	if m.busy > 0 {
		m.Others = max(0, (end.busy-m.busy)-(end.own-m.own)).Seconds() / (m.Elapsed.Seconds() * float64(m.CPUs))
	}
	return m
}

func (m machine) String() string {
	text := fmt.Sprintf("%s %s/%s, %d processors (%s), %v.", m.Go, m.OS, m.Arch, m.CPUs, m.CPU, m.Elapsed.Round(time.Second))
	if m.Others >= 0 {
		text += fmt.Sprintf(" Others used %.0f %% of the processors meanwhile.", 100*m.Others)
	}
	return text
}

func cpuModel() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown model"
	}
	m := regexp.MustCompile(`(?m)^model name\s*: (.*)$`).FindSubmatch(info)
	if m == nil {
		return "unknown model"
	}
	return string(m[1])
}

// tick is the unit of /proc/stat on every Linux that Go supports.
const tick = 10 * time.Millisecond

// busyTime adds up what the processors did not idle: user, nice, system, irq, softirq and steal of the first line of /proc/stat.
func busyTime() (busy time.Duration) {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(stat), "\n")
	for i, field := range strings.Fields(first) {
		if ticks, err := strconv.ParseInt(field, 10, 64); err == nil && (i <= 3 || i >= 6 && i <= 8) {
			busy += time.Duration(ticks) * tick
		}
	}
	return busy
}
