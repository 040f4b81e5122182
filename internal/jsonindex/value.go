package jsonindex

// Value is one in a text, or none, of which everything is empty. It is there until the Index reads the next text.
type Value struct {
	index *Index
	at    int
}

// There tells whether it is one.
func (v Value) There() bool { return v.index != nil }

// Kind is the first byte of a value: that of an object, a list, a string, a word or a number; 0 of none.
func (v Value) Kind() byte {
	if v.index == nil {
		return 0
	}
	return v.node().kind
}

// Raw is how the value is written.
func (v Value) Raw() []byte {
	if v.index == nil {
		return nil
	}
	n := v.node()
	return v.index.text[n.at:n.end:n.end]
}

func (v Value) node() *node { return &v.index.nodes[v.at] }

// inside are the nodes of an object or a list.
func (v Value) inside() []node {
	if v.index == nil {
		return nil
	}
	return v.index.nodes[v.at+1 : v.at+int(v.node().size)]
}

// Empty tells whether there is nothing in it.
func (v Value) Empty() bool { return len(v.inside()) == 0 }

// Get gives the member of an object that has a name, the last of several.
func (v Value) Get(name string) (found Value) {
	if v.Kind() != '{' {
		return found
	}
	nodes := v.inside()
	for i := 0; i < len(nodes); i += int(nodes[i].size) {
		if v.index.named(&nodes[i], name) {
			found = Value{v.index, v.at + 1 + i}
		}
	}
	return found
}

// Items goes through a list.
func (v Value) Items(yield func(Value) bool) {
	if v.Kind() != '[' {
		return
	}
	nodes := v.inside()
	for i := 0; i < len(nodes); i += int(nodes[i].size) {
		if !yield(Value{v.index, v.at + 1 + i}) {
			return
		}
	}
}

// Members goes through an object, in the order of the text.
func (v Value) Members(yield func(string, Value) bool) {
	if v.Kind() != '{' {
		return
	}
	nodes := v.inside()
	for i := 0; i < len(nodes); i += int(nodes[i].size) {
		if !yield(v.index.nameOf(&nodes[i]), Value{v.index, v.at + 1 + i}) {
			return
		}
	}
}

func (x *Index) named(n *node, name string) bool {
	if n.nameEscaped {
		return x.nameOf(n) == name
	}
	return string(x.text[n.name:n.nameEnd]) == name
}

func (x *Index) nameOf(n *node) string {
	name := x.text[n.name:n.nameEnd]
	if n.nameEscaped {
		name = appendText(nil, name, true)
	}
	return string(name)
}
