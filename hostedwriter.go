package sentrial

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

// hostedWriter makes the body of one request on the hosted wire. It holds the fields of a record until each has found its place; what has none rides in the
// metadata, under its name on the batch wire.
type hostedWriter struct {
	buf    []byte
	fields [tagExtra]field
	left   [tagExtra]bool // present, and not written yet
	extras []field        // of kindMember
}

func newHostedWriter(record []byte) *hostedWriter {
	w := &hostedWriter{buf: make([]byte, 0, len(record)+len(record)/2)}
	for rest := record[recordHeader:]; len(rest) > 0; {
		var f field
		if f, rest = nextField(rest); f.kind == kindMember {
			w.extras = append(w.extras, f)
			continue
		}
		w.fields[f.tag], w.left[f.tag] = f, true
	}
	return w
}

// has tells whether the record has a field that was not written yet.
func (w *hostedWriter) has(t tag) bool { return w.left[t] }

// take gives a field away: it will not ride in the metadata.
func (w *hostedWriter) take(t tag) (f field, ok bool) {
	ok = w.left[t]
	w.left[t] = false
	return w.fields[t], ok
}

// textOf is the text of a field, wherever it is written.
func (w *hostedWriter) textOf(t tag) string { return string(w.fields[t].data) }

func (w *hostedWriter) open()  { w.buf = append(w.buf, '{') }
func (w *hostedWriter) close() { w.buf = append(w.buf, '}') }

// name begins a member of the object that is open.
func (w *hostedWriter) name(name string) {
	if w.buf[len(w.buf)-1] != '{' {
		w.buf = append(w.buf, ',')
	}
	w.buf = append(jsonenc.AppendString(w.buf, name), ':')
}

func (w *hostedWriter) text(name, value string) {
	w.name(name)
	w.buf = jsonenc.AppendString(w.buf, value)
}

func (w *hostedWriter) number(name string, n int64) {
	w.name(name)
	w.buf = strconv.AppendInt(w.buf, n, 10)
}

// count is number for what is left out when it is 0.
func (w *hostedWriter) count(name string, n int64) {
	if n > 0 {
		w.number(name, n)
	}
}

func (w *hostedWriter) raw(name, value string) {
	w.name(name)
	w.buf = append(w.buf, value...)
}

// field writes a field of the record, if it is there, under another name.
func (w *hostedWriter) field(name string, t tag) bool {
	f, ok := w.take(t)
	if ok {
		w.name(name)
		w.buf = appendData(w.buf, f)
	}
	return ok
}

// object is field for a place that takes objects only: another value is wrapped as {"value": …}, and so is an object that looks like one so wrapped.
func (w *hostedWriter) object(name string, t tag) {
	f, ok := w.take(t)
	if !ok {
		return
	}
	w.name(name)
	if isObject(f) && !isWrapped(f.data) {
		w.buf = append(w.buf, f.data...)
		return
	}
	w.buf = append(w.buf, `{"value":`...)
	w.buf = append(appendData(w.buf, f), '}')
}

func isObject(f field) bool {
	return f.kind == kindJSON && len(f.data) > 0 && f.data[0] == '{'
}

// isWrapped tells whether the only member of an object is "value".
func isWrapped(object []byte) bool {
	if !bytes.HasPrefix(bytes.TrimLeft(object[1:], " \t\r\n"), []byte(`"value"`)) {
		return false
	}
	var members map[string]json.RawMessage
	return json.Unmarshal(object, &members) == nil && len(members) == 1
}

// metadata writes what the user put there, what add has to say, and every field that has found no other place. A name that the user has used already gets a
// prefix: the user's stays as it is. Our own server reads the fields back, those named in rides as well: where the user has such a name and the event no such
// field, null under the prefixed name says so.
func (w *hostedWriter) metadata(rides []tag, add func(m *hostedMetadata)) {
	w.name("metadata")
	m := &hostedMetadata{w: w}
	if f, ok := w.take(tagMetadata); ok && isObject(f) {
		_ = json.Unmarshal(f.data, &m.taken) // it is of our own making
		w.buf = append(w.buf, f.data[:len(f.data)-1]...)
	} else {
		w.open()
	}
	add(m)
	for t := range tagExtra {
		m.field(tagNames[t], t)
	}
	m.extra()
	for _, t := range rides {
		m.disown(tagNames[t])
	}
	m.disown("event_type")
	m.disown("extra")
	w.close()
}

// hostedMetadata is the metadata object while it is written.
type hostedMetadata struct {
	w     *hostedWriter
	taken map[string]json.RawMessage // by the user, or by us with nil
}

// reservedPrefix begins the names of the SDK's own members where the user has used the plain ones.
const reservedPrefix = "sentrial_"

// claim gives the name under which a member of the SDK's is written.
func (m *hostedMetadata) claim(name string) string {
	for m.has(name) {
		name = reservedPrefix + name
	}
	if m.taken == nil {
		m.taken = make(map[string]json.RawMessage)
	}
	m.taken[name] = nil
	return name
}

func (m *hostedMetadata) field(name string, t tag) {
	if m.w.has(t) {
		m.w.field(m.claim(name), t)
	}
}

func (m *hostedMetadata) text(name, value string) {
	if value != "" {
		m.w.text(m.claim(name), value)
	}
}

// extra writes the members that this version of the SDK does not know.
func (m *hostedMetadata) extra() {
	if len(m.w.extras) > 0 {
		m.w.name(m.claim("extra"))
		m.w.open()
		m.w.members()
		m.w.close()
	}
}

// disown says that a name that the server reads is the user's, unless the SDK has something to say under it: the server reads the one with the most prefixes.
func (m *hostedMetadata) disown(name string) {
	read := name
	for m.has(reservedPrefix + read) {
		read = reservedPrefix + read
	}
	if m.taken[read] != nil {
		m.w.raw(m.claim(name), "null")
	}
}

func (m *hostedMetadata) has(name string) bool {
	_, taken := m.taken[name]
	return taken
}

// members writes what is unknown as it came.
func (w *hostedWriter) members() {
	for _, f := range w.extras {
		if w.buf[len(w.buf)-1] != '{' {
			w.buf = append(w.buf, ',')
		}
		w.buf = append(w.buf, f.data...)
	}
	w.extras = nil
}
