package server

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/sentrial/sentrial-go/server/internal/otlp"
)

// writeGRPC answers a call that went well: a message, and the status behind it.
func writeGRPC(w http.ResponseWriter, message []byte) {
	h := w.Header()
	h.Set("Content-Type", "application/grpc")
	h.Set("Grpc-Accept-Encoding", "gzip, zstd")
	frame := make([]byte, frameHeader, frameHeader+len(message))
	binary.BigEndian.PutUint32(frame[1:], uint32(len(message)))
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(append(frame, message...)) // the connection's loss
	h.Set(http.TrailerPrefix+"Grpc-Status", "0")
}

// failGRPC tells an error. gRPC reads it from the header of a reply that has nothing else.
func failGRPC(w http.ResponseWriter, e *apiError, message string) {
	f := failureOf(e, message)
	if e.status == http.StatusUnsupportedMediaType {
		f.Code = rpcUnimplemented
	}
	h := w.Header()
	h.Set("Content-Type", "application/grpc")
	h.Set("Grpc-Accept-Encoding", "gzip, zstd")
	h.Set("Grpc-Status", strconv.Itoa(f.Code))
	h.Set("Grpc-Message", percentEncoded(message))
	h.Set("Grpc-Status-Details-Bin", base64.RawStdEncoding.EncodeToString(otlp.Status(otlp.Protobuf, f)))
	w.WriteHeader(http.StatusOK)
}

// percentEncoded is text as gRPC has it in a header.
func percentEncoded(text string) string {
	var out strings.Builder
	for i := range len(text) {
		if c := text[i]; c >= ' ' && c <= '~' && c != '%' {
			out.WriteByte(c)
		} else {
			fmt.Fprintf(&out, "%%%02X", c)
		}
	}
	return out.String()
}
