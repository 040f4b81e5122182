// Package rawjson reads JSON a level at a time: what is inside stays as it was written. It is for JSON that is known to be some, so no level is checked again.
package rawjson

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// Object gives the members of an object; nil for anything else. They share the memory of raw. Names that are among the usual ones, by their text, need none.
func Object(raw json.RawMessage, usual map[string]string) map[string]json.RawMessage {
	if raw = Trim(raw); len(raw) == 0 || raw[0] != '{' {
		return nil
	}
	members := make(map[string]json.RawMessage)
	i := skipSpace(raw, 1)
	for i < len(raw) && raw[i] == '"' {
		end := valueEnd(raw, i)
		name, ok := nameIn(raw[i:end], usual)
		if i = skipSpace(raw, end); !ok || i >= len(raw) || raw[i] != ':' {
			return nil
		}
		i = skipSpace(raw, i+1)
		end = valueEnd(raw, i)
		members[name] = raw[i:end:end]
		if i = skipSpace(raw, end); i < len(raw) && raw[i] == ',' {
			i = skipSpace(raw, i+1)
		}
	}
	if i != len(raw)-1 || raw[i] != '}' {
		return nil
	}
	return members
}

// List gives the items of a list; nil for anything else. They share the memory of raw.
func List(raw json.RawMessage) []json.RawMessage {
	if raw = Trim(raw); len(raw) == 0 || raw[0] != '[' {
		return nil
	}
	list := []json.RawMessage{}
	i := skipSpace(raw, 1)
	for i < len(raw) && raw[i] != ']' {
		end := valueEnd(raw, i)
		if end == i {
			return nil
		}
		list = append(list, raw[i:end:end])
		if i = skipSpace(raw, end); i < len(raw) && raw[i] == ',' {
			i = skipSpace(raw, i+1)
		}
	}
	if i != len(raw)-1 {
		return nil
	}
	return list
}

// Text gives the text of a string.
func Text(raw json.RawMessage) (s string, ok bool) {
	if raw = Trim(raw); len(raw) < 2 || raw[0] != '"' {
		return "", false
	}
	if inside := raw[1 : len(raw)-1]; raw[len(raw)-1] == '"' && bytes.IndexByte(inside, '\\') < 0 && bytes.IndexByte(inside, '"') < 0 && utf8.Valid(inside) {
		return string(inside), true
	}
	return s, json.Unmarshal(raw, &s) == nil
}

// nameIn is Text for names of members.
func nameIn(raw json.RawMessage, usual map[string]string) (s string, ok bool) {
	if len(raw) > 2 {
		if name, ok := usual[string(raw[1:len(raw)-1])]; ok {
			return name, true
		}
	}
	return Text(raw)
}

// maxDepth bounds how deep what is read may be nested: each level is looked through once for every one above it.
const maxDepth = 64

// Shallow tells whether JSON is nested no deeper than anybody means it to be.
func Shallow(raw []byte) bool {
	depth := 0
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '"':
			i = stringEnd(raw, i) - 1
		case '{', '[':
			if depth++; depth > maxDepth {
				return false
			}
		case '}', ']':
			depth--
		}
	}
	return true
}

// space is what JSON allows around a value.
const space = " \t\r\n"

func skipSpace(raw []byte, i int) int {
	for i < len(raw) && raw[i] <= ' ' && strings.IndexByte(space, raw[i]) >= 0 {
		i++
	}
	return i
}

// valueEnd finds where the value ends that begins at i.
func valueEnd(raw []byte, i int) int {
	depth := 0
	for ; i < len(raw); i++ {
		switch raw[i] {
		case '"':
			i = stringEnd(raw, i) - 1
		case '{', '[':
			depth++
			continue
		case '}', ']':
			if depth == 0 {
				return i
			}
			depth--
		case ',', ' ', '\t', '\r', '\n', ':':
			if depth == 0 {
				return i
			}
			continue
		default:
			continue
		}
		if depth == 0 {
			return min(i+1, len(raw))
		}
	}
	return len(raw)
}

// stringEnd finds where the string ends that begins at i.
func stringEnd(raw []byte, i int) int {
	for i++; i < len(raw); i++ {
		n := bytes.IndexByte(raw[i:], '"')
		if n < 0 {
			return len(raw)
		}
		i += n
		slashes := 0
		for raw[i-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 { // the quote is not escaped
			return i + 1
		}
	}
	return len(raw)
}

// Trim takes away the spaces around.
func Trim(raw json.RawMessage) json.RawMessage {
	raw = raw[skipSpace(raw, 0):]
	for len(raw) > 0 && raw[len(raw)-1] <= ' ' {
		raw = raw[:len(raw)-1]
	}
	return raw
}
