package otlpfile

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/sentrial/sentrial-go/server/internal/jsonscan"
	"github.com/sentrial/sentrial-go/server/internal/otlp"
)

// text is JSON: a body on each line if the first line is one, or is broken by itself; else documents that stretch over lines.
type text struct {
	in     *bufio.Reader
	next   func() (Message, error) // nil until the first line was seen
	number int64                   // of the latest line
	long   []byte                  // a line that is longer than the buffer of in
}

func (t *text) message() (Message, error) {
	if t.next == nil {
		return t.first()
	}
	return t.next()
}

// first finds out which of the two it is.
func (t *text) first() (Message, error) {
	var before bytes.Buffer
	for {
		line, err := t.line()
		if broke(err) {
			return Message{}, fmt.Errorf("line %d cannot be read: %w", t.number, err)
		}
		before.Write(line)
		if body := bytes.TrimSpace(line); len(body) > 0 {
			if goesOn(body) {
				t.next = newDocument(io.MultiReader(&before, t.in), body[0] == '[').message
				return t.next()
			}
			t.next = t.lineMessage
			return t.made(body), nil
		}
		if err != nil {
			return Message{}, err
		}
	}
}

// goesOn reports whether a line is the beginning of a document, or an array of bodies.
func goesOn(line []byte) bool {
	_, _, err := jsonscan.New(line).Value()
	syntax, ok := errors.AsType[*jsonscan.SyntaxError](err)
	return line[0] == '[' || ok && syntax.Offset == len(line)
}

// lineMessage is the body on the next line that is not empty.
func (t *text) lineMessage() (Message, error) {
	for {
		line, err := t.line()
		if broke(err) {
			return Message{}, fmt.Errorf("line %d cannot be read: %w", t.number, err)
		}
		if body := bytes.TrimSpace(line); len(body) > 0 {
			return t.made(body), nil
		}
		if err != nil {
			return Message{}, err
		}
	}
}

func (t *text) made(body []byte) Message {
	return Message{Body: body, Form: otlp.JSON, Place: fmt.Sprintf("line:%d", t.number)}
}

// broke reports whether an error is more than the end of the file.
func broke(err error) bool { return err != nil && !errors.Is(err, io.EOF) }

// line reads the next line; at the end of the file io.EOF comes with what is left.
func (t *text) line() ([]byte, error) {
	t.number++
	t.long = t.long[:0]
	for {
		piece, err := t.in.ReadSlice('\n')
		if !errors.Is(err, bufio.ErrBufferFull) && len(t.long) == 0 {
			return piece, err
		}
		if t.long = append(t.long, piece...); len(t.long) > MaxMessage {
			return nil, fmt.Errorf("it is longer than %d MiB", MaxMessage>>20)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return t.long, err
		}
	}
}
