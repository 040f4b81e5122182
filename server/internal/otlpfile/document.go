package otlpfile

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/sentrial/sentrial-go/server/internal/otlp"
)

// document is JSON that stretches over lines: bodies one after the other, or in an array.
type document struct {
	in     *bounded
	d      *json.Decoder
	array  bool
	inside bool // the array
}

func newDocument(in io.Reader, array bool) *document {
	b := &bounded{from: in}
	return &document{in: b, d: json.NewDecoder(b), array: array}
}

func (doc *document) message() (Message, error) {
	doc.in.left = MaxMessage
	if doc.array && !doc.inside {
		if _, err := doc.d.Token(); err != nil { // the bracket
			return Message{}, doc.broken(err)
		}
		doc.inside = true
	}
	if doc.array && !doc.d.More() {
		return Message{}, doc.end()
	}
	var raw json.RawMessage
	switch err := doc.d.Decode(&raw); {
	case errors.Is(err, io.EOF) && !doc.array:
		return Message{}, io.EOF
	case err != nil:
		return Message{}, doc.broken(err)
	}
	return Message{Body: raw, Form: otlp.JSON, Place: fmt.Sprintf("byte:%d", doc.d.InputOffset()-int64(len(raw)))}, nil
}

// end looks whether the array was closed, and is alone.
func (doc *document) end() error {
	if _, err := doc.d.Token(); err != nil {
		return doc.broken(err)
	}
	if _, err := doc.d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("something follows the array, behind byte %d: expected one array, or one body a line", doc.d.InputOffset())
	}
	return io.EOF
}

// broken is an error after which the place of the next body is not known.
func (doc *document) broken(err error) error {
	at := doc.d.InputOffset()
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		at = syntax.Offset
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("the document cannot be read beyond byte %d: %w", at, err)
}

// bounded reads no more than is left: a document of one endless value is not to fill the memory.
type bounded struct {
	from io.Reader
	left int64
}

var errEndless = fmt.Errorf("a body in it is longer than %d MiB", MaxMessage>>20)

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errEndless
	}
	n, err := b.from.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}
