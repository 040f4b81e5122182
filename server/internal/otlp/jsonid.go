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
	var id []byte
	switch len(text) {
	case 2 * len(to):
		id, err = hex.DecodeString(text)
	case base64.StdEncoding.EncodedLen(len(to)):
		id, err = base64.StdEncoding.DecodeString(text)
	default:
		r.wrong("a %s of %d characters: expected %d hexadecimal digits", what, len(text), 2*len(to))
		return nil
	}
	if err != nil {
		r.wrong("a %s that is not in hexadecimal digits", what)
		return nil
	}
	r.id(to, id, what)
	return nil
}
