package types

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

// object is a JSON object taken apart; of a name that comes twice the last value counts.
type object map[string]json.RawMessage

// readObject gives nil for null.
func readObject(data []byte) (object, error) {
	var o object
	if err := json.Unmarshal(data, &o); err != nil {
		return nil, &FieldError{Err: explain(err)}
	}
	return o, nil
}

// take moves the members that the fields name into them; null is absent. What remains in o is unknown to the fields.
func (o object) take(fields []field) error {
	for _, f := range fields {
		raw, ok := o[f.name]
		if !ok {
			continue
		}
		delete(o, f.name)
		if isNull(raw) {
			continue
		}
		if err := f.decode(raw); err != nil {
			return err
		}
	}
	return nil
}

// drop removes the members that the fields name.
func (o object) drop(fields []field) {
	for _, f := range fields {
		delete(o, f.name)
	}
}

func isNull(raw []byte) bool { return string(raw) == "null" }

// objectWriter puts a JSON object together. The zero value is ready to use.
type objectWriter struct{ buf bytes.Buffer }

// add writes the fields that are not empty.
func (w *objectWriter) add(fields []field) error {
	for _, f := range fields {
		if f.empty() && !f.always {
			continue
		}
		encoded, err := f.encode()
		if err != nil {
			return err
		}
		if err := w.member(f.name, encoded); err != nil {
			return err
		}
	}
	return nil
}

// addObject writes the members of o, sorted by name.
func (w *objectWriter) addObject(o object) error {
	for _, name := range slices.Sorted(maps.Keys(o)) {
		value := o[name]
		encoded, err := encode(value)
		if err != nil {
			return &FieldError{Field: name, Err: err}
		}
		if err := w.member(name, encoded); err != nil {
			return err
		}
	}
	return nil
}

func (w *objectWriter) member(name string, value json.RawMessage) error {
	key, err := encode(name)
	if err != nil {
		return err
	}
	if w.buf.Len() == 0 {
		w.buf.WriteByte('{')
	} else {
		w.buf.WriteByte(',')
	}
	w.buf.Write(key)
	w.buf.WriteByte(':')
	w.buf.Write(value)
	return nil
}

func (w *objectWriter) bytes() []byte {
	if w.buf.Len() == 0 {
		return []byte("{}")
	}
	return append(w.buf.Bytes(), '}')
}

// encode is json.Marshal without the escaping of <, > and &, which is left to whoever writes the whole.
func encode(v any) (json.RawMessage, error) {
	var buf bytes.Buffer
	encoder := json.NewEncoder(&buf)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}
