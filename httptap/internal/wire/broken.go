package wire

import (
	"bytes"
	"slices"
)

// broken gives the value that breaks off here, closed so that it is JSON; nil when there is none. A number that may have gone on becomes null, for half a number is
// another one.
func (v *values) broken() []byte {
	if len(v.open) == 0 {
		return nil
	}
	open := v.open
	if v.skip > 0 {
		open = open[:v.skip]
	} else {
		v.mend()
	}
	for _, bracket := range slices.Backward(open) {
		v.out = append(v.out, bracket+2)
	}
	value := v.out
	v.reset()
	return value
}

// mend completes what the end of the text left half said.
func (v *values) mend() {
	if v.text {
		v.mendText()
	}
	switch last := v.out[len(v.out)-1]; {
	case last == ',':
		v.out = v.out[:len(v.out)-1]
	case last == ':':
		v.out = append(v.out, "null"...)
	case last == '"' && v.naming:
		v.out = append(v.out, ":null"...)
	case bytes.IndexByte([]byte(`"{}[]`), last) < 0:
		v.mendWord()
	}
}

func (v *values) mendText() {
	if v.escape > 0 && !v.cutting {
		v.out = v.out[:v.escaped]
	}
	if !v.cutting {
		truncated := v.truncated
		v.cutText()
		v.truncated = truncated
	}
	v.out = append(v.out, '"')
	v.text, v.escape = false, 0
}

// mendWord completes a number, true, false or null.
func (v *values) mendWord() {
	start := len(v.out)
	for start > 0 && bytes.IndexByte([]byte(`{}[],:"`), v.out[start-1]) < 0 {
		start--
	}
	switch string(v.out[start:]) {
	case "true", "false", "null":
		return
	}
	v.out = append(v.out[:start], "null"...)
}
