package jsonenc

import "reflect"

// walkStruct appends a struct as encoding/json does, tags obeyed.
func (e *encoder) walkStruct(dst []byte, v reflect.Value, fields []field) []byte {
	e.begin()
	if e.depth >= MaxDepth {
		return AppendMarker(dst, reasonTooDeep, v.Type().String())
	}
	e.depth++
	dst = e.walkFields(dst, v, fields)
	e.depth--
	return dst
}

func (e *encoder) walkFields(dst []byte, v reflect.Value, fields []field) []byte {
	sep := byte('{')
	for i := range fields {
		f := &fields[i]
		fv, ok := f.of(v)
		if !ok || f.omitEmpty && isEmpty(fv) || f.omitZero && isZero(fv) {
			continue
		}
		if e.full(dst) {
			return appendRestOmitted(dst, sep, '}')
		}
		dst = append(append(dst, sep), f.prefix...)
		if f.quoted {
			dst = e.quoted(dst, fv)
		} else {
			dst = e.walk(dst, fv)
		}
		sep = ','
	}
	if sep == '{' {
		dst = append(dst, '{')
	}
	return append(dst, '}')
}

// of returns the field's value in v, unless it lies behind an embedded pointer that is nil.
func (f *field) of(v reflect.Value) (fv reflect.Value, ok bool) {
	for _, i := range f.index {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return reflect.Value{}, false
			}
			v = v.Elem()
		}
		v = v.Field(i)
	}
	return v, true
}

// quoted appends a simple value inside a string, as the option "string" asks.
func (e *encoder) quoted(dst []byte, v reflect.Value) []byte {
	if v.Kind() == reflect.Pointer && v.Type().Name() == "" {
		if v.IsNil() {
			return append(dst, "null"...)
		}
		v = v.Elem()
	}
	if infoOf(v.Type()).method(v.CanAddr()) != noMethod {
		return e.walk(dst, v)
	}
	plain := appendScalar(nil, v)
	if plain[0] == '{' {
		return append(dst, plain...) // a marker stays an object
	}
	return AppendString(dst, string(plain))
}

// isEmpty is what the option "omitempty" leaves out.
func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct, reflect.Chan, reflect.Func, reflect.Complex64, reflect.Complex128, reflect.UnsafePointer:
		return false
	}
	return v.IsZero()
}

type zeroer interface{ IsZero() bool }

var zeroerType = reflect.TypeFor[zeroer]()

// isZero is what the option "omitzero" leaves out: the type's own IsZero decides where
// there is one. One that panics has not said so.
func isZero(v reflect.Value) (zero bool) {
	defer func() {
		if recover() != nil {
			zero = false
		}
	}()
	t := v.Type()
	switch {
	case t.Implements(zeroerType):
		return isNil(v) || v.Interface().(zeroer).IsZero()
	case reflect.PointerTo(t).Implements(zeroerType):
		return addressOf(v).Interface().(zeroer).IsZero()
	}
	return v.IsZero()
}

// isNil tells whether no method can be called on v.
func isNil(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Interface:
		return v.IsNil() || isNil(v.Elem())
	case reflect.Pointer:
		return v.IsNil()
	}
	return false
}

// addressOf returns a pointer to v, or to a copy of it.
func addressOf(v reflect.Value) reflect.Value {
	if v.CanAddr() {
		return v.Addr()
	}
	p := reflect.New(v.Type())
	p.Elem().Set(v)
	return p
}
