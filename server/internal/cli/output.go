package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/sentrial/sentrial-go/server/internal/console"
)

// sink is stdout; its errors are told apart from those of the network.
type sink struct{ w io.Writer }

func (s sink) Write(p []byte) (int, error) {
	n, err := s.w.Write(p)
	if err != nil {
		return n, &outputError{err}
	}
	return n, nil
}

// outputError means that stdout could not be written.
type outputError struct{ err error }

func (e *outputError) Error() string { return "cannot write the output: " + e.err.Error() }
func (e *outputError) Unwrap() error { return e.err }

// brokenPipe reports whether the reader of stdout went away, as head does: it has what it wanted.
func brokenPipe(err error) bool {
	var out *outputError
	return errors.As(err, &out) && (isBrokenPipe(out.err) || errors.Is(out.err, io.ErrClosedPipe))
}

// printJSON writes a document: into a pipe on one line, every value as the API sent it; for a person indented and
// harmless to look at.
func (a *app) printJSON(doc []byte) error {
	var out bytes.Buffer
	out.Grow(len(doc) + 1)
	shape := json.Compact
	person := a.stdout().Terminal
	if person {
		shape = indent
	}
	if err := shape(&out, doc); err != nil {
		return fmt.Errorf("the server sent malformed JSON: %w", err)
	}
	text := out.Bytes()
	if person {
		text = console.CleanJSON(text)
	}
	_, err := sink{a.out}.Write(append(text, '\n'))
	return err
}

func indent(out *bytes.Buffer, doc []byte) error { return json.Indent(out, doc, "", "  ") }

// listDocument is a list in the API's form.
func listDocument(data []json.RawMessage, next string) []byte {
	doc := append([]byte(`{"data":`), array(data)...)
	if next != "" {
		cursor, _ := json.Marshal(next)
		doc = append(append(doc, `,"next_cursor":`...), cursor...)
	}
	return append(doc, '}')
}

// array joins raw values, each byte as it was.
func array(values []json.RawMessage) []byte {
	doc := []byte{'['}
	for i, v := range values {
		if i > 0 {
			doc = append(doc, ',')
		}
		doc = append(doc, v...)
	}
	return append(doc, ']')
}
