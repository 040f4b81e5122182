package otlp

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// field is one of a protobuf message: its bytes, or its number.
type field struct {
	num   protowire.Number
	typ   protowire.Type
	bytes []byte
	n     uint64
}

// is reports whether the field has that number and holds bytes: a text, a message or an id.
func (f field) is(num protowire.Number) bool { return f.num == num && f.typ == protowire.BytesType }

// holds reports whether the field has that number and holds a number of any kind.
func (f field) holds(num protowire.Number) bool {
	return f.num == num && (f.typ == protowire.VarintType || f.typ == protowire.Fixed64Type || f.typ == protowire.Fixed32Type)
}

// fields gives each field of a message to fn, also those that nobody knows.
func fields(message []byte, fn func(field) error) error {
	for rest := message; len(rest) > 0; {
		f, n, err := next(rest)
		if err != nil {
			return err
		}
		rest = rest[n:]
		if err := fn(f); err != nil {
			return err
		}
	}
	return nil
}

// next reads the first field and tells how long it is.
func next(message []byte) (f field, length int, err error) {
	num, typ, tag := protowire.ConsumeTag(message)
	if tag < 0 {
		return field{}, 0, cutOff(tag)
	}
	f = field{num: num, typ: typ}
	rest, n := message[tag:], 0
	switch typ {
	case protowire.VarintType:
		f.n, n = protowire.ConsumeVarint(rest)
	case protowire.Fixed64Type:
		f.n, n = protowire.ConsumeFixed64(rest)
	case protowire.Fixed32Type:
		var short uint32
		short, n = protowire.ConsumeFixed32(rest)
		f.n = uint64(short)
	case protowire.BytesType:
		f.bytes, n = protowire.ConsumeBytes(rest)
	default:
		n = protowire.ConsumeFieldValue(num, typ, rest)
	}
	if n < 0 {
		return field{}, 0, cutOff(n)
	}
	return f, tag + n, nil
}

func cutOff(code int) error { return fmt.Errorf("invalid protobuf: %w", protowire.ParseError(code)) }

// count is how many fields of a message have that number.
func count(message []byte, num protowire.Number) (n int) {
	_ = fields(message, func(f field) error {
		if f.num == num {
			n++
		}
		return nil
	})
	return n
}
