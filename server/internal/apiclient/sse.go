package apiclient

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Message is one message of a stream of server-sent events.
type Message struct {
	Event string // its type, "message" when it names none
	ID    string // the last that was told, also by a message before
	Data  []byte // its lines of data, with line feeds between
}

// maxMessage bounds a message, in bytes.
const maxMessage = 32 << 20

var errLongMessage = fmt.Errorf("a message of the stream is longer than %d MiB", maxMessage>>20)

// messageReader reads server-sent events as the HTML standard defines them: lines end with CR, LF or both, comments say nothing, and an empty
// line ends a message.
type messageReader struct {
	in     *bufio.Reader
	id     string
	begun  bool
	skipLF bool // the last line ended with CR
	line   []byte
}

func newMessageReader(r io.Reader) *messageReader {
	return &messageReader{in: bufio.NewReaderSize(r, 64<<10)}
}

// next returns the next message that has data. What the stream ends in the middle of is none.
func (r *messageReader) next() (Message, error) {
	m := Message{Event: "message"}
	var data bytes.Buffer
	for {
		line, err := r.readLine()
		switch {
		case err != nil:
			return Message{}, err
		case len(line) == 0 && data.Len() > 0:
			m.ID, m.Data = r.id, bytes.TrimSuffix(data.Bytes(), []byte("\n"))
			return m, nil
		case len(line) == 0:
			m.Event = "message"
			continue
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch string(name) {
		case "event":
			m.Event = string(value)
		case "id":
			if !bytes.ContainsRune(value, 0) {
				r.id = string(value)
			}
		case "data":
			data.Write(value)
			data.WriteByte('\n')
		}
		if data.Len() > maxMessage {
			return Message{}, errLongMessage
		}
	}
}

// readLine returns a line without its end, until the next call.
func (r *messageReader) readLine() ([]byte, error) {
	r.line = r.line[:0]
	for {
		if _, err := r.in.Peek(1); err != nil {
			return nil, err
		}
		piece, _ := r.in.Peek(r.in.Buffered())
		if r.skipLF && piece[0] == '\n' {
			piece = piece[1:]
			_, _ = r.in.Discard(1)
		}
		r.skipLF = false
		end := bytes.IndexAny(piece, "\r\n")
		if end >= 0 {
			r.line, r.skipLF = append(r.line, piece[:end]...), piece[end] == '\r'
			_, _ = r.in.Discard(end + 1)
			return r.withoutMark(), nil
		}
		r.line = append(r.line, piece...)
		if _, _ = r.in.Discard(len(piece)); len(r.line) > maxMessage {
			return nil, errLongMessage
		}
	}
}

// withoutMark drops the byte order mark that a stream may begin with.
func (r *messageReader) withoutMark() []byte {
	if r.begun {
		return r.line
	}
	r.begun = true
	return bytes.TrimPrefix(r.line, []byte("\xef\xbb\xbf"))
}

// errStreamEnded is how the end of a stream shows, which has none of its own.
var errStreamEnded = errors.New("the stream ended")
