package server

import (
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/klauspost/compress/zstd"
)

const (
	// maxRatio is how many times what has been read may have come out of it, once that is more than freeBytes. JSON shrinks to a tenth,
	// a batch that says the same again and again to a fiftieth; what shrinks to a thousandth was made to.
	maxRatio  = 100
	freeBytes = 1 << 20
	// idleBytes is how much may be read beyond twice what came out. Compression makes nothing longer but by a few bytes: a body of which
	// little comes consists of headers and tables, which cost more time than they bring events.
	idleBytes = 256 << 10
	// readBytes is how much is unfolded between two looks at the limits.
	readBytes = 64 << 10
)

var errIdle = errors.New("it unfolds to almost nothing")

// unfold returns the plain body. Only so many bodies are unfolded at a time as there are processors: a decoder needs memory of its own.
func (s *Server) unfold(ctx context.Context, encoding string, wire []byte) (*bytes.Buffer, error) {
	select {
	case s.unfolding <- struct{}{}:
		defer func() { <-s.unfolding }()
	case <-ctx.Done():
		return nil, unavailable("the body was not looked at", ctx.Err())
	}
	u := &unfolder{from: bytes.NewReader(wire), out: bufferPool.Get().(*bytes.Buffer), most: s.limits.MaxDecodedBytes}
	if err := u.run(encoding); err != nil {
		recycle(u.out)
		return nil, s.unfoldError(err)
	}
	return u.out, nil
}

func (s *Server) unfoldError(err error) error {
	switch {
	case errors.Is(err, errPlain):
		return s.plainTooLarge()
	case errors.Is(err, errRatio):
		return tooLarge(s.limits, "the decoded body is larger than %d bytes and more than %d times as large as it travels", freeBytes, maxRatio)
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return tooLarge(s.limits, "the zstd window is larger than %d bytes", maxWindow)
	}
	return invalid("the body is not what its Content-Encoding says: %v", err)
}

var (
	errPlain = errors.New("the limit is reached")
	errRatio = errors.New("the ratio is reached")
)

// unfolder unfolds one body.
type unfolder struct {
	from *bytes.Reader
	out  *bytes.Buffer
	most int64
}

func (u *unfolder) run(encoding string) error {
	plain, done, err := decompress(u, encoding)
	if err != nil {
		return err
	}
	defer done()
	for {
		n, err := plain.Read(u.room())
		_, _ = u.out.Write(u.out.AvailableBuffer()[:n]) // it is there already
		if e := u.check(); e != nil {
			return e
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// Read gives the decoder what came, as long as something comes out.
func (u *unfolder) Read(p []byte) (int, error) {
	if u.read() > idleBytes+2*int64(u.out.Len()) {
		return 0, errIdle
	}
	return u.from.Read(p)
}

func (u *unfolder) read() int64 { return u.from.Size() - int64(u.from.Len()) }

func (u *unfolder) check() error {
	switch out := int64(u.out.Len()); {
	case out > u.most:
		return errPlain
	case out > freeBytes && out > maxRatio*u.read():
		return errRatio
	}
	return nil
}

// room is where the next bytes go. The buffer grows in few and large steps: memory that nothing was written to is not the process's yet, and
// what was copied from is garbage.
func (u *unfolder) room() []byte {
	if u.out.Available() == 0 {
		size := max(4*int64(u.out.Cap()), readBytes)
		if size > u.most/2 {
			size = u.most + 1
		}
		u.out = bytes.NewBuffer(append(make([]byte, 0, size), u.out.Bytes()...))
	}
	room := u.out.AvailableBuffer()
	return room[:min(cap(room), readBytes)]
}
