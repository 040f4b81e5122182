package otlp

import (
	"bytes"
	"fmt"
	"strings"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/sentrial/sentrial-go/server/internal/jsonscan"
)

// jsonForm is OTLP/JSON: that of protobuf but for ids, which are hexadecimal digits.
type jsonForm struct{ names names }

func (f jsonForm) open(message []byte, at level, fn func(field int, inner []byte) error) error {
	scan := jsonscan.New(bytes.TrimPrefix(message, []byte("\xef\xbb\xbf")))
	if scan.Peek() != '{' {
		return fmt.Errorf("expected a JSON object with an array named %s", f.names[at])
	}
	err := scan.Members(func(key []byte) error { return f.member(scan, string(key), at, fn) })
	if err != nil {
		return err
	}
	return scan.End()
}

// member reads one of an object of the envelope.
func (f jsonForm) member(scan *jsonscan.Scanner, key string, at level, fn func(field int, inner []byte) error) error {
	switch {
	case scan.Peek() == 'n': // null
	case at == ofResource && key == "resource", at == ofScope && key == "scope":
		return element(scan, about, fn)
	case key != f.names[at] && key != snake(f.names[at]):
	case scan.Peek() != '[':
		return fmt.Errorf("expected an array named %s", f.names[at])
	default:
		return scan.Elements(func() error { return element(scan, items, fn) })
	}
	_, _, err := scan.Value()
	return err
}

// element reads a value. One that is null says nothing.
func element(scan *jsonscan.Scanner, field int, fn func(field int, inner []byte) error) error {
	raw, _, err := scan.Value()
	if err != nil || raw[0] == 'n' {
		return err
	}
	return fn(field, raw)
}

// snake is a name as protobuf has it.
func snake(camel string) string {
	first := strings.IndexFunc(camel, func(r rune) bool { return r < 'a' })
	if first < 0 {
		return camel
	}
	return camel[:first] + "_" + strings.ToLower(camel[first:])
}

// An attribute is two objects, and one with an object in it four.
const objectsPerValue = 4

func (jsonForm) unmarshal(message []byte, m proto.Message, limits Limits) error {
	if many := limits.Each * objectsPerValue; bytes.Count(message, []byte("{")) > many && objects(message) > many {
		return fmt.Errorf("more than %d attributes and values", limits.Each)
	}
	text, depth, err := standard(message)
	if err != nil {
		return err
	}
	if deepest := 2 * nesting(limits.Depth); depth > deepest { // a list is a message and an array
		return fmt.Errorf("it nests more than %d levels deep", deepest)
	}
	o := protojson.UnmarshalOptions{DiscardUnknown: true, RecursionLimit: nesting(limits.Depth)}
	err = o.Unmarshal(text, m)
	if err != nil && broken(text) {
		err = o.Unmarshal(mendedJSON(text), m)
	}
	return err
}

// objects counts them. The text is known to be JSON.
func objects(text []byte) (n int) {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{':
			n++
		case '"':
			for i++; text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
		}
	}
	return n
}
