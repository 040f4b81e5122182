package otlp

import (
	"errors"
	"fmt"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/sentrial/sentrial-go/server/internal/jsonscan"
)

// value is one field of a message: of JSON what the scanner comes to next, of protobuf what was read.
type value struct {
	scan *jsonscan.Scanner // nil = protobuf
	root bool              // nothing may follow
	wire protowire.Type
	num  uint64
	raw  []byte
}

// names are the JSON names of the fields that mean something.
type names map[string]int

// find also takes names in snake_case.
func (n names) find(key string) (field int, known bool) {
	if field, known = n[key]; known || !strings.Contains(key, "_") {
		return field, known
	}
	first, rest, _ := strings.Cut(key, "_")
	for word := range strings.SplitSeq(rest, "_") {
		if word != "" {
			first += strings.ToUpper(word[:1]) + word[1:]
		}
	}
	field, known = n[first]
	return field, known
}

// each calls fn for each field of a message, again and again for repeated ones. Of unknown fields fn hears in protobuf only.
func each(v value, known names, fn func(field int, v value) error) error {
	if v.scan == nil {
		return v.fields(fn)
	}
	if v.scan.Peek() == 'n' { // null
		return v.skip()
	}
	err := v.scan.Members(func(key []byte) error {
		field, ok := known.find(string(key))
		if !ok {
			return v.skip()
		}
		return v.repeated(func() error { return fn(field, value{scan: v.scan}) })
	})
	if err == nil && v.root {
		err = v.scan.End()
	}
	return err
}

// repeated calls fn for each element, or for what is no array: none of the fields that are read here holds an array itself.
func (v value) repeated(fn func() error) error {
	if v.scan.Peek() == '[' {
		return v.scan.Elements(func() error { return v.present(fn) })
	}
	return v.present(fn)
}

// present calls fn for a value that is not null and passes over what fn leaves.
func (v value) present(fn func() error) error {
	if v.scan.Peek() == 'n' {
		return v.skip()
	}
	at := v.scan.Pos()
	if err := fn(); err != nil || v.scan.Pos() > at {
		return err
	}
	return v.skip()
}

func (v value) skip() error {
	_, _, err := v.scan.Value()
	return err
}

func (v value) fields(fn func(field int, v value) error) error {
	if v.wire != protowire.BytesType {
		return errors.New("expected a message")
	}
	for b := v.raw; len(b) > 0; {
		num, wire, n := protowire.ConsumeTag(b)
		if n < 0 {
			return fmt.Errorf("invalid protobuf: %w", protowire.ParseError(n))
		}
		b = b[n:]
		f, n := consume(num, wire, b)
		if n < 0 {
			return fmt.Errorf("invalid protobuf: %w", protowire.ParseError(n))
		}
		b = b[n:]
		if wire == protowire.StartGroupType {
			continue
		}
		if err := fn(int(num), f); err != nil {
			return err
		}
	}
	return nil
}

// consume reads what follows a tag. Groups are passed over.
func consume(num protowire.Number, wire protowire.Type, b []byte) (v value, n int) {
	v.wire = wire
	switch wire {
	case protowire.VarintType:
		v.num, n = protowire.ConsumeVarint(b)
	case protowire.Fixed64Type:
		v.num, n = protowire.ConsumeFixed64(b)
	case protowire.Fixed32Type:
		var short uint32
		short, n = protowire.ConsumeFixed32(b)
		v.num = uint64(short)
	case protowire.BytesType:
		v.raw, n = protowire.ConsumeBytes(b)
	default:
		n = protowire.ConsumeFieldValue(num, wire, b)
	}
	return v, n
}
