// Package otlpfile reads files of spans and log records: what the Collector's file exporter writes, and whatever else keeps OTLP bodies.
package otlpfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/sentrial/sentrial-go/server/internal/bulk"
	"github.com/sentrial/sentrial-go/server/internal/otlp"
)

// MaxMessage is the longest message that is read, in bytes.
const MaxMessage = 256 << 20

// Message is one body of a file, or what is wrong in its place.
type Message struct {
	Body  []byte // until the next call of Next
	Form  otlp.Form
	Place string // line:N, or byte:N where it begins
	Err   error  // why there is no Body; the messages behind it are read all the same
}

// File reads the messages of a file, compressed with gzip or zstd or not: OTLP/JSON, one body a line or as documents one after the other or in an array; one
// protobuf message; or protobuf messages with their lengths before them.
type File struct {
	next  func() (Message, error)
	close func()
}

// Open looks at the beginning of r and reads what it is.
func Open(r io.Reader) (*File, error) {
	plain, done, err := bulk.Decompress(bufio.NewReaderSize(r, 64<<10))
	if err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(plain, 256<<10)
	if mark, err := in.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" {
		_, _ = in.Discard(len(mark)) // which some editors put before UTF-8
	}
	next, err := reading(in)
	if err != nil {
		done()
		return nil, err
	}
	return &File{next: next, close: done}, nil
}

// Next returns the next message, or io.EOF after the last. Any other error means that nothing more can be read.
func (f *File) Next() (Message, error) { return f.next() }

// Close gives the memory of decompression back.
func (f *File) Close() { f.close() }

// protobuf messages begin with the tag of their first field; the length of one that comes before it is less than MaxMessage, so its first byte never looks so.
const firstTag = 0x0a

var errForm = errors.New("it is no OTLP: expected JSON, a protobuf message, or protobuf messages with four bytes of length before each")

// reading finds the form of what is in.
func reading(in *bufio.Reader) (func() (Message, error), error) {
	head, err := in.Peek(1)
	switch {
	case errors.Is(err, io.EOF):
		return func() (Message, error) { return Message{}, io.EOF }, nil
	case err != nil:
		return nil, err
	case isText(in):
		return (&text{in: in}).message, nil
	case head[0] == firstTag:
		return (&whole{in: in}).message, nil
	case head[0] < firstTag:
		return (&frames{in: in}).message, nil
	}
	return nil, errForm
}

// maxSpace is how much white space may stand before a text.
const maxSpace = 4096

// isText reports whether in begins like JSON: with a bracket, and behind that of an object a name. A line feed alone is no sign of it, for protobuf begins with one.
func isText(in *bufio.Reader) bool {
	opening, at := nextSign(in, 0)
	if opening == '[' {
		return true
	}
	behind, _ := nextSign(in, at+1)
	return opening == '{' && (behind == '"' || behind == '}')
}

// nextSign finds what is not white space from there on; 0 is the end.
func nextSign(in *bufio.Reader, at int) (sign byte, where int) {
	for ; at < maxSpace; at++ {
		head, err := in.Peek(at + 1)
		if err != nil {
			return 0, at
		}
		switch c := head[at]; c {
		case ' ', '\t', '\r', '\n':
		default:
			return c, at
		}
	}
	return 0, at
}

// whole is a file that is one message.
type whole struct {
	in   *bufio.Reader
	done bool
}

func (w *whole) message() (Message, error) {
	if w.done {
		return Message{}, io.EOF
	}
	w.done = true
	body, err := io.ReadAll(io.LimitReader(w.in, MaxMessage+1))
	if err == nil && len(body) > MaxMessage {
		err = fmt.Errorf("the message is longer than %d MiB", MaxMessage>>20)
	}
	return Message{Body: body, Form: otlp.Protobuf, Place: "byte:0"}, err
}
