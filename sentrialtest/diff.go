package sentrialtest

import (
	"slices"
	"strings"
)

// diff shows the lines in which two texts differ, with some around them.
func diff(want, got string) string {
	return strings.Join(hunks(edits(strings.Split(want, "\n"), strings.Split(got, "\n"))), "\n")
}

const (
	around    = 3       // lines shown before and after a difference
	maxDiff   = 100     // lines shown in all
	mostCells = 4 << 20 // of the table that finds what two texts have in common
)

// edits lists the lines of both texts: those in common begin with two spaces, those of a alone with -, of b alone with +.
func edits(a, b []string) (lines []string) {
	start := 0
	for start < min(len(a), len(b)) && a[start] == b[start] {
		lines = append(lines, "  "+a[start])
		start++
	}
	end := 0
	for end < min(len(a), len(b))-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	lines = append(lines, middle(a[start:len(a)-end], b[start:len(b)-end])...)
	for _, line := range a[len(a)-end:] {
		lines = append(lines, "  "+line)
	}
	return lines
}

// middle keeps the longest common sequence of lines, unless the texts are so long that finding it takes too much.
func middle(a, b []string) (lines []string) {
	common := commonLengths(a, b)
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			lines = append(lines, "  "+a[i])
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && (common == nil || common[i+1][j] >= common[i][j+1]):
			lines = append(lines, "- "+a[i])
			i++
		default:
			lines = append(lines, "+ "+b[j])
			j++
		}
	}
	return lines
}

// commonLengths tells how many lines a[i:] and b[j:] have in common, in order.
func commonLengths(a, b []string) [][]int32 {
	if (len(a)+1)*(len(b)+1) > mostCells {
		return nil
	}
	lengths := make([][]int32, len(a)+1)
	for i := range lengths {
		lengths[i] = make([]int32, len(b)+1)
	}
	for i, x := range slices.Backward(a) {
		for j, y := range slices.Backward(b) {
			if x == y {
				lengths[i][j] = lengths[i+1][j+1] + 1
			} else {
				lengths[i][j] = max(lengths[i+1][j], lengths[i][j+1])
			}
		}
	}
	return lengths
}

// hunks leaves out what is far from any difference.
func hunks(lines []string) (shown []string) {
	near := make([]bool, len(lines))
	for i, line := range lines {
		if !strings.HasPrefix(line, "  ") {
			for j := max(0, i-around); j <= min(len(lines)-1, i+around); j++ {
				near[j] = true
			}
		}
	}
	for i, line := range lines {
		switch {
		case near[i]:
			shown = append(shown, line)
		case i > 0 && near[i-1] && i < len(lines)-1:
			shown = append(shown, "  ...")
		}
		if len(shown) == maxDiff {
			return append(shown, "  ... and more")
		}
	}
	return shown
}
