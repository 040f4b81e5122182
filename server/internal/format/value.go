package format

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// previewBytes bounds what Preview looks at: more never fits on a line.
const previewBytes = 4096

// Preview is a JSON-like value on one line, meant for eyes: a text as it is, a flat object as key=value pairs, the
// rest as JSON. It may be cut, and it is not cleaned: whoever prints it does that.
func Preview(v any) string {
	switch v := decoded(v).(type) {
	case nil:
		return ""
	case string:
		return head(v)
	case map[string]any:
		return head(object(v))
	default:
		return head(Compact(v))
	}
}

// Full is a value with nothing left out: a text as it is, the rest as indented JSON.
func Full(v any) string {
	switch v := decoded(v).(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		var out bytes.Buffer
		if json.Indent(&out, []byte(Compact(v)), "", "  ") != nil {
			return Compact(v)
		}
		return out.String()
	}
}

// decoded turns raw JSON into values, keeping numbers as they were written.
func decoded(v any) any {
	raw, ok := v.(json.RawMessage)
	if !ok {
		return v
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var out any
	if dec.Decode(&out) != nil {
		return string(raw)
	}
	return out
}

func object(m map[string]any) string {
	if marker := placeholder(m); marker != "" {
		return marker
	}
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if b.Len() > previewBytes {
			break
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(key + "=" + field(m[key]))
	}
	if b.Len() == 0 {
		return "{}"
	}
	return b.String()
}

// field is a value inside an object: a word as it is, a text in quotes on one line, anything with structure as JSON.
func field(v any) string {
	v = decoded(v)
	s, ok := v.(string)
	switch {
	case !ok:
		return Compact(v)
	case s != "" && !strings.ContainsAny(s, " \t\r\n\"=,{}[]"):
		return s
	}
	return Compact(strings.Join(strings.Fields(head(s)), " "))
}

// placeholder names what a recorder left out of the content, or returns "" for ordinary objects.
func placeholder(m map[string]any) string {
	if reason, ok := m["$omitted"]; ok {
		return fmt.Sprintf("<omitted: %v>", reason)
	}
	for _, what := range []string{"truncated", "hashed"} {
		if of, ok := m["$"+what].(map[string]any); ok {
			return "<" + what + ": " + byteCount(of["bytes"]) + " bytes>"
		}
	}
	return ""
}

func byteCount(n any) string {
	if n, ok := n.(float64); ok {
		return Count(int(n))
	}
	return fmt.Sprint(n)
}

// Compact is a value as JSON on one line; what cannot be encoded is printed as Go does.
func Compact(v any) string {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// head is at most previewBytes of s, ended between two runes.
func head(s string) string {
	if len(s) <= previewBytes {
		return s
	}
	end := previewBytes
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "..."
}
