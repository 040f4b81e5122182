package otlp

import (
	"errors"
	"fmt"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// attribute reads a key with its value and adds it to those there are.
func (d *decoder) attribute(v value, to *[]genai.Attribute) error {
	key, val, err := d.keyValue(v)
	if err == nil {
		*to = append(*to, genai.Attribute{Key: key, Value: val})
	}
	return err
}

var keyValueNames = names{"key": 1, "value": 2}

func (d *decoder) keyValue(v value) (key string, val any, err error) {
	if err := d.another(); err != nil {
		return "", nil, err
	}
	err = each(v, keyValueNames, func(field int, v value) (err error) {
		switch field {
		case 1:
			key, err = v.text()
		case 2:
			val, err = d.anyValue(v)
		}
		return err
	})
	return key, val, err
}

var anyNames = names{"stringValue": 1, "boolValue": 2, "intValue": 3, "doubleValue": 4, "arrayValue": 5, "kvlistValue": 6, "bytesValue": 7}

// anyValue reads a value of any kind.
func (d *decoder) anyValue(v value) (val any, err error) {
	if d.depth++; d.depth > d.limits.Depth {
		return nil, fmt.Errorf("a value nests more than %d levels deep", d.limits.Depth)
	}
	defer func() { d.depth-- }()
	err = each(v, anyNames, func(field int, v value) (err error) {
		switch field {
		case 1:
			val, err = v.text()
		case 2:
			val, err = v.truth()
		case 3:
			val, err = v.number()
		case 4:
			val, err = v.double()
		case 5:
			val, err = d.array(v)
		case 6:
			val, err = d.list(v)
		case 7:
			val, err = v.copied()
		}
		return err
	})
	return val, err
}

func (v value) copied() ([]byte, error) {
	b, err := v.octets()
	return append([]byte{}, b...), err
}

var listNames = names{"values": 1}

func (d *decoder) array(v value) ([]any, error) {
	all := []any{}
	err := each(v, listNames, func(field int, v value) error {
		if field != 1 {
			return nil
		}
		if err := d.another(); err != nil {
			return err
		}
		element, err := d.anyValue(v)
		all = append(all, element)
		return err
	})
	return all, err
}

func (d *decoder) list(v value) (map[string]any, error) {
	all := map[string]any{}
	err := each(v, listNames, func(field int, v value) error {
		if field != 1 {
			return nil
		}
		key, val, err := d.keyValue(v)
		all[key] = val
		return err
	})
	return all, err
}

var (
	resourceNames = names{"attributes": 1}
	scopeNames    = names{"name": 1, "version": 2}
)

// resource reads what is said of a whole process. An attribute with something wrong ends it, and costs no span.
func (d *decoder) resource(v value, to *[]genai.Attribute) error {
	d.item, d.depth = 0, 0
	wrong, err := apart(v, func(v value) error {
		return each(v, resourceNames, func(field int, v value) error {
			if field != 1 {
				return nil
			}
			return d.attribute(v, to)
		})
	})
	if errors.Is(wrong, ErrTooMuch) {
		return wrong
	}
	return err
}

func (d *decoder) scope(v value, to *genai.Scope) error {
	return each(v, scopeNames, func(field int, v value) (err error) {
		switch field {
		case 1:
			to.Name, err = v.text()
		case 2:
			to.Version, err = v.text()
		}
		return err
	})
}
