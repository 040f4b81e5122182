package console

import (
	"strings"
	"unicode"
)

const (
	zeroWidthNonJoiner = '\u200c'
	zeroWidthJoiner    = '\u200d'
)

// wide holds the blocks whose characters take two cells (East Asian Width W and F, and emoji).
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x1100, Hi: 0x115f, Stride: 1},
		{Lo: 0x231a, Hi: 0x231b, Stride: 1},
		{Lo: 0x23e9, Hi: 0x23ec, Stride: 1},
		{Lo: 0x2614, Hi: 0x2615, Stride: 1},
		{Lo: 0x2648, Hi: 0x2653, Stride: 1},
		{Lo: 0x26a1, Hi: 0x26a1, Stride: 1},
		{Lo: 0x26bd, Hi: 0x26be, Stride: 1},
		{Lo: 0x2705, Hi: 0x2705, Stride: 1},
		{Lo: 0x270a, Hi: 0x270b, Stride: 1},
		{Lo: 0x2728, Hi: 0x2728, Stride: 1},
		{Lo: 0x274c, Hi: 0x274c, Stride: 1},
		{Lo: 0x2753, Hi: 0x2755, Stride: 1},
		{Lo: 0x2b50, Hi: 0x2b50, Stride: 1},
		{Lo: 0x2e80, Hi: 0x303e, Stride: 1},
		{Lo: 0x3041, Hi: 0x33ff, Stride: 1},
		{Lo: 0x3400, Hi: 0x4dbf, Stride: 1},
		{Lo: 0x4e00, Hi: 0x9fff, Stride: 1},
		{Lo: 0xa000, Hi: 0xa4cf, Stride: 1},
		{Lo: 0xa960, Hi: 0xa97f, Stride: 1},
		{Lo: 0xac00, Hi: 0xd7a3, Stride: 1},
		{Lo: 0xf900, Hi: 0xfaff, Stride: 1},
		{Lo: 0xfe30, Hi: 0xfe6f, Stride: 1},
		{Lo: 0xff00, Hi: 0xff60, Stride: 1},
		{Lo: 0xffe0, Hi: 0xffe6, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0x16fe0, Hi: 0x18cff, Stride: 1},
		{Lo: 0x1b000, Hi: 0x1b2ff, Stride: 1},
		{Lo: 0x1f004, Hi: 0x1f004, Stride: 1},
		{Lo: 0x1f0cf, Hi: 0x1f0cf, Stride: 1},
		{Lo: 0x1f18e, Hi: 0x1f19a, Stride: 1},
		{Lo: 0x1f200, Hi: 0x1f320, Stride: 1},
		{Lo: 0x1f32d, Hi: 0x1f64f, Stride: 1},
		{Lo: 0x1f680, Hi: 0x1f6ff, Stride: 1},
		{Lo: 0x1f7e0, Hi: 0x1f7eb, Stride: 1},
		{Lo: 0x1f900, Hi: 0x1faff, Stride: 1},
		{Lo: 0x20000, Hi: 0x3fffd, Stride: 1},
	},
}

// Cells is how many columns of a terminal s takes.
func Cells(s string) int {
	n := 0
	for _, r := range s {
		n += runeCells(r)
	}
	return n
}

func runeCells(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case r == zeroWidthJoiner || r == zeroWidthNonJoiner || unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	case unicode.Is(wide, r):
		return 2
	}
	return 1
}

// Ellipsis is what stands for text that was cut away.
func (c Console) Ellipsis() string {
	if c.Unicode {
		return "…"
	}
	return "..."
}

// Cut shortens s to at most cells columns, the ellipsis included.
func (c Console) Cut(s string, cells int) string {
	if Cells(s) <= cells {
		return s
	}
	dots := c.Ellipsis()
	room := cells - Cells(dots)
	if room < 0 {
		return s[:fitting(s, max(0, cells))]
	}
	return strings.TrimRight(s[:fitting(s, room)], " ") + dots
}

// fitting is the length in bytes of the longest head of s that takes at most cells columns.
func fitting(s string, cells int) int {
	for i, r := range s {
		if cells -= runeCells(r); cells < 0 {
			return i
		}
	}
	return len(s)
}

// Pad fills s with spaces up to cells columns.
func Pad(s string, cells int) string {
	return s + strings.Repeat(" ", max(0, cells-Cells(s)))
}

// PadLeft puts the spaces in front.
func PadLeft(s string, cells int) string {
	return strings.Repeat(" ", max(0, cells-Cells(s))) + s
}

// Wrap breaks s, which has no line breaks, into pieces of at most cells columns, at spaces where there are any.
func Wrap(s string, cells int) []string {
	var lines []string
	for cells > 0 && Cells(s) > cells {
		at := max(1, fitting(s, cells))
		for at < len(s) && s[at]&0xc0 == 0x80 { // a wide rune in a single column: keep it whole
			at++
		}
		if space := strings.LastIndexByte(s[:at], ' '); space > at/2 {
			at = space
		}
		lines = append(lines, strings.TrimRight(s[:at], " "))
		s = strings.TrimLeft(s[at:], " ")
	}
	return append(lines, s)
}
