package jsonindex

// peek gives the next byte that is no space; 0 at the end.
func (x *Index) peek() byte {
	for ; x.at < len(x.text); x.at++ {
		if c := x.text[x.at]; c > ' ' || c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			return c
		}
	}
	return 0
}

// special are the bytes that mean something inside of a string, or may not be there.
var special = func() (table [256]bool) {
	for c := range ' ' {
		table[c] = true
	}
	table['"'], table['\\'] = true, true
	return table
}()

// string reads one with its quotes.
func (x *Index) string() (escaped, ok bool) {
	text, i := x.text, x.at+1
	for {
		for i < len(text) && !special[text[i]] {
			i++
		}
		x.at = i
		switch {
		case i == len(text) || text[i] < ' ':
			return escaped, false
		case text[i] == '"':
			x.at++
			return escaped, true
		}
		escaped = true
		n := escapeLen(text[i:])
		if n == 0 {
			return escaped, false
		}
		i += n
	}
}

// escapeLen is how long the escape is that text begins with; 0 for what is none.
func escapeLen(text []byte) int {
	if len(text) < 2 {
		return 0
	}
	switch text[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if len(text) >= 6 && hex(text[2:6]) >= 0 {
			return 6
		}
	}
	return 0
}

// word reads one of the words of JSON.
func (x *Index) word(word string) bool {
	if len(x.text)-x.at < len(word) || string(x.text[x.at:x.at+len(word)]) != word {
		return false
	}
	x.at += len(word)
	return true
}

// number reads one. What may follow it is not looked at.
func (x *Index) number() bool {
	x.skip('-', '-')
	if !x.skip('0', '0') && !x.digits() {
		return false
	}
	if x.skip('.', '.') && !x.digits() {
		return false
	}
	if x.skip('e', 'e') || x.skip('E', 'E') {
		_ = x.skip('+', '+') || x.skip('-', '-')
		return x.digits()
	}
	return true
}

// skip passes a byte of a range, if one is there.
func (x *Index) skip(from, to byte) bool {
	if x.at == len(x.text) || x.text[x.at] < from || x.text[x.at] > to {
		return false
	}
	x.at++
	return true
}

func (x *Index) digits() bool {
	begin := x.at
	for x.skip('0', '9') {
	}
	return x.at > begin
}
