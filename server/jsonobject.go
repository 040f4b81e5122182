package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"

	"github.com/sentrial/sentrial-go/server/internal/jsonscan"
)

// sentObject is a JSON object that came, its members in their order. What is taken from it is gone, so that what nobody wanted can be kept.
type sentObject struct {
	members []member
	names   map[string]struct{} // of the members: most are asked for in vain, and there may be a great many
}

// member of an object.
type member struct {
	key     []byte // without escapes
	written []byte // the key as it is written, without its quotes
	value   []byte // as it is written
}

// readObject takes apart a JSON text that is known to be an object.
func readObject(raw []byte) (sentObject, *problem) {
	o := sentObject{names: make(map[string]struct{})}
	scan := jsonscan.New(raw)
	err := scan.Members(func(written []byte) error {
		value, _, err := scan.Value()
		key := unquoteKey(written)
		if o.has(key) {
			return errors.Join(err, errors.New(quote(key)+" occurs twice"))
		}
		o.names[key] = struct{}{}
		o.members = append(o.members, member{[]byte(key), written, value})
		return err
	})
	if err != nil {
		return sentObject{}, wrong(err.Error())
	}
	return o, nil
}

func (o *sentObject) find(name string) int {
	if !o.has(name) {
		return -1
	}
	return slices.IndexFunc(o.members, func(m member) bool { return string(m.key) == name })
}

func (o *sentObject) has(name string) bool {
	_, has := o.names[name]
	return has
}

// value returns a member's value, nil when there is none.
func (o *sentObject) value(name string) []byte {
	if i := o.find(name); i >= 0 {
		return o.members[i].value
	}
	return nil
}

// take removes a member and returns its value, nil when there is none and for null.
func (o *sentObject) take(name string) []byte {
	i := o.find(name)
	if i < 0 {
		return nil
	}
	value := o.members[i].value
	delete(o.names, name)
	o.members = slices.Delete(o.members, i, i+1)
	if isNull(value) {
		return nil
	}
	return value
}

// removeIf removes the members of which that holds.
func (o *sentObject) removeIf(gone func(m *member) bool) {
	o.members = slices.DeleteFunc(o.members, func(m member) bool {
		if !gone(&m) {
			return false
		}
		delete(o.names, string(m.key))
		return true
	})
}

// dropNulls removes the members that are null.
func (o *sentObject) dropNulls() { o.removeIf(func(m *member) bool { return isNull(m.value) }) }

// put adds a member that the object lacks.
func (o *sentObject) put(name string, value []byte) {
	written := quoted(name)
	if o.names == nil {
		o.names = make(map[string]struct{})
	}
	o.names[name] = struct{}{}
	o.members = append(o.members, member{key: []byte(name), written: written[1 : len(written)-1], value: value})
}

// text is the JSON of what is left, nil when that is nothing.
func (o *sentObject) text() []byte {
	if len(o.members) == 0 {
		return nil
	}
	var w objectWriter
	for i := range o.members {
		w.member(o.members[i].written, o.members[i].value)
	}
	return w.end()
}

// objectWriter puts a JSON object together. Values that are nil are left out.
type objectWriter struct{ out []byte }

func (w *objectWriter) raw(name string, value []byte) {
	if value != nil {
		w.member([]byte(name), value)
	}
}

// filled is raw for texts that say nothing when they are empty.
func (w *objectWriter) filled(name string, value []byte) {
	if string(value) != `""` {
		w.raw(name, value)
	}
}

// counted is raw for counts, of which 0 is none.
func (w *objectWriter) counted(name string, value []byte) {
	if string(value) != "0" {
		w.raw(name, value)
	}
}

func (w *objectWriter) text(name, value string) {
	if value != "" {
		w.member([]byte(name), quoted(value))
	}
}

func (w *objectWriter) member(written, value []byte) {
	separator := byte(',')
	if len(w.out) == 0 {
		separator = '{'
	}
	w.out = append(append(append(w.out, separator, '"'), written...), `":`...)
	w.out = append(w.out, value...)
}

func (w *objectWriter) end() []byte {
	if len(w.out) == 0 {
		return []byte("{}")
	}
	return append(w.out, '}')
}

// quoted is text as a JSON string.
func quoted(text string) []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(text); err != nil {
		panic(err) // a string
	}
	return bytes.TrimSpace(out.Bytes())
}
