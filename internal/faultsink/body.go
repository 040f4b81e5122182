package faultsink

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"net/http"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// maxBody bounds in bytes what is kept of one request, as it travels and decoded.
const maxBody = 64 << 20

// content is a request body: how long it was as it travelled, and what it held.
type content struct {
	wire    int64
	decoded []byte
	events  []Event
	session string     // that a request of the hosted wire is about
	hosted  hostedBody // of the hosted wire
}

// readContent reads a body to its end. The content says how much came even if there is an error, which is an answer for the client.
func readContent(r *http.Request) (content, *refusal) {
	raw, refused := readRaw(r)
	c := content{wire: int64(len(raw))}
	if refused != nil {
		return c, refused
	}
	if mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || mediaType != "application/json" {
		return c, &refusal{status: http.StatusUnsupportedMediaType, message: "Content-Type must be application/json"}
	}
	decode := decoders[r.Header.Get("Content-Encoding")]
	if decode == nil {
		return c, &refusal{status: http.StatusUnsupportedMediaType, message: "Content-Encoding must be zstd, gzip or identity"}
	}
	var err error
	if c.decoded, err = decode(raw); err != nil {
		return c, &refusal{status: http.StatusBadRequest, message: fmt.Sprintf("decoding the body: %v", err)}
	}
	if c.events, err = parseBatch(c.decoded); err != nil {
		return c, &refusal{status: http.StatusBadRequest, message: err.Error()}
	}
	return c, nil
}

func readRaw(r *http.Request) ([]byte, *refusal) {
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return raw, &refusal{status: http.StatusBadRequest, message: fmt.Sprintf("reading the body: %v", err), cut: true}
	}
	return raw, nil
}

// decoders are by Content-Encoding.
var decoders = map[string]func([]byte) ([]byte, error){
	"": identity, "identity": identity, "gzip": gunzip, "zstd": unzstd,
}

// acceptEncoding is what replies announce.
const acceptEncoding = "zstd, gzip"

func identity(raw []byte) ([]byte, error) { return raw, nil }

func gunzip(raw []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(z, maxBody))
}

func unzstd(raw []byte) ([]byte, error) {
	z, err := zstd.NewReader(bytes.NewReader(raw), zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer z.Close()
	return io.ReadAll(io.LimitReader(z, maxBody))
}
