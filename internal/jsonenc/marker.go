package jsonenc

import (
	"strings"
	"unicode/utf8"
)

// Why a value was left out. Those with a colon are followed by what went wrong.
const (
	reasonCycle       = "cycle"
	reasonTooDeep     = "too deep"
	reasonTooLarge    = "too large"
	reasonUnsupported = "unsupported type"
	reasonTimedOut    = "timed out"
	reasonError       = "error: "
	reasonPanic       = "panic: "
	reasonInvalid     = "invalid JSON: "
	reasonYear        = "error: year outside of 0 to 9999"
	reasonZone        = "error: zone a day or more from UTC"
)

// maxReason bounds a reason in bytes: the text of a foreign error may be a whole document.
const maxReason = 256

// AppendMarker appends the object that stands for a value that could not be encoded.
// goType is the value's Go type as %T prints it; an empty one is left out.
func AppendMarker(dst []byte, reason, goType string) []byte {
	dst = append(dst, `{"$omitted":`...)
	dst = AppendString(dst, clip(reason))
	if goType != "" {
		dst = append(dst, `,"type":`...)
		dst = AppendString(dst, clip(goType))
	}
	return append(dst, '}')
}

// appendRestOmitted ends a list or object that has grown too large. sep is what would
// come before its next part: a comma, or the opening bracket when it has no part yet.
func appendRestOmitted(dst []byte, sep, end byte) []byte {
	dst = append(dst, sep)
	if end == ']' {
		return append(AppendMarker(dst, reasonTooLarge, ""), ']')
	}
	return append(dst, `"$omitted":"`+reasonTooLarge+`"}`...)
}

// clip shortens a reason to maxReason bytes, not cutting a character in two. What is kept
// is a copy: a long text must not stay in memory for its first words.
func clip(s string) string {
	if len(s) <= maxReason {
		return s
	}
	end := maxReason
	for end > maxReason-utf8.UTFMax && !utf8.RuneStart(s[end]) {
		end--
	}
	return strings.Clone(s[:end]) + "…"
}

func panicReason(recovered any) string { return reasonPanic + clip(PanicText(recovered)) }
