package faultsink

import (
	"bytes"
	"net/http"
	"strconv"
)

// Cut announces the length of the step's reply, sends half of its body and ends the connection. A step that does not answer is not changed by it.
func Cut(step Step) Step {
	return func(x *Exchange) {
		held := &heldWriter{ResponseWriter: x.w}
		x.w = held
		step(x)
		if x.w = held.ResponseWriter; held.status == 0 {
			return
		}
		x.w.Header().Set("Content-Length", strconv.Itoa(held.body.Len()))
		x.w.WriteHeader(held.status)
		_, _ = x.w.Write(held.body.Bytes()[:held.body.Len()/2])
		x.Abort()
	}
}

// heldWriter keeps a reply back.
type heldWriter struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (w *heldWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
func (w *heldWriter) WriteHeader(status int)      { w.status = status }
func (w *heldWriter) Write(p []byte) (int, error) { return w.body.Write(p) }

// Endless answers 200 with a JSON body that has no end. It stops when the client does.
func Endless(x *Exchange) {
	x.Events()
	x.w.Header().Set("Content-Type", "application/json")
	x.w.WriteHeader(http.StatusOK)
	piece := bytes.Repeat([]byte(" "), 32<<10)
	for x.http.Context().Err() == nil {
		if _, err := x.w.Write(piece); err != nil {
			break
		}
	}
	panic(http.ErrAbortHandler)
}
