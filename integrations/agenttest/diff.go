package agenttest

import (
	"slices"
	"strings"
)

// diff shows the lines that only want has with -, those that only got has with +, and some around them.
func diff(want, got []string) string {
	lines := edits(want, got)
	var shown []string
	last := -1
	for i := range lines {
		if !changed(lines, i-around, i+around) {
			continue
		}
		if i > last+1 {
			shown = append(shown, "  ...")
		}
		shown, last = append(shown, lines[i]), i
	}
	return strings.Join(shown, "\n")
}

// around is how many lines are shown before and after a difference: as many as name the event.
const around = 6

// changed reports whether one of the lines from first to last differs.
func changed(lines []string, first, last int) bool {
	for i := max(first, 0); i <= min(last, len(lines)-1); i++ {
		if lines[i][0] != ' ' {
			return true
		}
	}
	return false
}

// edits lists all lines.
func edits(want, got []string) (lines []string) {
	common := inCommon(want, got)
	i, j := 0, 0
	for i < len(want) || j < len(got) {
		switch {
		case i < len(want) && j < len(got) && want[i] == got[j]:
			lines = append(lines, "  "+want[i])
			i, j = i+1, j+1
		case j == len(got) || i < len(want) && common[i+1][j] >= common[i][j+1]:
			lines = append(lines, "- "+want[i])
			i++
		default:
			lines = append(lines, "+ "+got[j])
			j++
		}
	}
	return lines
}

// inCommon counts the lines that want[i:] and got[j:] have in common, in order.
func inCommon(want, got []string) [][]int {
	counts := make([][]int, len(want)+1)
	for i := range counts {
		counts[i] = make([]int, len(got)+1)
	}
	for i, w := range slices.Backward(want) {
		for j, g := range slices.Backward(got) {
			if counts[i][j] = max(counts[i+1][j], counts[i][j+1]); w == g {
				counts[i][j] = counts[i+1][j+1] + 1
			}
		}
	}
	return counts
}
