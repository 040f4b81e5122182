package server

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"sync"
)

// acceptEncoding tells clients which encodings of a body are taken, the best first.
const acceptEncoding = "zstd, gzip"

// maxPooled is the size of the largest buffers that are kept for the next request.
const maxPooled = 4 << 20

var bufferPool = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// recycle keeps a buffer for the next request, unless it is a big one.
func recycle(buf *bytes.Buffer) {
	if buf.Cap() <= maxPooled {
		buf.Reset()
		bufferPool.Put(buf)
	}
}

// readBody returns the plain body. The buffer is the caller's until recycle. A body is unfolded only when all of it has come: a client that
// stalls holds the memory of what it has sent, and not what that may claim to need.
func (s *Server) readBody(w http.ResponseWriter, r *http.Request) (*bytes.Buffer, error) {
	encoding, err := contentEncoding(r)
	if err != nil {
		return nil, err
	}
	wire, err := s.readWire(w, r)
	if err != nil {
		return nil, err
	}
	if encoding == "" {
		if int64(wire.Len()) > s.limits.MaxDecodedBytes {
			recycle(wire)
			return nil, s.plainTooLarge()
		}
		return wire, nil
	}
	defer recycle(wire)
	return s.unfold(r.Context(), encoding, wire.Bytes())
}

// readWire returns the body as it travels.
func (s *Server) readWire(w http.ResponseWriter, r *http.Request) (*bytes.Buffer, error) {
	if r.ContentLength > s.limits.MaxWireBytes {
		return nil, s.wireTooLarge()
	}
	buf := bufferPool.Get().(*bytes.Buffer)
	if err := fill(buf, http.MaxBytesReader(w, r.Body, s.limits.MaxWireBytes), r.ContentLength); err != nil {
		recycle(buf)
		return nil, s.wireError(err)
	}
	return buf, nil
}

// fill reads all of a body. What a client says of its length is believed when a part of it is there.
func fill(buf *bytes.Buffer, body io.Reader, length int64) error {
	const part = 256 << 10
	switch _, err := io.CopyN(buf, body, part); {
	case err == io.EOF:
		return nil
	case err != nil:
		return err
	}
	buf.Grow(int(max(length-part, 0)) + bytes.MinRead)
	_, err := buf.ReadFrom(body)
	return err
}

// wireError tells a body that is too large from one that was cut off.
func (s *Server) wireError(err error) error {
	var tooMany *http.MaxBytesError
	switch {
	case errors.As(err, &tooMany):
		return s.wireTooLarge()
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, io.ErrUnexpectedEOF): // the network's fault: 400 would condemn the events
		return &apiError{status: http.StatusRequestTimeout, code: codeTimeout, message: "the body did not come to its end, send it again", cause: err}
	}
	return &apiError{status: http.StatusBadRequest, code: codeValidation, message: "the body could not be read to its end", cause: err}
}

func (s *Server) wireTooLarge() error {
	return tooLarge(s.limits, "the body is larger than %d bytes", s.limits.MaxWireBytes)
}

func (s *Server) plainTooLarge() error {
	return tooLarge(s.limits, "the decoded body is larger than %d bytes", s.limits.MaxDecodedBytes)
}
