package server

import "slices"

// maxFieldNames is how many names of fields there may be.
const maxFieldNames = 128

// fieldNames numbers the names of the fields that some event has, so that a member's name is looked up once, whatever its event turns out
// to be. A few names of the same length are compared faster than one is hashed.
type fieldNames struct {
	byLength [32][]fieldName
	next     uint8
}

type fieldName struct {
	text     string
	number   uint8
	reserved bool
}

// names are all there are. The reserved ones are those that the server adds to an event when it returns it; what a client sends under them is
// dropped, so that an event read from one server can be sent to another.
var (
	names    = newFieldNames("position", "received_at", "client_id", "clock_skew_ms")
	idNumber = names.add("id")
)

func newFieldNames(reserved ...string) *fieldNames {
	n := new(fieldNames)
	for _, name := range reserved {
		n.add(name)
		n.find([]byte(name)).reserved = true
	}
	return n
}

// add returns the number of a name, a new one when it has none yet.
func (n *fieldNames) add(name string) uint8 {
	if known := n.find([]byte(name)); known != nil {
		return known.number
	}
	if n.next == maxFieldNames {
		panic("there are more names of fields than maxFieldNames")
	}
	n.byLength[len(name)] = append(n.byLength[len(name)], fieldName{text: name, number: n.next})
	n.next++
	return n.next - 1
}

// find returns what is known of a name, nil when no field has it.
func (n *fieldNames) find(name []byte) *fieldName {
	if len(name) >= len(n.byLength) {
		return nil
	}
	same := n.byLength[len(name)]
	if i := slices.IndexFunc(same, func(f fieldName) bool { return f.text == string(name) }); i >= 0 {
		return &same[i]
	}
	return nil
}
