package server

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// maxWindow is the memory that a zstd frame may ask for; 8 MiB is what every decoder must give.
const maxWindow = 8 << 20

// acceptEncoding tells clients which encodings of a body are taken, the best first.
const acceptEncoding = "zstd, gzip"

var (
	bufferPool = sync.Pool{New: func() any { return new(bytes.Buffer) }}
	gzipPool   = sync.Pool{New: func() any { return new(gzip.Reader) }}
	zstdPool   = sync.Pool{New: func() any {
		d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			panic(err) // only for options that do not exist
		}
		return d
	}}
)

// checkContentType refuses bodies that are not JSON.
func checkContentType(r *http.Request) error {
	header := r.Header.Get("Content-Type")
	media, _, err := mime.ParseMediaType(header)
	switch {
	case err == nil && media == "application/json":
		return nil
	case media == "application/x-ndjson":
		return mediaType("Content-Type application/x-ndjson is not taken, send application/json")
	case header == "":
		return mediaType("Content-Type is missing, send application/json")
	}
	return mediaType("Content-Type " + shorten(header) + " is not taken, send application/json")
}

// readBody returns the decoded body. The buffer is the caller's until recycle.
func (s *Server) readBody(w http.ResponseWriter, r *http.Request) (*bytes.Buffer, error) {
	if r.ContentLength > s.limits.MaxWireBytes {
		return nil, s.wireTooLarge()
	}
	wire := &wireReader{from: http.MaxBytesReader(w, r.Body, s.limits.MaxWireBytes)}
	plain, done, err := decompress(wire, strings.ToLower(strings.TrimSpace(r.Header.Get("Content-Encoding"))))
	if err != nil {
		return nil, s.bodyError(wire, err)
	}
	defer done()
	buf := bufferPool.Get().(*bytes.Buffer)
	_, err = buf.ReadFrom(io.LimitReader(plain, s.limits.MaxDecodedBytes+1))
	if err == nil && int64(buf.Len()) > s.limits.MaxDecodedBytes {
		err = tooLarge(s.limits, "the decoded body is larger than %d bytes", s.limits.MaxDecodedBytes)
	}
	if err != nil {
		recycle(buf)
		return nil, s.bodyError(wire, err)
	}
	return buf, nil
}

// recycle keeps a buffer for the next request, unless it is a big one.
func recycle(buf *bytes.Buffer) {
	if buf.Cap() <= 4<<20 {
		buf.Reset()
		bufferPool.Put(buf)
	}
}

// decompress returns a reader of the plain body, and what gives its memory back.
func decompress(wire io.Reader, encoding string) (plain io.Reader, done func(), err error) {
	switch encoding {
	case "", "identity":
		return wire, func() {}, nil
	case "gzip":
		z := gzipPool.Get().(*gzip.Reader)
		done = func() { gzipPool.Put(z) }
		if err := z.Reset(wire); err != nil {
			done()
			return nil, nil, err
		}
		return z, done, nil
	case "zstd":
		z := zstdPool.Get().(*zstd.Decoder)
		done = func() { _ = z.Reset(nil); zstdPool.Put(z) }
		if err := z.Reset(wire); err != nil {
			done()
			return nil, nil, err
		}
		return z, done, nil
	}
	return nil, nil, mediaType("Content-Encoding " + shorten(encoding) + " is not taken, send zstd, gzip or identity")
}

// bodyError tells a body that is too large from one that was cut off and from one that is not what its header says.
func (s *Server) bodyError(wire *wireReader, err error) error {
	var known *apiError
	var tooMany *http.MaxBytesError
	switch {
	case errors.As(err, &known):
		return err
	case errors.As(wire.err, &tooMany):
		return s.wireTooLarge()
	case errors.Is(wire.err, os.ErrDeadlineExceeded), errors.Is(wire.err, io.ErrUnexpectedEOF): // the network's fault: 400 would condemn the events
		return &apiError{status: http.StatusRequestTimeout, code: codeTimeout, message: "the body did not come to its end, send it again", cause: wire.err}
	case wire.err != nil:
		return &apiError{status: http.StatusBadRequest, code: codeValidation, message: "the body could not be read to its end", cause: wire.err}
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return tooLarge(s.limits, "the zstd window is larger than %d bytes", maxWindow)
	}
	return invalid("the body is not what its Content-Encoding says: %v", err)
}

func (s *Server) wireTooLarge() error {
	return tooLarge(s.limits, "the body is larger than %d bytes", s.limits.MaxWireBytes)
}

// wireReader remembers how reading from the connection failed, whatever a decoder makes of it.
type wireReader struct {
	from io.Reader
	err  error
}

func (r *wireReader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	if err != nil && err != io.EOF {
		r.err = err
	}
	return n, err
}
