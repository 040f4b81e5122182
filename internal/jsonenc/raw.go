package jsonenc

import "encoding/json"

func (e *encoder) rawMessage(dst []byte, r json.RawMessage) []byte {
	if r == nil {
		return append(dst, "null"...)
	}
	return appendRaw(dst, r, e.depth, "json.RawMessage")
}

// appendRaw appends foreign JSON without its white space and with invalid UTF-8 replaced,
// or a marker when it is not exactly one JSON value. Parts that nest too deep for a place
// that is itself at the given depth become markers.
func appendRaw(dst, src []byte, depth int, goType string) []byte {
	s := scanner{src: src, dst: dst, maxDepth: MaxDepth - depth, goType: goType}
	if reason := s.document(); reason != "" {
		return AppendMarker(dst, reason, goType)
	}
	return s.dst
}

// Valid tells whether src is one JSON value, with white space around it or not, that
// nests at most depth levels. Invalid UTF-8 is no fault, as it can be replaced.
func Valid(src []byte, depth int) bool {
	s := scanner{src: src, checkOnly: true, maxDepth: depth}
	return s.document() == ""
}
