package bulk

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// lists are the names under which documents hold events: that of a request, and that of a reply.
var lists = []string{"events", "data"}

// peeked is how far the beginning of a file is looked at.
const peeked = 64 << 10

// isDocument reports whether in holds one JSON document instead of an event on each line. It waits for no more than it takes to tell.
func isDocument(in *bufio.Reader) bool {
	for size := 1; size <= peeked; size++ {
		if _, err := in.Peek(size); err != nil {
			return false
		}
		size = min(max(size, in.Buffered()), peeked)
		head, _ := in.Peek(size)
		if is, known := beginsDocument(head); known {
			return is
		}
	}
	return false
}

// beginsDocument looks at the first member: an event has none of these names, of that kind. An array is one of events.
func beginsDocument(head []byte) (is, known bool) {
	d := json.NewDecoder(bytes.NewReader(head))
	opening, err := d.Token()
	if err != nil || opening != json.Delim('{') {
		return opening == json.Delim('['), !cut(err)
	}
	key, err := d.Token()
	if err != nil {
		return false, !cut(err)
	}
	want, ok := opens[key]
	if !ok {
		return false, true
	}
	value, err := d.Token()
	return err == nil && value == want, !cut(err)
}

// opens are the members that a document may begin with, and how their values do.
var opens = map[json.Token]json.Token{"events": json.Delim('['), "data": json.Delim('['), "client": json.Delim('{'), "session": json.Delim('{')}

// cut reports whether an error only says that the text goes on.
func cut(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }

// document reads the events of {"events":[...]} or [...], one at a time.
type document struct {
	in     *bounded
	d      *json.Decoder
	number int64
	inside bool // the list
	bare   bool // it is the whole document
	client json.RawMessage
}

func newDocument(in io.Reader) *document {
	b := &bounded{from: in}
	return &document{in: b, d: json.NewDecoder(b)}
}

func (doc *document) event() (Event, error) {
	doc.in.left = 2 * MaxEvent
	if !doc.inside {
		if err := doc.find(); err != nil {
			return Event{}, err
		}
	}
	if !doc.d.More() {
		return Event{}, doc.end()
	}
	var raw json.RawMessage
	if err := doc.d.Decode(&raw); err != nil {
		return Event{}, doc.broken(err)
	}
	doc.number++
	if len(raw) > MaxEvent {
		return Event{Number: doc.number, Err: fmt.Errorf("the event is longer than %d MiB", MaxEvent>>20)}, nil
	}
	return Event{Raw: raw, Client: doc.client, Number: doc.number}, nil
}

// find goes to the first element of the list.
func (doc *document) find() error {
	opening, err := doc.d.Token()
	if err != nil {
		return doc.broken(err)
	}
	if opening == json.Delim('[') {
		doc.bare, doc.inside = true, true
		return nil
	}
	for doc.d.More() {
		key, err := doc.d.Token()
		if err != nil {
			return doc.broken(err)
		}
		if name, ok := key.(string); ok && slices.Contains(lists, name) {
			return doc.enter(name)
		}
		var other json.RawMessage
		if err := doc.d.Decode(&other); err != nil {
			return doc.broken(err)
		}
		if key == "client" && other[0] == '{' {
			doc.client = other
		}
	}
	return errors.New("the document has no events: expected an array named events")
}

func (doc *document) enter(name string) error {
	opening, err := doc.d.Token()
	if err != nil {
		return doc.broken(err)
	}
	if opening != json.Delim('[') {
		return fmt.Errorf("%s is no array of events", name)
	}
	doc.inside = true
	return nil
}

// end looks whether the list was closed: the file may have been cut. An array that is not alone would lose the others without a word.
func (doc *document) end() error {
	if _, err := doc.d.Token(); err != nil {
		return doc.broken(err)
	}
	if !doc.bare {
		return io.EOF
	}
	if _, err := doc.d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("something follows the array, behind event %d: expected one array, or one event a line", doc.number)
	}
	return io.EOF
}

// broken is an error after which the place of the next event is not known.
func (doc *document) broken(err error) error {
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("the document cannot be read beyond event %d: %w", doc.number, err)
}

// bounded reads no more than is left: a document of one endless value is not to fill the memory.
type bounded struct {
	from io.Reader
	left int64
}

var errEndless = fmt.Errorf("a value in it is longer than %d MiB", 2*MaxEvent>>20)

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errEndless
	}
	n, err := b.from.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}
