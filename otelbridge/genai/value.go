package genai

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/internal/rawjson"
)

// Instrumentations do not agree on types: a number may come as a text, a list as one text or as JSON, an object as JSON or as itself.

// textOf gives a text as it is, a JSON string for what it spells, and anything else as JSON.
func textOf(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	}
	raw := jsonOf(v)
	if s, ok := stringIn(raw); ok {
		return s
	}
	return string(raw)
}

// wordOf is textOf for names, ids and kinds, which some write as JSON, in quotes.
func wordOf(v any) string {
	s := textOf(v)
	if strings.HasPrefix(s, `"`) {
		if word, ok := stringIn(json.RawMessage(s)); ok {
			return word
		}
	}
	return s
}

// jsonSpace is what JSON allows around a value, which is less than what Go calls space.
const jsonSpace = " \t\r\n"

// spelled gives an attribute with any structure: a text that holds JSON is taken for the value it spells, once, and kept as it is written, so that numbers stay
// exact; another text stays a text.
func spelled(v any) any {
	s, ok := v.(string)
	if !ok {
		return v
	}
	inner := strings.Trim(s, jsonSpace)
	if inner == "" || !beginsJSON(inner[0]) {
		return s
	}
	if raw := json.RawMessage(inner); json.Valid(raw) {
		return raw
	}
	return s
}

// beginsJSON spares most texts the checking.
func beginsJSON(c byte) bool {
	return c == '{' || c == '[' || c == '"' || c == '-' || '0' <= c && c <= '9' || c == 't' || c == 'f' || c == 'n'
}

// structured gives the JSON of an object or a list, also where it comes as a text; nil for anything else, and for what is nested deeper than anybody means it to be.
func structured(v any) json.RawMessage {
	switch v := v.(type) {
	case nil, bool, int64, float64, []byte:
		return nil
	case string:
		s := strings.Trim(v, jsonSpace)
		if s == "" || s[0] != '{' && s[0] != '[' {
			return nil
		}
		if raw := json.RawMessage(s); rawjson.Shallow(raw) && json.Valid(raw) {
			return raw
		}
		return nil
	case json.RawMessage:
		if v = rawjson.Trim(v); len(v) == 0 || v[0] != '{' && v[0] != '[' || !rawjson.Shallow(v) {
			return nil
		}
		return v
	}
	if raw := jsonOf(v); rawjson.Shallow(raw) {
		return raw
	}
	return nil
}

// jsonOf gives the JSON of any value; a number that JSON has no form for becomes a text.
func jsonOf(v any) json.RawMessage {
	switch v := v.(type) {
	case nil:
		return nil
	case json.RawMessage:
		return v
	}
	raw, err := json.Marshal(v)
	if err != nil {
		raw, err = json.Marshal(finite(v))
	}
	if err != nil {
		raw, _ = json.Marshal(fmt.Sprint(v)) // a string always has a JSON form
	}
	return raw
}

// finite replaces numbers that JSON has no form for by their texts.
func finite(v any) any {
	switch v := v.(type) {
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return strconv.FormatFloat(v, 'g', -1, 64)
		}
	case []float64:
		list := make([]any, len(v))
		for i := range v {
			list[i] = finite(v[i])
		}
		return list
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = finite(v[i])
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for name := range v {
			object[name] = finite(v[name])
		}
		return object
	}
	return v
}

// textsOf gives a list: a real one, one in JSON, or a single text.
func textsOf(v any) (list []string) {
	switch v := v.(type) {
	case nil:
		return nil
	case []string:
		return v
	case string:
		if !strings.HasPrefix(strings.TrimLeft(v, jsonSpace), "[") {
			return []string{v}
		}
	}
	for _, raw := range listIn(structured(v)) {
		if s, ok := stringIn(raw); ok {
			list = append(list, s)
		} else {
			list = append(list, string(raw))
		}
	}
	return list
}

// numberOf reads a number, also one in a text.
func numberOf(v any) (f float64, ok bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, !math.IsNaN(v) && !math.IsInf(v, 0)
	case json.RawMessage:
		if s, is := stringIn(v); is {
			return numberOf(s)
		}
		return numberOf(string(v))
	case string:
		f, err := strconv.ParseFloat(strings.TrimSpace(wordOf(v)), 64)
		return f, err == nil && !math.IsNaN(f) && !math.IsInf(f, 0)
	}
	return 0, false
}

// maxCount keeps nonsense out of sums. Counts above it, below zero or not whole are taken for absent.
const maxCount = 1_000_000_000_000_000

func countOf(v any) (n int, ok bool) {
	f, ok := numberOf(v)
	if !ok || f < 0 || f > min(maxCount, math.MaxInt) || f != math.Trunc(f) {
		return 0, false
	}
	return int(f), true
}

// maxSeconds is about a year: longer times are nonsense, and would not fit a Duration in the end.
const maxSeconds = 366 * 24 * 3600

// timesOf reads a time given in a unit.
func timesOf(v any, unit time.Duration) time.Duration {
	f, ok := numberOf(v)
	if !ok || f < 0 || f*unit.Seconds() > maxSeconds {
		return 0
	}
	return time.Duration(f * float64(unit))
}

func boolOf(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case string:
		return strings.EqualFold(v, "true")
	}
	return false
}
