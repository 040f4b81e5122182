package otlpfile

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/sentrial/sentrial-go/server/internal/bulk"
	"github.com/sentrial/sentrial-go/server/internal/otlp"
)

// frames are messages with their lengths before them, four bytes with the high one first. Each may be compressed, and of JSON, for the Collector writes those so too
// when it compresses.
type frames struct {
	in     *bufio.Reader
	offset int64
	frame  bytes.Buffer
}

func (f *frames) message() (Message, error) {
	var head [4]byte
	n, err := io.ReadFull(f.in, head[:])
	switch {
	case errors.Is(err, io.EOF):
		return Message{}, io.EOF
	case errors.Is(err, io.ErrUnexpectedEOF):
		return Message{}, fmt.Errorf("the file is cut at byte %d: expected four bytes of a length, found %d", f.offset, n)
	case err != nil:
		return Message{}, fmt.Errorf("at byte %d: %w", f.offset, err)
	}
	size := int64(binary.BigEndian.Uint32(head[:]))
	if size > MaxMessage {
		return Message{}, fmt.Errorf("the message at byte %d is %d bytes long by its length: expected %d MiB at most", f.offset, size, MaxMessage>>20)
	}
	return f.read(size)
}

// read takes what is there and no more memory than that: a length is easily written.
func (f *frames) read(size int64) (Message, error) {
	f.frame.Reset()
	n, err := io.CopyN(&f.frame, f.in, size)
	if errors.Is(err, io.EOF) {
		return Message{}, fmt.Errorf("the file is cut: the message at byte %d is %d bytes long by its length, and %d are there", f.offset, size, n)
	}
	if err != nil {
		return Message{}, fmt.Errorf("in the message at byte %d: %w", f.offset, err)
	}
	m := Message{Place: fmt.Sprintf("byte:%d", f.offset)}
	f.offset += int64(4) + size
	m.Body, m.Err = unpacked(f.frame.Bytes())
	m.Form = otlp.Protobuf
	if isText(bufio.NewReader(bytes.NewReader(m.Body))) {
		m.Form = otlp.JSON
	}
	return m, nil
}

// unpacked is a message without its compression.
func unpacked(packed []byte) ([]byte, error) {
	if len(packed) > 0 && packed[0] == firstTag {
		return packed, nil
	}
	plain, done, err := bulk.Decompress(bufio.NewReader(bytes.NewReader(packed)))
	if err != nil {
		return nil, err
	}
	defer done()
	body, err := io.ReadAll(io.LimitReader(plain, MaxMessage+1))
	if err == nil && len(body) > MaxMessage {
		err = fmt.Errorf("unpacked it is longer than %d MiB", MaxMessage>>20)
	}
	if err != nil {
		return nil, err
	}
	return body, nil
}
