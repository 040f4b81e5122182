package otlp

import (
	"encoding/base64"
	"strings"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// attributes reads an array of pairs. Those without a key say nothing; left counts those that nest too deep.
func (r *jsonReader) attributes(what string, left *int) (list []genai.Attribute, err error) {
	err = r.elements(what, func() error {
		a, fits, err := r.pair(what, 1)
		switch {
		case err != nil:
			return err
		case !fits:
			*left++
		case a.Key != "":
			list = append(list, a)
		}
		return nil
	})
	return list, err
}

func (r *jsonReader) pair(what string, depth int) (a genai.Attribute, fits bool, err error) {
	fits = true
	err = r.members(what, func(name string) (err error) {
		switch name {
		case "key":
			a.Key, err = r.label("a key")
		case "value":
			a.Value, fits, err = r.value(what, depth)
		default:
			err = r.skip()
		}
		return err
	})
	return a, fits, err
}

// value reads one. It does not fit when it nests too deep, or when the body holds too many lists already.
func (r *jsonReader) value(what string, depth int) (v any, fits bool, err error) {
	fits = true
	err = r.members(what, func(name string) (err error) {
		if r.scan.Peek() == 'n' {
			return r.skip() // null says nothing
		}
		switch name {
		case "stringValue", "string_value":
			v, err = r.text(what)
		case "boolValue", "bool_value":
			v, err = r.boolean(what)
		case "intValue", "int_value":
			v, err = r.integer(what)
		case "doubleValue", "double_value":
			v, err = r.float(what)
		case "bytesValue", "bytes_value":
			v, err = r.bytes(what)
		case "arrayValue", "array_value":
			v, fits, err = r.array(what, depth)
		case "kvlistValue", "kvlist_value":
			v, fits, err = r.object(what, depth)
		default:
			err = r.skip()
		}
		return err
	})
	return v, fits, err
}

func (r *jsonReader) boolean(what string) (bool, error) {
	raw, _, err := r.scan.Value()
	text := string(raw)
	if err == nil && text != "true" && text != "false" && text != "null" {
		r.wrong("%s holds %.20s where true or false was expected", what, text)
	}
	return text == "true", err
}

// base64Forms makes one form of the four that base64 has.
var base64Forms = strings.NewReplacer("-", "+", "_", "/", "=", "")

func (r *jsonReader) bytes(what string) ([]byte, error) {
	text, err := r.text(what)
	if err != nil {
		return nil, err
	}
	b, bad := base64.RawStdEncoding.DecodeString(base64Forms.Replace(text))
	if bad != nil {
		r.wrong("%s holds bytes that are not in base64", what)
	}
	return b, nil
}

func (r *jsonReader) array(what string, depth int) (any, bool, error) {
	list := []any{}
	fits, err := r.nest(what, depth, func() (bool, error) {
		v, fits, err := r.value(what, depth+1)
		list = append(list, v)
		return fits, err
	})
	return list, fits, err
}

func (r *jsonReader) object(what string, depth int) (any, bool, error) {
	object := map[string]any{}
	fits, err := r.nest(what, depth, func() (bool, error) {
		a, fits, err := r.pair(what, depth+1)
		object[a.Key] = a.Value
		return fits, err
	})
	return object, fits, err
}

// nest reads the values of a list or an object, if there may be another one.
func (r *jsonReader) nest(what string, depth int, each func() (bool, error)) (fits bool, err error) {
	if fits = r.enter(depth); !fits {
		return false, r.skip()
	}
	err = r.members(what, func(name string) error {
		if name != "values" {
			return r.skip()
		}
		return r.elements(what, func() error {
			one, err := each()
			fits = fits && one
			return err
		})
	})
	return fits, err
}
