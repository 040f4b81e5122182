package otlp

import (
	"bytes"
	"math"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// maxDepth is how deep values nest; a list in a list is two deep. What holds deeper ones is left out.
const maxDepth = 64

// Numbers of the fields of a value and what it is made of.
const (
	valueString, valueBool, valueInt, valueDouble, valueArray, valueObject, valueBytes = 1, 2, 3, 4, 5, 6, 7

	listValues = 1

	pairKey, pairValue = 1, 2
)

// minKeyed is the least that an attribute with a key takes in a message, or an event with a name. Without either they are left out.
const minKeyed = 5

// protoAttributes reads the pairs that a message has under a number. Those without a key say nothing; left counts those that nest too deep.
func (d *decoder) protoAttributes(message []byte, num protowire.Number, left *int) ([]genai.Attribute, error) {
	n := count(message, num)
	if n == 0 {
		return nil, nil
	}
	list := make([]genai.Attribute, 0, min(n, len(message)/minKeyed))
	err := fields(message, func(f field) error {
		if !f.is(num) {
			return nil
		}
		a, fits, err := d.protoPair(f.bytes, 1)
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

func (d *decoder) protoPair(message []byte, depth int) (a genai.Attribute, fits bool, err error) {
	fits = true
	err = fields(message, func(f field) error {
		switch {
		case f.is(pairKey):
			a.Key = d.names.of(f.bytes)
		case f.is(pairValue):
			var err error
			a.Value, fits, err = d.protoValue(f.bytes, depth)
			return err
		}
		return nil
	})
	return a, fits, err
}

// protoValue reads a value. It does not fit when it nests too deep, or when the body holds too many lists already.
func (d *decoder) protoValue(message []byte, depth int) (v any, fits bool, err error) {
	fits = true
	err = fields(message, func(f field) error {
		var err error
		switch {
		case f.is(valueString):
			v = valid(f.bytes)
		case f.is(valueBytes):
			v = bytes.Clone(f.bytes)
		case f.is(valueArray):
			v, fits, err = d.protoArray(f.bytes, depth)
		case f.is(valueObject):
			v, fits, err = d.protoObject(f.bytes, depth)
		default:
			v = scalar(f, v)
		}
		return err
	})
	return v, fits, err
}

// scalar is the value in a field; one that nobody knows changes nothing.
func scalar(f field, v any) any {
	switch {
	case f.num == valueBool && f.typ == protowire.VarintType:
		return f.n != 0
	case f.num == valueInt && f.typ == protowire.VarintType:
		return int64(f.n)
	case f.num == valueDouble && f.typ == protowire.Fixed64Type:
		return math.Float64frombits(f.n)
	}
	return v
}

// enter reports whether there may be another list or object, at that depth.
func (d *decoder) enter(depth int) bool {
	d.nested--
	return depth <= maxDepth && d.nested >= 0
}

func (d *decoder) protoArray(message []byte, depth int) (v any, fits bool, err error) {
	if fits = d.enter(depth); !fits {
		return nil, false, nil
	}
	list := make([]any, 0, count(message, listValues))
	err = fields(message, func(f field) error {
		if !f.is(listValues) {
			return nil
		}
		v, deep, err := d.protoValue(f.bytes, depth+1)
		fits = fits && deep
		list = append(list, v)
		return err
	})
	return list, fits, err
}

func (d *decoder) protoObject(message []byte, depth int) (v any, fits bool, err error) {
	if fits = d.enter(depth); !fits {
		return nil, false, nil
	}
	object := map[string]any{}
	err = fields(message, func(f field) error {
		if !f.is(listValues) {
			return nil
		}
		a, deep, err := d.protoPair(f.bytes, depth+1)
		fits = fits && deep
		object[a.Key] = a.Value
		return err
	})
	return object, fits, err
}
