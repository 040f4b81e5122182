package server

import (
	"context"
	"net"
	"net/http"
)

// OTLPListener is one more place where [Server.Serve] takes OTLP, with the same keys and limits as everywhere.
type OTLPListener struct {
	ln  net.Listener
	rpc bool
}

// OTLPOverHTTP answers POST /v1/traces, /v1/logs and /v1/metrics, and GET /healthz, and nothing else.
func OTLPOverHTTP(ln net.Listener) OTLPListener { return OTLPListener{ln: ln} }

// OTLPOverGRPC answers the Export methods of OTLP over gRPC, and what [OTLPOverHTTP] does: the port is easily mixed up, and a client of HTTP would only see
// connections that break.
func OTLPOverGRPC(ln net.Listener) OTLPListener { return OTLPListener{ln: ln, rpc: true} }

func (s *Server) placesOf(ctx context.Context, more []OTLPListener) (places []place) {
	for _, m := range more {
		srv := s.httpServer(ctx, s.onOTLP)
		if m.rpc {
			srv = s.httpServer(ctx, s.onRPC)
			srv.Protocols = new(http.Protocols)
			srv.Protocols.SetHTTP1(true)
			srv.Protocols.SetHTTP2(true)
			srv.Protocols.SetUnencryptedHTTP2(s.tls == nil)
		}
		places = append(places, place{m.ln, srv})
	}
	return places
}

// otlpTable is what the listener for OTLP over HTTP answers.
func (s *Server) otlpTable() []route {
	return []route{
		{"POST /v1/traces", scopeWrite, s.otlp(signalTraces)},
		{"POST /v1/logs", scopeWrite, s.otlp(signalLogs)},
		{"POST /v1/metrics", scopeWrite, s.otlp(signalMetrics)},
		{"GET /healthz", scopeNone, s.health},
	}
}
