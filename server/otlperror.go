package server

import (
	"net/http"
	"strconv"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/otlp"
)

// isOTLP reports whether a request is answered in the manner of OTLP over HTTP, errors included.
func isOTLP(r *http.Request) bool {
	return r.URL.Path == "/v1/traces" || r.URL.Path == "/v1/logs" || r.URL.Path == "/v1/metrics"
}

// failOTLP tells an error as a google.rpc.Status in the form of the request.
func failOTLP(w http.ResponseWriter, r *http.Request, e *apiError, message string) {
	form, _ := otlpForm(r)
	writeOTLP(w, e.status, form, otlp.Status(form, failureOf(e, message)))
}

// failureOf is an error in the terms of gRPC.
func failureOf(e *apiError, message string) otlp.Failure {
	seconds, _ := strconv.Atoi(e.retryAfter)
	return otlp.Failure{Code: rpcCodeOf(e.status), Reason: e.code, Words: message, After: time.Duration(seconds) * time.Second}
}

// Codes of gRPC.
const (
	rpcInvalidArgument   = 3
	rpcDeadlineExceeded  = 4
	rpcPermissionDenied  = 7
	rpcResourceExhausted = 8
	rpcUnimplemented     = 12
	rpcInternal          = 13
	rpcUnavailable       = 14
	rpcUnauthenticated   = 16
)

// rpcCodeOf is what gRPC calls a status.
func rpcCodeOf(status int) int {
	switch status {
	case http.StatusUnauthorized:
		return rpcUnauthenticated
	case http.StatusForbidden:
		return rpcPermissionDenied
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return rpcUnimplemented
	case http.StatusRequestEntityTooLarge, http.StatusTooManyRequests:
		return rpcResourceExhausted
	case http.StatusServiceUnavailable:
		return rpcUnavailable
	case http.StatusRequestTimeout:
		return rpcDeadlineExceeded
	case http.StatusInternalServerError:
		return rpcInternal
	}
	return rpcInvalidArgument
}
