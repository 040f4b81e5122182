package jsonenc

import (
	"fmt"
	"reflect"
)

// PanicText is what a recovered value says of itself. It is for values that package fmt
// cannot print: one that holds itself or nests too deep exhausts fmt's stack, and one
// whose own Error panics with itself makes fmt panic. What is neither an error nor a
// Stringer, nor small and free of methods, is named by its type.
func PanicText(recovered any) (text string) {
	defer func() {
		if recover() != nil { // whatever its methods panicked with is not asked in turn
			text = fmt.Sprintf("a value of type %T", recovered)
		}
	}()
	switch r := recovered.(type) {
	case error:
		return r.Error()
	case fmt.Stringer:
		return r.String()
	}
	if parts := 1000; plain(reflect.ValueOf(recovered), 10, &parts) {
		return fmt.Sprint(recovered)
	}
	return fmt.Sprintf("a value of type %T", recovered)
}

// plain tells whether fmt can print v without calling a method, within so many levels and parts.
func plain(v reflect.Value, levels int, parts *int) bool {
	if *parts--; levels == 0 || *parts < 0 || !v.IsValid() || hasText(v.Type()) {
		return false
	}
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		return v.IsNil() || plain(v.Elem(), levels-1, parts)
	case reflect.Struct:
		for i := range v.NumField() {
			if !plain(v.Field(i), levels-1, parts) {
				return false
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if !plain(v.Index(i), levels-1, parts) {
				return false
			}
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			if !plain(it.Key(), levels-1, parts) || !plain(it.Value(), levels-1, parts) {
				return false
			}
		}
	}
	return true
}

// hasText tells whether fmt would call a method of the type.
func hasText(t reflect.Type) bool {
	return t.Kind() != reflect.Interface && (t.Implements(errorType) || t.Implements(stringerType) || t.Implements(formatterType))
}

var (
	stringerType  = reflect.TypeFor[fmt.Stringer]()
	formatterType = reflect.TypeFor[fmt.Formatter]()
)
