package jsonindex

// AppendCompact appends how a value is written, without the spaces around what is inside of it.
func (v Value) AppendCompact(dst []byte) []byte {
	for raw := v.Raw(); len(raw) > 0; {
		n := 1
		switch raw[0] {
		case ' ', '\t', '\r', '\n':
			raw = raw[1:]
			continue
		case '"':
			n = stringLen(raw)
		}
		dst, raw = append(dst, raw[:n]...), raw[n:]
	}
	return dst
}

// stringLen is how long the string is that raw begins with.
func stringLen(raw []byte) int {
	i := 1
	for raw[i] != '"' {
		if raw[i] == '\\' {
			i++
		}
		i++
	}
	return i + 1
}
