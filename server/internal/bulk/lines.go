package bulk

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/sentrial/sentrial-go/server/internal/jsonscan"
)

// lines reads one event a line; empty lines count and say nothing.
type lines struct {
	in     *bufio.Reader
	number int64
	long   []byte // a line that is longer than the buffer of in
}

func (l *lines) event() (Event, error) {
	for {
		line, tooLong, err := l.line()
		if err != nil && (!errors.Is(err, io.EOF) || len(line) == 0 && !tooLong) {
			return Event{}, err
		}
		l.number++
		line = bytes.TrimSpace(line)
		switch {
		case tooLong:
			return Event{Number: l.number, Err: fmt.Errorf("the line is longer than %d MiB", MaxEvent>>20)}, nil
		case len(line) == 0:
			continue
		}
		e := Event{Number: l.number, Err: valid(line)}
		if e.Err == nil {
			e.Raw = line
		}
		return e, nil
	}
}

// line returns the next line with its end. Of one that is too long nothing is kept; at the end of the file io.EOF comes with what is left.
func (l *lines) line() (line []byte, tooLong bool, err error) {
	l.long = l.long[:0]
	for {
		piece, err := l.in.ReadSlice('\n')
		whole := !errors.Is(err, bufio.ErrBufferFull)
		if whole && len(l.long) == 0 && !tooLong {
			return piece, false, err
		}
		if tooLong = tooLong || len(l.long)+len(piece) > MaxEvent; tooLong {
			l.long = l.long[:0]
		} else {
			l.long = append(l.long, piece...)
		}
		if whole {
			return l.long, tooLong, err
		}
	}
}

// valid reports whether text is one JSON value, by the rules of the server: one that is not would condemn all that travel with it.
func valid(text []byte) error {
	scan := jsonscan.New(text)
	if _, _, err := scan.Value(); err != nil {
		return err
	}
	return scan.End()
}
