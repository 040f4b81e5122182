package server

import (
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/klauspost/compress/zstd"
)

const (
	// maxRatio is how many times what has been read may have come out of it, once that is freeBytes. JSON shrinks to a tenth, and less if it
	// says the same again and again; what shrinks to a thousandth was made to. It costs little to find out after freeBytes.
	maxRatio  = 100
	freeBytes = 4 << 20
	// onceBytes is how large a body may become that is unfolded but once.
	onceBytes = 2 << 20
	// idleBytes is how much may be read beyond twice what came out. Compression makes nothing longer but by a few bytes: a body of which
	// little comes consists of headers and tables, which cost more time than they bring events.
	idleBytes = 256 << 10
	// readBytes is how much is unfolded between two looks at the limits.
	readBytes = 64 << 10
)

var (
	errPlain = errors.New("the limit is reached")
	errRatio = errors.New("the ratio is reached")
	errIdle  = errors.New("it unfolds to almost nothing")
)

// unfold returns the plain body. Only so many bodies are unfolded at a time as there are processors: a decoder needs memory of its own. A body
// that is larger than most is unfolded twice, the first time to see whether it keeps the limits: that way refusing one takes no memory.
func (s *Server) unfold(ctx context.Context, encoding string, wire []byte) (*bytes.Buffer, error) {
	select {
	case s.unfolding <- struct{}{}:
		defer func() { <-s.unfolding }()
	case <-ctx.Done():
		return nil, unavailable("the body was not looked at", ctx.Err())
	}
	out := newBuffer(readBytes)
	u := &unfolder{from: bytes.NewReader(wire), most: s.limits.MaxDecodedBytes, out: out}
	err := u.run(encoding)
	if err == nil && u.out == nil {
		recycle(out)
		out = newBuffer(int(u.came))
		err = (&unfolder{from: bytes.NewReader(wire), most: u.came, out: out}).run(encoding)
	}
	if err != nil {
		recycle(out)
		return nil, s.unfoldError(err)
	}
	return out, nil
}

func (s *Server) unfoldError(err error) error {
	switch {
	case errors.Is(err, errPlain):
		return s.plainTooLarge()
	case errors.Is(err, errRatio):
		return tooLarge(s.limits, "the decoded body has %d bytes or more and is more than %d times as large as it travels", freeBytes, maxRatio)
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return tooLarge(s.limits, "the zstd window is larger than %d bytes", maxWindow)
	}
	return invalid("the body is not what its Content-Encoding says: %v", err)
}

// unfolder unfolds one body.
type unfolder struct {
	from *bytes.Reader
	most int64
	came int64
	out  *bytes.Buffer // nil once so much came that it is only counted
}

func (u *unfolder) run(encoding string) error {
	plain, done, err := decompress(u, encoding)
	if err != nil {
		return err
	}
	defer done()
	part := make([]byte, readBytes)
	for {
		n, err := plain.Read(part)
		u.came += int64(n)
		switch {
		case u.tooMuch() != nil:
			return u.tooMuch()
		case err != nil && err != io.EOF:
			return err
		}
		u.keep(part[:n])
		if err == io.EOF {
			return nil
		}
	}
}

// keep adds what came to the buffer, unless that would have to become a large one.
func (u *unfolder) keep(part []byte) {
	if u.out != nil && u.out.Available() < len(part) && u.came > onceBytes {
		u.out = nil
	}
	if u.out != nil {
		_, _ = u.out.Write(part)
	}
}

// Read gives the decoder what came, as long as something comes out.
func (u *unfolder) Read(p []byte) (int, error) {
	if u.read() > idleBytes+2*u.came {
		return 0, errIdle
	}
	return u.from.Read(p)
}

func (u *unfolder) read() int64 { return u.from.Size() - int64(u.from.Len()) }

func (u *unfolder) tooMuch() error {
	switch {
	case u.came > u.most:
		return errPlain
	case u.came >= freeBytes && u.came > maxRatio*u.read():
		return errRatio
	}
	return nil
}
