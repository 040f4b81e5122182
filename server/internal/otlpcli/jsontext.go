package otlp

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/sentrial/sentrial-go/server/internal/jsonscan"
)

// jsonReader reads JSON in one pass. Its errors are about the text; a value of another kind than it should be is noted with wrong, and condemns no more than what
// it is in.
type jsonReader struct {
	*decoder
	scan *jsonscan.Scanner
}

// members reads an object and gives each of its names, for fn to read the value. Anything else is passed over: null says nothing, and the rest is wrong.
func (r *jsonReader) members(what string, fn func(name string) error) error {
	if !r.opens('{', what, "object") {
		return r.skip()
	}
	return r.scan.Members(func(key []byte) error { return fn(r.name(key)) })
}

// elements is members for arrays.
func (r *jsonReader) elements(what string, fn func() error) error {
	if !r.opens('[', what, "array") {
		return r.skip()
	}
	return r.scan.Elements(fn)
}

func (r *jsonReader) opens(opening byte, what, want string) bool {
	got := r.scan.Peek()
	if got != opening && got != 'n' {
		r.wrong("%s is no %s", what, want)
	}
	return got == opening
}

// skip passes over a value.
func (r *jsonReader) skip() error {
	_, _, err := r.scan.Value()
	return err
}

// name is a member's name; those of OTLP have no escapes, others may.
func (r *jsonReader) name(key []byte) string {
	if bytes.IndexByte(key, '\\') >= 0 {
		return unescaped(append(append([]byte{'"'}, key...), '"'))
	}
	return r.names.of(key)
}

func unescaped(quoted []byte) (s string) {
	_ = json.Unmarshal(quoted, &s)
	return s
}

// text reads a string; null is an empty one.
func (r *jsonReader) text(what string) (string, error) { return r.textBy(what, valid) }

// label is text for what comes again and again.
func (r *jsonReader) label(what string) (string, error) { return r.textBy(what, r.names.of) }

func (r *jsonReader) textBy(what string, keep func([]byte) string) (string, error) {
	raw, _, err := r.scan.Value()
	switch {
	case err != nil || string(raw) == "null":
	case raw[0] != '"':
		r.wrong("%s is no text", what)
	case bytes.IndexByte(raw, '\\') >= 0:
		return unescaped(raw), nil
	default:
		return keep(raw[1 : len(raw)-1]), nil
	}
	return "", err
}

// integer reads a whole number, written as one or as a string. null is 0.
func (r *jsonReader) integer(what string) (int64, error) {
	raw, _, err := r.scan.Value()
	if err != nil {
		return 0, err
	}
	n, ok := integerOf(unquoted(raw))
	if !ok {
		r.wrong("%s is no whole number", what)
	}
	return n, nil
}

// unquoted is the text of a number, whichever way it is written; "" for null.
func unquoted(raw []byte) string {
	if string(raw) == "null" {
		return ""
	}
	if len(raw) >= 2 && raw[0] == '"' {
		return string(raw[1 : len(raw)-1])
	}
	return string(raw)
}

// integerOf accepts what fits 64 bits with or without a sign; of the latter it gives the bits.
func integerOf(text string) (n int64, ok bool) {
	if text == "" {
		return 0, true
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, true
	}
	if n, err := strconv.ParseUint(text, 10, 64); err == nil {
		return int64(n), true
	}
	f, err := strconv.ParseFloat(text, 64) // 1e3 and 1.0 are whole numbers too
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return 0, false
	}
	return int64(f), true
}

// float reads a number, which JSON has no form for when it is none.
func (r *jsonReader) float(what string) (float64, error) {
	raw, _, err := r.scan.Value()
	if err != nil {
		return 0, err
	}
	switch text := unquoted(raw); text {
	case "":
		return 0, nil
	case "NaN", "Infinity", "-Infinity":
		f, err := strconv.ParseFloat(text, 64)
		return f, err
	default:
		f, err := strconv.ParseFloat(text, 64)
		if err != nil && !math.IsInf(f, 0) || strings.ContainsAny(text, "xXpPiInN_") {
			r.wrong("%s is no number", what)
		}
		return f, nil
	}
}

// choice reads a value of an enumeration: its number, or its name with or without what all of them begin with.
func (r *jsonReader) choice(what, prefix string, names []string) (uint64, error) {
	raw, _, err := r.scan.Value()
	if err != nil {
		return 0, err
	}
	text := unquoted(raw)
	if n, ok := integerOf(text); ok {
		return uint64(n), nil
	}
	for i, name := range names {
		if strings.TrimPrefix(strings.ToUpper(text), prefix) == name {
			return uint64(i), nil
		}
	}
	r.wrong("%s is %.40q, which is none that is known", what, text)
	return 0, nil
}
