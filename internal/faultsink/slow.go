package faultsink

import (
	"io"
	"net/http"
	"time"
)

// Wait pauses. If the client goes away meanwhile the request ends there.
func Wait(d time.Duration) Step {
	return func(x *Exchange) {
		if !x.Sleep(d) {
			panic(http.ErrAbortHandler)
		}
	}
}

// Slowly sends the body of the step's reply one byte per interval.
func Slowly(interval time.Duration, step Step) Step {
	return func(x *Exchange) {
		x.w = &dripWriter{x.w, x, interval}
		step(x)
	}
}

type dripWriter struct {
	http.ResponseWriter
	x        *Exchange
	interval time.Duration
}

func (w *dripWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *dripWriter) Write(p []byte) (int, error) {
	flusher := http.NewResponseController(w.ResponseWriter)
	for i := range p {
		if _, err := w.ResponseWriter.Write(p[i : i+1]); err != nil {
			return i, err
		}
		if err := flusher.Flush(); err != nil {
			return i, err
		}
		if !w.x.Sleep(w.interval) {
			return i, w.x.http.Context().Err()
		}
	}
	return len(p), nil
}

// ReadSlowly takes the request's body in pieces of at most this many bytes, one per interval, and goes on with the step. Between a client and the sink stand the
// buffers of the system: over TCP the client notices only with bodies larger than those.
func ReadSlowly(piece int, interval time.Duration, step Step) Step {
	return func(x *Exchange) {
		x.http.Body = &sipReader{x.http.Body, x, piece, interval}
		x.Events()
		step(x)
	}
}

type sipReader struct {
	io.ReadCloser
	x        *Exchange
	piece    int
	interval time.Duration
}

func (r *sipReader) Read(p []byte) (int, error) {
	if !r.x.Sleep(r.interval) {
		return 0, r.x.http.Context().Err()
	}
	return r.ReadCloser.Read(p[:min(len(p), r.piece)])
}
