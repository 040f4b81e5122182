package jsonenc

import (
	"encoding"
	"encoding/json"
	"reflect"
	"sync"
)

// method is how a type makes its own JSON.
type method uint8

const (
	noMethod method = iota
	marshalText
	marshalJSON
)

// typeInfo is what the walk wants to know of a type, found once.
type typeInfo struct {
	byValue   method // of any value
	byAddress method // of one that can be addressed: pointer receivers count too
	trusted   bool   // the method is the standard library's
	isError   bool
	plainByte bool    // a byte with no method: slices of it are base64
	fields    []field // of a struct
	known     known   // whether the type switch has a case for it
}

func (t *typeInfo) method(addressable bool) method {
	if addressable {
		return t.byAddress
	}
	return t.byValue
}

var (
	infos sync.Map // reflect.Type to *typeInfo

	marshalerType     = reflect.TypeFor[json.Marshaler]()
	textMarshalerType = reflect.TypeFor[encoding.TextMarshaler]()
	errorType         = reflect.TypeFor[error]()
	numberType        = reflect.TypeFor[json.Number]()
)

func infoOf(t reflect.Type) *typeInfo {
	if info, ok := infos.Load(t); ok {
		return info.(*typeInfo)
	}
	info, _ := infos.LoadOrStore(t, newTypeInfo(t))
	return info.(*typeInfo)
}

func newTypeInfo(t reflect.Type) *typeInfo {
	info := &typeInfo{
		byValue: methodOf(t),
		trusted: trustedPackages[packageOf(t)],
		isError: t.Implements(errorType),
		known:   knownTypes[t],
	}
	info.byAddress = info.byValue
	if t.Kind() != reflect.Pointer && t.Kind() != reflect.Interface {
		info.byAddress = methodOf(reflect.PointerTo(t))
	}
	info.plainByte = t.Kind() == reflect.Uint8 && info.byAddress == noMethod
	if t.Kind() == reflect.Struct {
		info.fields = fieldsOf(t)
	}
	return info
}

func methodOf(t reflect.Type) method {
	switch {
	case t.Kind() == reflect.Interface:
		return noMethod // what it holds decides
	case t.Implements(marshalerType):
		return marshalJSON
	case t.Implements(textMarshalerType):
		return marshalText
	}
	return noMethod
}

// trustedPackages are the standard library's with MarshalJSON or MarshalText. They are
// listed because a path without a dot proves nothing: main has none, nor have many modules
// that are never published.
var trustedPackages = map[string]bool{
	"crypto/x509": true, "encoding/json": true, "encoding/json/jsontext": true, "log/slog": true,
	"math/big": true, "net": true, "net/netip": true, "regexp": true, "time": true,
}

func packageOf(t reflect.Type) string {
	if t.Kind() == reflect.Pointer && t.Name() == "" {
		t = t.Elem()
	}
	return t.PkgPath()
}

func typeName(v any) string { return reflect.TypeOf(v).String() }
