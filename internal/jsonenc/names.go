package jsonenc

import (
	"strconv"
	"unicode/utf8"
)

// names are those written for one map that may not be the map's own: a reader keeps one
// member of a name, so two keys must not come out as the same.
type names map[string]bool

// appendName appends a member's separator, name and colon. Invalid UTF-8 becomes U+FFFD;
// when that gives a name that the map has already, the name is numbered. has tells which
// names the map has.
func (n *names) appendName(dst []byte, sep byte, name string, has func(string) bool) []byte {
	start := len(dst)
	dst = appendName(dst, sep, name)
	if len(dst) == start+len(name)+len(`,"":`) || utf8.ValidString(name) {
		return dst
	}
	replaced := string([]rune(name))
	if free := n.numbered(replaced, has); free != replaced {
		dst = appendName(dst[:start], sep, free)
	}
	return dst
}

// numbered is name, or name with the first number behind it that makes it a new one.
func (n *names) numbered(name string, has func(string) bool) string {
	if *n == nil {
		*n = make(names)
	}
	free := name
	for i := 2; (*n)[free] || has(free); i++ {
		free = name + " (" + strconv.Itoa(i) + ")"
	}
	(*n)[free] = true
	return free
}

// appendName appends a member's separator, name and colon.
func appendName(dst []byte, sep byte, name string) []byte {
	return append(AppendString(append(dst, sep), name), ':')
}
