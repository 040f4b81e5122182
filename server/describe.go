package server

import "strconv"

func isNull(raw []byte) bool { return raw[0] == 'n' }

func isNumber(raw []byte) bool {
	return len(raw) > 0 && (raw[0] == '-' || '0' <= raw[0] && raw[0] <= '9')
}

// describe names the kind of a JSON value, and of a number what it is. It never shows text, which may be a secret.
func describe(raw []byte) string {
	if isNumber(raw) {
		return "the number " + shorten(string(raw))
	}
	switch {
	case len(raw) == 0:
		return "nothing"
	case string(raw) == `""`:
		return "an empty string"
	case raw[0] == '"':
		return "a string"
	case raw[0] == '{':
		return "an object"
	case raw[0] == '[':
		return "an array"
	}
	return string(raw) // true, false, null
}

// show is describe for fields whose text tells nothing but what is wrong with it: ids, types, times.
func show(raw []byte) string {
	if len(raw) > 2 && raw[0] == '"' {
		return shorten(string(raw))
	}
	return describe(raw)
}

func quote(s string) string { return strconv.Quote(shorten(s)) }
