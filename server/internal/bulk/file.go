// Package bulk brings files of events into a store: it reads them whatever their form, and sends what they hold in large batches.
package bulk

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strconv"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// MaxEvent is the longest event that is read, in bytes. A server takes less.
const MaxEvent = 4 << 20

// Event is one event of a file, or what is wrong in its place.
type Event struct {
	Raw    []byte // until the next call of Next
	Client []byte // JSON that names the event's client; nil = unknown
	Number int64  // of the line, or of the event in a document; counts from 1
	Err    error  // why there is no Raw; the events behind it are read all the same
}

// File reads the events of a file, compressed with gzip or zstd or not: one a line, or as a JSON document, an array or an object with
// one named events or data.
type File struct {
	next  func() (Event, error)
	unit  string
	close func()
}

// Open looks at the beginning of r and reads what it is.
func Open(r io.Reader) (*File, error) {
	plain, done, err := Decompress(bufio.NewReaderSize(r, 64<<10))
	if err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(plain, 256<<10)
	if mark, err := in.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" {
		_, _ = in.Discard(len(mark)) // which some editors put before UTF-8
	}
	f := &File{close: done, unit: "line"}
	if isDocument(in) {
		f.unit, f.next = "event", newDocument(in).event
	} else {
		f.next = (&lines{in: in}).event
	}
	return f, nil
}

// Next returns the next event, or io.EOF after the last. Any other error means that nothing more can be read.
func (f *File) Next() (Event, error) {
	e, err := f.next()
	if own := clientOf(e.Raw); own != nil {
		e.Client = own
	}
	return e, err
}

// Place names an event of the file as line:N, or event:N in a document.
func (f *File) Place(number int64) string { return f.unit + ":" + strconv.FormatInt(number, 10) }

// Close gives the memory of decompression back.
func (f *File) Close() { f.close() }

// maxWindow is the memory that a zstd frame may ask for.
const maxWindow = 128 << 20

// Decompress reads what is in, compressed with gzip or zstd or not. done gives the memory for it back.
func Decompress(in *bufio.Reader) (plain io.Reader, done func(), err error) {
	magic, _ := in.Peek(4)
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, nil, fmt.Errorf("it begins like gzip and is not: %w", err)
		}
		return z, func() {}, nil
	case bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, nil, fmt.Errorf("it begins like zstd and is not: %w", err)
		}
		return z, z.Close, nil
	}
	return in, func() {}, nil
}
