package jsonenc

import (
	"cmp"
	"iter"
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// field is a member that encoding/json would write for a struct type.
type field struct {
	name      string // the member's name
	prefix    string // the name quoted, with its colon
	index     []int
	tagged    bool // the name comes from a tag
	omitEmpty bool
	omitZero  bool
	quoted    bool // the option "string"
}

// fieldsOf lists a struct's members, those of embedded structs among them, by the rules of
// encoding/json: of several with one name the least deep wins, then the tagged one; when
// two are left, there is none.
func fieldsOf(t reflect.Type) []field {
	found := collectFields(t)
	slices.SortStableFunc(found, func(a, b field) int {
		return cmp.Or(strings.Compare(a.name, b.name), cmp.Compare(len(a.index), len(b.index)), taggedFirst(a, b))
	})
	var fields []field
	for start := 0; start < len(found); {
		end := start + 1
		for end < len(found) && found[end].name == found[start].name {
			end++
		}
		if end == start+1 || outranks(found[start], found[start+1]) {
			fields = append(fields, found[start])
		}
		start = end
	}
	slices.SortFunc(fields, func(a, b field) int { return slices.Compare(a.index, b.index) })
	return fields
}

func taggedFirst(a, b field) int {
	switch {
	case a.tagged == b.tagged:
		return 0
	case a.tagged:
		return -1
	}
	return 1
}

func outranks(a, b field) bool { return len(a.index) != len(b.index) || a.tagged != b.tagged }

// embedded is a struct whose fields count as those of the struct around it.
type embedded struct {
	typ   reflect.Type
	index []int
}

// collectFields finds all candidates, level by level. A type seen on an earlier level adds
// nothing; one that occurs twice on a level cancels itself out, so it is entered twice.
func collectFields(t reflect.Type) []field {
	var found []field
	seen := map[reflect.Type]bool{}
	for level := []embedded{{typ: t}}; len(level) > 0; {
		var next []embedded
		times := map[reflect.Type]int{}
		for _, em := range level {
			times[em.typ]++
		}
		for _, em := range level {
			if seen[em.typ] {
				continue
			}
			seen[em.typ] = true
			fields, inner := fieldsOfLevel(em)
			found = append(found, fields...)
			if times[em.typ] > 1 {
				found = append(found, fields...)
			}
			next = append(next, inner...)
		}
		level = next
	}
	return found
}

func fieldsOfLevel(em embedded) (fields []field, inner []embedded) {
	for sf := range structFields(em.typ) {
		tag := sf.Tag.Get("json")
		if tag == "-" {
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		if !validName(name) {
			name = ""
		}
		index := append(slices.Clone(em.index), sf.Index...)
		if elem := pointee(sf.Type); sf.Anonymous && name == "" && elem.Kind() == reflect.Struct {
			inner = append(inner, embedded{typ: elem, index: index})
			continue
		}
		fields = append(fields, newField(sf, name, options, index))
	}
	return fields, inner
}

// structFields yields the fields that may count: the exported ones, and embedded structs
// even when unexported, since they may have exported fields.
func structFields(t reflect.Type) iter.Seq[reflect.StructField] {
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			sf := t.Field(i)
			counts := sf.IsExported() || sf.Anonymous && pointee(sf.Type).Kind() == reflect.Struct
			if counts && !yield(sf) {
				return
			}
		}
	}
}

func newField(sf reflect.StructField, name, options string, index []int) field {
	f := field{name: cmp.Or(name, sf.Name), index: index, tagged: name != ""}
	f.prefix = string(AppendString(nil, f.name)) + ":"
	for option := range strings.SplitSeq(options, ",") {
		switch option {
		case "omitempty":
			f.omitEmpty = true
		case "omitzero":
			f.omitZero = true
		case "string":
			f.quoted = quotable(pointee(sf.Type).Kind())
		}
	}
	return f
}

// pointee is what an unnamed pointer type points to; any other type is itself.
func pointee(t reflect.Type) reflect.Type {
	if t.Name() == "" && t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

func quotable(k reflect.Kind) bool {
	return k == reflect.String || k >= reflect.Bool && k <= reflect.Float64
}

// validName tells whether a tag's name may be a member's name.
func validName(name string) bool {
	for _, c := range name {
		if !strings.ContainsRune("!#$%&()*+-./:;<=>?@[]^_{|}~ ", c) && !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			return false
		}
	}
	return name != ""
}
