package otlp

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// wireForm is protobuf.
type wireForm struct{}

func (wireForm) open(message []byte, at level, fn func(field int, inner []byte) error) error {
	return fields(message, func(num protowire.Number, typ protowire.Type, content []byte) error {
		if typ != protowire.BytesType || num != about && (num != items || at == ofRequest) {
			return nil
		}
		return fn(int(num), content)
	})
}

func (wireForm) unmarshal(message []byte, m proto.Message, limits Limits) error {
	values, bad := 0, false
	walk(message, m.ProtoReflect().Descriptor(), nesting(limits.Depth), func(f protoreflect.FieldDescriptor, content []byte) {
		switch {
		case f.Kind() == protoreflect.StringKind:
			bad = bad || !utf8.Valid(content)
		case f.IsList():
			values++
		}
	})
	if values > limits.Each {
		return fmt.Errorf("more than %d attributes and values", limits.Each)
	}
	if bad {
		message = mended(message, m.ProtoReflect().Descriptor(), nesting(limits.Depth))
	}
	return proto.UnmarshalOptions{DiscardUnknown: true, RecursionLimit: nesting(limits.Depth)}.Unmarshal(message, m)
}

// mended is a message whose texts are UTF-8: the library refuses others, and exporters send them that cut a text to a length. What is none becomes question marks.
func mended(message []byte, of protoreflect.MessageDescriptor, depth int) []byte {
	message = bytes.Clone(message)
	walk(message, of, depth, func(f protoreflect.FieldDescriptor, content []byte) {
		if f.Kind() != protoreflect.StringKind {
			return
		}
		for i := 0; i < len(content); {
			r, size := utf8.DecodeRune(content[i:])
			if r == utf8.RuneError && size == 1 {
				content[i] = '?'
			}
			i += size
		}
	})
	return message
}

// walk calls fn for all texts and messages inside of a message, as deep as that. It ends at what is no protobuf, about which the library has its word.
func walk(message []byte, of protoreflect.MessageDescriptor, depth int, fn func(f protoreflect.FieldDescriptor, content []byte)) {
	known := of.Fields()
	_ = fields(message, func(num protowire.Number, typ protowire.Type, content []byte) error {
		f := known.ByNumber(num)
		if typ != protowire.BytesType || f == nil {
			return nil
		}
		fn(f, content)
		if inner := f.Message(); inner != nil && depth > 0 {
			walk(content, inner, depth-1, fn)
		}
		return nil
	})
}

// fields calls fn for each field of a message, with what it holds if that is a text, bytes or a message.
func fields(message []byte, fn func(num protowire.Number, typ protowire.Type, content []byte) error) error {
	for len(message) > 0 {
		num, typ, n := protowire.ConsumeTag(message)
		if n < 0 {
			return fmt.Errorf("invalid protobuf: %w", protowire.ParseError(n))
		}
		message = message[n:]
		var content []byte
		if n = protowire.ConsumeFieldValue(num, typ, message); n < 0 {
			return fmt.Errorf("invalid protobuf: %w", protowire.ParseError(n))
		}
		if typ == protowire.BytesType {
			content, _ = protowire.ConsumeBytes(message)
		}
		message = message[n:]
		if err := fn(num, typ, content); err != nil {
			return err
		}
	}
	return nil
}
