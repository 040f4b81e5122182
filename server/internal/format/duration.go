// Package format writes numbers, times and values the way people read them.
package format

import (
	"fmt"
	"strconv"
	"time"
)

// Duration is d in at most seven characters: 0.15ms, 150ms, 1.24s, 3m07s, 2h05m, 3d04h. A negative d is written as 0.
func Duration(d time.Duration) string {
	switch {
	case d <= 0:
		return "0ms"
	case d < 10*time.Millisecond:
		return decimals(float64(d)/1e6, 2) + "ms"
	case d < time.Second-time.Millisecond/2:
		return decimals(float64(d)/1e6, 0) + "ms"
	case d < 10*time.Second:
		return decimals(d.Seconds(), 2) + "s"
	case d < time.Minute-50*time.Millisecond:
		return decimals(d.Seconds(), 1) + "s"
	}
	return longDuration(d)
}

func longDuration(d time.Duration) string {
	s := int64(d.Round(time.Second) / time.Second)
	switch {
	case s < 3600:
		return fmt.Sprintf("%dm%02ds", s/60, s%60)
	case s < 48*3600:
		return fmt.Sprintf("%dh%02dm", s/3600, s/60%60)
	}
	return fmt.Sprintf("%dd%02dh", s/86400, s/3600%24)
}

// decimals rounds f to n places and drops the zeros at the end.
func decimals(f float64, n int) string {
	s := strconv.FormatFloat(f, 'f', n, 64)
	if n == 0 {
		return s
	}
	for s[len(s)-1] == '0' {
		s = s[:len(s)-1]
	}
	if s[len(s)-1] == '.' {
		s = s[:len(s)-1]
	}
	return s
}

// Ago is how long t lies before now, in words: "just now", "5m ago", "3d ago"; from thirty days on the date.
func Ago(t, now time.Time) string {
	d := now.Sub(t)
	switch {
	case t.IsZero():
		return "-"
	case d < -time.Minute:
		return "in " + rough(-d)
	case d < 5*time.Second:
		return "just now"
	case d < 30*24*time.Hour:
		return rough(d) + " ago"
	}
	return t.Format(time.DateOnly)
}

func rough(d time.Duration) string {
	for _, unit := range []struct {
		name string
		size time.Duration
	}{{"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}} {
		if d >= unit.size {
			return strconv.FormatInt(int64(d/unit.size), 10) + unit.name
		}
	}
	return strconv.FormatInt(int64(d/time.Second), 10) + "s"
}
