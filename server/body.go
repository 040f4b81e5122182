package server

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
)

// acceptEncoding tells clients which encodings of a body are taken, the best first.
const acceptEncoding = "zstd, gzip"

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
	plain, err := s.unfold(r.Context(), encoding, wire.Bytes())
	if err != nil {
		return nil, err
	}
	if err := s.hold(r, plain.Len()); err != nil {
		recycle(plain)
		return nil, err
	}
	return plain, nil
}

// mostWire is how large a body may be as it travels. An exporter of OpenTelemetry makes nothing smaller of what was too large, and does not compress by default.
func (s *Server) mostWire(r *http.Request) int64 {
	if isOTLP(r) || isGRPC(r) {
		return max(s.limits.MaxWireBytes, s.limits.MaxDecodedBytes)
	}
	return s.limits.MaxWireBytes
}

// readWire returns the body as it travels.
func (s *Server) readWire(w http.ResponseWriter, r *http.Request) (*bytes.Buffer, error) {
	most := s.mostWire(r)
	if r.ContentLength > most {
		return nil, s.wireTooLarge(most)
	}
	wire := &heldReader{http.MaxBytesReader(w, r.Body, most), func(n int) error { return s.hold(r, n) }}
	buf, err := readAll(wire, r.ContentLength, most)
	if err != nil {
		recycle(buf)
		return nil, s.wireError(err)
	}
	return buf, nil
}

// readAll reads a body of so many bytes at most. The buffer doubles as the body comes: what a client says of its length is not believed, for
// one that stalls would have us hold as much as it says.
func readAll(body io.Reader, length, limit int64) (*bytes.Buffer, error) {
	most := limit + 1 // of which the last one is an error
	if length >= 0 {
		most = min(length+1, most)
	}
	buf := newBuffer(firstRead + bytes.MinRead)
	for room := int64(firstRead); ; {
		switch _, err := io.CopyN(buf, body, room-int64(buf.Len())); {
		case errors.Is(err, io.EOF):
			return buf, nil
		case err != nil || room > limit:
			return buf, err
		case room >= most: // it is longer than it says
			most = limit + 1
		}
		room = min(2*room, most)
		buf = moved(buf, newBuffer(int(room)+bytes.MinRead))
	}
}

// moved is what from has in a larger buffer.
func moved(from, to *bytes.Buffer) *bytes.Buffer {
	_, _ = to.Write(from.Bytes())
	recycle(from)
	return to
}

// firstRead is what most bodies have less than.
const firstRead = 256 << 10

// wireError tells a body that is too large from one that was cut off.
func (s *Server) wireError(err error) error {
	var tooMany *http.MaxBytesError
	var known *apiError
	switch {
	case errors.As(err, &known):
		return err
	case errors.As(err, &tooMany):
		return s.wireTooLarge(tooMany.Limit)
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, io.ErrUnexpectedEOF): // the network's fault: 400 would condemn the events
		return &apiError{status: http.StatusRequestTimeout, code: codeTimeout, message: "the body did not come to its end, send it again", cause: err}
	}
	return &apiError{status: http.StatusBadRequest, code: codeValidation, message: "the body could not be read to its end", cause: err}
}

func (s *Server) wireTooLarge(most int64) error {
	return tooLarge(s.limits, "the body is larger than %d bytes", most)
}

func (s *Server) plainTooLarge() error {
	return tooLarge(s.limits, "the decoded body is larger than %d bytes", s.limits.MaxDecodedBytes)
}
