package console

import (
	"slices"
	"strings"
)

// Style is the parameter list of an SGR sequence; "" is the terminal's own. Only the sixteen basic colours are used,
// so that the reader's theme decides how they look.
type Style string

// The styles.
const (
	None    Style = ""
	Bold    Style = "1"
	Dim     Style = "2"
	Red     Style = "31"
	Green   Style = "32"
	Yellow  Style = "33"
	Blue    Style = "34"
	Magenta Style = "35"
	Cyan    Style = "36"
)

// With adds another style's parameters.
func (s Style) With(other Style) Style {
	if s == None || other == None {
		return s + other
	}
	return s + ";" + other
}

// Paint wraps text, which must be harmless already, in a style.
func (c Console) Paint(style Style, text string) string {
	if !c.Color || style == None || text == "" {
		return text
	}
	return "\x1b[" + string(style) + "m" + text + "\x1b[0m"
}

// Text is one line in the making: pieces of text with a style each, harmless from the moment they are put in.
// The zero value is empty and ready.
type Text struct{ spans []span }

type span struct {
	style Style
	text  string
}

// Line is a Text of one piece.
func Line(style Style, text string) Text { return Text{}.Add(style, text) }

// Add is t with another piece; text is cleaned, but spaces at its ends are kept.
func (t Text) Add(style Style, text string) Text {
	clean := CleanLine(text)
	if clean == "" && text == "" {
		return t
	}
	if strings.HasPrefix(text, " ") {
		clean = leading(text) + clean
	}
	if strings.HasSuffix(text, " ") && strings.TrimSpace(text) != "" {
		clean += trailing(text)
	}
	return Text{append(slices.Clip(t.spans), span{style, clean})}
}

func leading(s string) string  { return s[:len(s)-len(strings.TrimLeft(s, " "))] }
func trailing(s string) string { return s[len(strings.TrimRight(s, " ")):] }

// Join is t followed by other.
func (t Text) Join(other Text) Text {
	return Text{append(slices.Clip(t.spans), other.spans...)}
}

// Empty reports whether nothing was added.
func (t Text) Empty() bool { return len(t.spans) == 0 }

// Cells is the number of columns that t takes.
func (t Text) Cells() int {
	n := 0
	for _, s := range t.spans {
		n += Cells(s.text)
	}
	return n
}

// String is t without styles.
func (t Text) String() string {
	var b strings.Builder
	for _, s := range t.spans {
		b.WriteString(s.text)
	}
	return b.String()
}

// Render is t for c, cut to cells columns; cells 0 cuts nothing.
func (c Console) Render(t Text, cells int) string {
	if cells > 0 {
		t = c.Cropped(t, cells)
	}
	var b strings.Builder
	for _, s := range t.spans {
		b.WriteString(c.Paint(s.style, s.text))
	}
	return b.String()
}

// Cropped is t in at most cells columns, the ellipsis in the style of what was cut.
func (c Console) Cropped(t Text, cells int) Text {
	if t.Cells() <= cells {
		return t
	}
	var out Text
	dots := c.Ellipsis()
	room := max(0, cells-Cells(dots))
	for _, s := range t.spans {
		width := Cells(s.text)
		if width > room {
			s.text = strings.TrimRight(s.text[:fitting(s.text, room)], " ") + dots[:fitting(dots, cells)]
			out.spans = append(out.spans, s)
			break
		}
		out.spans, room = append(out.spans, s), room-width
	}
	return out
}
