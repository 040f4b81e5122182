package sentrialtest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/sentrialtest"
)

// lines writes a text of a line for each letter.
func lines(letters string) string { return strings.Join(strings.Split(letters, ""), "\n") }

func TestDiff(t *testing.T) {
	for _, c := range []struct{ want, got, diff string }{
		{"abc", "abc", ""},
		{"abc", "abX", "  a|  b|- c|+ X"},
		{"abc", "ac", "  a|- b|  c"},
		{"ac", "abc", "  a|+ b|  c"},
		{"abcdefghij", "abcdefghiX", "  g|  h|  i|- j|+ X"},
		{"Xbcdefghij", "abcdefghij", "- X|+ a|  b|  c|  d|  ..."},
		{"abcdefghijklmnopqrst", "abcXefghijklmnopqYst", "  a|  b|  c|- d|+ X|  e|  f|  g|  ...|  o|  p|  q|- r|+ Y|  s|  t"},
		{"abcdef", "abXcYdef", "  a|  b|+ X|  c|+ Y|  d|  e|  f"},
		{"ab", "ba", "- a|  b|+ a"},
	} {
		want := strings.ReplaceAll(c.diff, "|", "\n")
		if got := sentrialtest.Diff(lines(c.want), lines(c.got)); got != want {
			t.Errorf("%q and %q differ by\n%s\nwant\n%s", c.want, c.got, got, want)
		}
	}
}

// TestDiffOfLongTexts is cut, and does not look for what they have in common for long.
func TestDiffOfLongTexts(t *testing.T) {
	var a, b strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&a, "a%d\n", i)
		fmt.Fprintf(&b, "b%d\n", i)
	}
	got := sentrialtest.Diff(a.String(), b.String())
	if n := strings.Count(got, "\n"); n > 101 || !strings.HasPrefix(got, "- a0\n") {
		t.Errorf("%d lines: %.100s", n, got)
	}
}

// FuzzDiff: taking the lines of a diff without its + gives one text, without its - the other, where nothing is left out.
func FuzzDiff(f *testing.F) {
	f.Add("abcdef", "abXef")
	f.Add("", "a")
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(a) > 30 || len(b) > 30 || strings.Contains(a+b, "\n") {
			return
		}
		d := sentrialtest.Diff(lines(a), lines(b))
		if strings.Contains(d, "  ...") || a == b {
			return
		}
		var left, right []string
		for line := range strings.SplitSeq(d, "\n") {
			if line[0] != '+' {
				left = append(left, line[2:])
			}
			if line[0] != '-' {
				right = append(right, line[2:])
			}
		}
		if got := strings.Join(left, "\n"); !strings.Contains(lines(a), got) {
			t.Errorf("%q gives %q", d, got)
		}
		if got := strings.Join(right, "\n"); !strings.Contains(lines(b), got) {
			t.Errorf("%q gives %q", d, got)
		}
	})
}
