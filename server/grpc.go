package server

import (
	"encoding/binary"
	"net/http"
	"strings"

	"github.com/sentrial/sentrial-go/server/internal/otlp"
)

// OTLP over gRPC has one kind of call, with one message each way. That is a POST of HTTP/2 whose body is a frame and whose status comes behind the reply, so it goes the
// way of all requests: the same guard, the same bounds, the same decoding.

// grpcTable is what the listener for gRPC answers.
func (s *Server) grpcTable() []route {
	const services = "POST /opentelemetry.proto.collector."
	return []route{
		{services + "trace.v1.TraceService/Export", scopeWrite, s.grpc(signalTraces)},
		{services + "logs.v1.LogsService/Export", scopeWrite, s.grpc(signalLogs)},
		{services + "metrics.v1.MetricsService/Export", scopeWrite, s.grpc(signalMetrics)},
	}
}

// isGRPC reports whether a request is answered in the manner of gRPC.
func isGRPC(r *http.Request) bool {
	media := mediaOf(r)
	return r.ProtoMajor == 2 && (media == "application/grpc" || strings.HasPrefix(media, "application/grpc+"))
}

// grpc takes a call.
func (s *Server) grpc(what signal) endpoint {
	return func(w http.ResponseWriter, r *http.Request) error {
		project, err := projectOf(r)
		if err != nil {
			return err
		}
		if media := mediaOf(r); media != "application/grpc" && media != "application/grpc+proto" {
			return mediaType("Content-Type " + shorten(media) + " is not taken, send application/grpc")
		}
		wire, err := s.readWire(w, r)
		if err != nil {
			return againLater(err)
		}
		defer recycle(wire)
		body, done, err := s.grpcMessage(r, wire.Bytes())
		if err != nil {
			return err
		}
		defer done()
		tally, err := s.takeOTLP(r, sentOTLP{project, what, otlp.Protobuf, body})
		if err != nil {
			return err
		}
		writeGRPC(w, otlp.Reply(otlp.Protobuf, counted[what], tally))
		return nil
	}
}

// frameHeader is what a message has in front: whether it is compressed, and its length.
const frameHeader = 5

// grpcMessage returns the one message of a call, unfolded, and what gives its memory back.
func (s *Server) grpcMessage(r *http.Request, wire []byte) (body []byte, done func(), err error) {
	if len(wire) < frameHeader || int64(binary.BigEndian.Uint32(wire[1:])) != int64(len(wire)-frameHeader) {
		return nil, nil, invalid("expected one message of gRPC")
	}
	body = wire[frameHeader:]
	switch encoding := r.Header.Get("Grpc-Encoding"); {
	case wire[0] == 0:
		return body, func() {}, nil
	case wire[0] != 1 || encoding != "gzip" && encoding != "zstd":
		return nil, nil, mediaType("grpc-encoding " + shorten(encoding) + " is not taken, send gzip, zstd or identity")
	default:
		plain, err := s.unfold(r.Context(), encoding, body)
		if err != nil {
			return nil, nil, err
		}
		if err := s.hold(r, plain.Len()); err != nil {
			recycle(plain)
			return nil, nil, err
		}
		return plain.Bytes(), func() { recycle(plain) }, nil
	}
}
