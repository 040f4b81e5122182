package otlp

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"github.com/sentrial/sentrial-go/server/internal/jsonscan"
)

// idSizes are the members that are ids, with how many bytes they have.
var idSizes = map[string]int{"traceId": 16, "trace_id": 16, "spanId": 8, "span_id": 8, "parentSpanId": 8, "parent_span_id": 8}

// standard is the text of a span or record as protobuf's JSON has it: with ids in base64. Links are left out, which nobody reads and which hold ids too; so is what
// is null. It also says how deep the text nests.
func standard(text []byte) (out []byte, depth int, err error) {
	scan := jsonscan.New(text)
	out = append(make([]byte, 0, len(text)+8), '{')
	err = scan.Members(func(key []byte) error {
		raw, deep, err := scan.Value()
		if err != nil || raw[0] == 'n' || string(key) == "links" {
			return err
		}
		depth = max(depth, deep)
		if size := idSizes[string(key)]; size > 0 {
			raw, err = standardID(string(key), raw, size)
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(append(append(out, '"'), key...), `":`...), raw...)
		return err
	})
	return append(out, '}'), depth, err
}

// standardID is an id in base64. Some write it so already: the lengths tell.
func standardID(name string, raw []byte, size int) ([]byte, error) {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return nil, fmt.Errorf("%s: expected a text", name)
	}
	switch len(text) {
	case 0, base64.StdEncoding.EncodedLen(size):
		return raw, nil
	case 2 * size:
		id, err := hex.DecodeString(text)
		if err != nil {
			return nil, fmt.Errorf("%s: expected hexadecimal digits: %w", name, err)
		}
		return json.Marshal(id)
	}
	return nil, fmt.Errorf("%s: expected %d hexadecimal digits, got %d characters", name, 2*size, len(text))
}

// broken reports whether a text may hold what the library refuses for its encoding: bytes that are no UTF-8, or half of a character's escape sequences. Exporters send
// both that cut a text to a length.
func broken(text []byte) bool {
	return !utf8.Valid(text) || bytes.Contains(text, []byte(`\ud`)) || bytes.Contains(text, []byte(`\uD`))
}

// mendedJSON is a text with U+FFFD in their place.
func mendedJSON(text []byte) []byte {
	var all any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if d.Decode(&all) != nil {
		return text
	}
	mended, err := json.Marshal(all)
	if err != nil {
		return text
	}
	return mended
}
