package sentrial

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// A value that looks like a reference to content sent before, or a list of some, would be waited for in vain, so it is sent inside another object.
var (
	reference = []byte(`{"$ref":"`)
	wrapping  = []byte(`{"value":`)
)

// wrapReference wraps the JSON that begins at the index at.
func (s *scratch) wrapReference(at int) {
	v := s.buf[at:]
	if bytes.HasPrefix(v, reference) && isReference(v) || v[0] == '[' && bytes.Contains(v, reference) && hasReference(v) {
		s.buf = append(slices.Insert(s.buf, at, wrapping...), '}')
	}
}

func isReference(v json.RawMessage) bool {
	var object map[string]string
	return json.Unmarshal(v, &object) == nil && len(object) == 1 && strings.HasPrefix(object["$ref"], "sha256:")
}

func hasReference(list []byte) bool {
	var elements []json.RawMessage
	return json.Unmarshal(list, &elements) == nil && slices.ContainsFunc(elements, isReference)
}
