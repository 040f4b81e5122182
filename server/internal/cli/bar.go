package cli

import (
	"math"
	"strings"

	"github.com/sentrial/sentrial-go/server/internal/console"
)

// shareCells is the length of the longest bar beside a number.
const shareCells = 16

// eighths are the parts of a cell that a bar may end with.
var eighths = []rune(" ▏▎▍▌▋▊▉")

// barOf is a bar as long as part is of whole. What is more than nothing shows.
func barOf(c console.Console, part, whole float64) console.Text {
	if !(part > 0) || !(whole > 0) || math.IsInf(whole, 0) {
		return console.Line(console.None, " ")
	}
	if !c.Unicode {
		return console.Line(console.Cyan, strings.Repeat("#", max(1, int(math.Round(part/whole*shareCells)))))
	}
	n := max(1, int(math.Round(min(part/whole, 1)*shareCells*8)))
	bar := strings.Repeat("█", n/8)
	if rest := n % 8; rest > 0 {
		bar += string(eighths[rest])
	}
	return console.Line(console.Cyan, bar)
}
