package cli

import (
	"cmp"
	"slices"
	"strings"

	"github.com/sentrial/sentrial-go/pricing"
)

// maxNear is how many names are suggested.
const maxNear = 5

// nearModels are the names of the table that a name may be meant for, in whatever case: few letters away, or with a long beginning in common.
func nearModels(t *pricing.Table, name string) []string {
	asked, distance := strings.ToLower(name), make(map[string]int)
	var near []string
	for _, known := range modelNames(t) {
		changes, common := edits(asked, strings.ToLower(known)), commonBeginning(asked, strings.ToLower(known))
		if changes <= max(2, len(asked)/3) || common >= max(4, len(asked)/2) {
			near, distance[known] = append(near, known), changes-common/2
		}
	}
	slices.SortStableFunc(near, func(a, b string) int { return cmp.Compare(distance[a], distance[b]) })
	return near[:min(len(near), maxNear)]
}

// modelNames are all names of the table, each once.
func modelNames(t *pricing.Table) (names []string) {
	for _, m := range t.Models() {
		names = append(names, m.Name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func commonBeginning(a, b string) (n int) {
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// edits is how many letters have to be put in, taken out or changed to make b of a.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}
