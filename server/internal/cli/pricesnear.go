package cli

import (
	"cmp"
	"slices"

	"github.com/sentrial/sentrial-go/pricing"
)

// maxNear is how many names are suggested.
const maxNear = 5

// nearModels are the names of the table that a name may be meant for: few letters away, or with a long beginning in common.
func nearModels(t *pricing.Table, name string) []string {
	names := modelNames(t)
	distance := make(map[string]int, len(names))
	for _, known := range names {
		distance[known] = edits(name, known) - commonBeginning(name, known)/2
	}
	names = slices.DeleteFunc(names, func(known string) bool {
		return edits(name, known) > max(2, len(name)/3) && commonBeginning(name, known) < max(4, len(name)/2)
	})
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(distance[a], distance[b]) })
	return names[:min(len(names), maxNear)]
}

func modelNames(t *pricing.Table) (names []string) {
	for _, m := range t.Models() {
		if !slices.Contains(names, m.Name) {
			names = append(names, m.Name)
		}
	}
	return names
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
