package genai

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// Reading JSON a level at a time keeps what is inside as it was written. What is read here is known to be JSON, as it comes out of structured, spelled or jsonOf, so
// no level is checked again, and what is inside shares the memory of what is around it. It is never changed in place.

// objectIn gives the members of an object; nil for anything else.
func objectIn(raw json.RawMessage) map[string]json.RawMessage {
	if raw = trimmed(raw); len(raw) == 0 || raw[0] != '{' {
		return nil
	}
	members := make(map[string]json.RawMessage)
	i := skipSpace(raw, 1)
	for i < len(raw) && raw[i] == '"' {
		end := valueEnd(raw, i)
		name, ok := nameIn(raw[i:end])
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

// listIn gives the items of a list; nil for anything else.
func listIn(raw json.RawMessage) []json.RawMessage {
	if raw = trimmed(raw); len(raw) == 0 || raw[0] != '[' {
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

// stringIn gives the text of a string.
func stringIn(raw json.RawMessage) (s string, ok bool) {
	if raw = trimmed(raw); len(raw) < 2 || raw[0] != '"' {
		return "", false
	}
	if inside := raw[1 : len(raw)-1]; raw[len(raw)-1] == '"' && bytes.IndexByte(inside, '\\') < 0 && bytes.IndexByte(inside, '"') < 0 && utf8.Valid(inside) {
		return string(inside), true
	}
	return s, json.Unmarshal(raw, &s) == nil
}

// nameIn is stringIn for names of members, of which the usual ones need no memory.
func nameIn(raw json.RawMessage) (s string, ok bool) {
	if len(raw) > 2 {
		if name, ok := usualNames[string(raw[1:len(raw)-1])]; ok {
			return name, true
		}
	}
	return stringIn(raw)
}

// usualNames are those that are looked for in bodies of requests and replies.
var usualNames = func() map[string]string {
	names := make(map[string]string)
	for _, list := range [][]string{messageMembers, envelopes, samplingNames, {
		"choices", "arguments", "function", "prompt_tokens_details", "completion_tokens_details", "input_tokens_details", "output_tokens_details", "created",
		"system_fingerprint", "service_tier", "refusal", "tools", "parameters", "description", "properties", "required", "args", "input", "call_id", "result",
	}} {
		for _, name := range list {
			names[name] = name
		}
	}
	for name := range usageNames {
		names[name] = name
	}
	for name := range usageDetails {
		names[name] = name
	}
	return names
}()

// maxDepth bounds how deep what is read may be nested: each level is looked through once for every one above it.
const maxDepth = 64

func shallow(raw []byte) bool {
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

func skipSpace(raw []byte, i int) int {
	for i < len(raw) && raw[i] <= ' ' && strings.IndexByte(jsonSpace, raw[i]) >= 0 {
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

func trimmed(raw json.RawMessage) json.RawMessage {
	raw = raw[skipSpace(raw, 0):]
	for len(raw) > 0 && raw[len(raw)-1] <= ' ' {
		raw = raw[:len(raw)-1]
	}
	return raw
}
