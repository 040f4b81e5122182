package transcript

import (
	"strings"

	"github.com/sentrial/sentrial-go/server/internal/console"
)

// escapes make markup of Markdown and HTML into text, in any place of a line.
var escapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `\`, `\\`, "`", "\\`", "*", `\*`, "[", `\[`, "]", `\]`, "|", `\|`, "~", `\~`, "#", `\#`)

// longestInline is the most of a text, in bytes, that stands in a line.
const longestInline = 2000

// inline is text as text, on one line.
func inline(s string) string {
	return leading(underscores(escapes.Replace(strings.ToValidUTF8(cropped(console.CleanLine(s)), ""))))
}

// underscores escapes those that do not stand inside of a word, where they mean nothing.
func underscores(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if s[i] == '_' && (i == 0 || i == len(s)-1 || !wordly(s[i-1]) || !wordly(s[i+1])) {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func wordly(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' }

func cropped(s string) string {
	if len(s) <= longestInline {
		return s
	}
	return s[:longestInline] + "..."
}

// leading keeps what a line begins with from making a list of it.
func leading(s string) string {
	digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
	if rest := s[digits:]; rest != "" && (digits == 0 && strings.ContainsAny(rest[:1], "-+=") || digits > 0 && strings.ContainsAny(rest[:1], ".)")) {
		return s[:digits] + `\` + rest
	}
	return s
}

// code is text in a code span.
func code(s string) string {
	s = strings.ToValidUTF8(cropped(console.CleanLine(s)), "")
	if s == "" {
		return ""
	}
	ticks := strings.Repeat("`", longestRun(s)+1)
	if s[0] == '`' || s[len(s)-1] == '`' {
		s = " " + s + " "
	}
	return ticks + s + ticks
}

// fenced is text as it is, in a block that it cannot end.
func fenced(language, text string) string {
	text = console.CleanBlock(text)
	fence := strings.Repeat("`", max(3, longestRun(text)+1))
	return fence + language + "\n" + strings.TrimSuffix(text, "\n") + "\n" + fence + "\n"
}

// longestRun is how many backticks follow each other at most.
func longestRun(s string) int {
	longest, run := 0, 0
	for i := range len(s) {
		if s[i] != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}
