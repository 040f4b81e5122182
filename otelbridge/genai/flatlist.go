package genai

import (
	"slices"
	"strconv"
	"strings"
)

// flatList is a list of things whose attributes begin with their number.
type flatList[T any] []struct {
	n  int
	it T
}

// at finds the thing that a key belongs to, and the rest of the key.
func (l *flatList[T]) at(key, prefix string) (it *T, rest string, ok bool) {
	head, rest, _ := strings.Cut(key, ".")
	n, err := strconv.Atoi(head)
	if err != nil || n < 0 {
		return nil, "", false
	}
	rest = strings.TrimPrefix(rest, prefix)
	for i := len(*l) - 1; i >= 0; i-- { // attributes of one thing follow each other
		if (*l)[i].n == n {
			return &(*l)[i].it, rest, true
		}
	}
	*l = append(*l, struct {
		n  int
		it T
	}{n: n})
	return &(*l)[len(*l)-1].it, rest, true
}

func (l flatList[T]) sort() {
	slices.SortStableFunc(l, func(x, y struct {
		n  int
		it T
	},
	) int {
		return x.n - y.n
	})
}
