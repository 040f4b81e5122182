package otlp

import (
	"encoding/base64"
	"encoding/hex"
)

// jsonID reads an id into to, in hexadecimal digits as OTLP/JSON has it, or in base64 as plain JSON of protobuf messages does: their lengths tell.
func (r *jsonReader) jsonID(to []byte, what string) error {
	text, err := r.text(what)
	if err != nil || text == "" {
		clear(to)
		return err
	}
	id, ok := idOf(text, len(to))
	if !ok && len(text) != 2*len(to) {
		r.wrong("a %s of %d characters: expected %d hexadecimal digits", what, len(text), 2*len(to))
	} else if !ok {
		r.wrong("a %s that is not in hexadecimal digits", what)
	}
	copy(to, id)
	return nil
}

func idOf(text string, size int) (id []byte, ok bool) {
	var err error
	switch len(text) {
	case 2 * size:
		id, err = hex.DecodeString(text)
	case base64.StdEncoding.EncodedLen(size):
		id, err = base64.StdEncoding.DecodeString(text)
	}
	return id, err == nil && len(id) == size
}
