package apiclient

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
)

// InProcess answers requests from a handler in this process: no port, no network. The handler sees a loopback client.
func InProcess(h http.Handler) http.RoundTripper { return inProcess{h} }

type inProcess struct{ handler http.Handler }

// RoundTrip runs the handler to its end and returns what it wrote.
func (t inProcess) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	seen := req.Clone(req.Context())
	seen.RemoteAddr = "127.0.0.1:0"
	seen.RequestURI = req.URL.RequestURI()
	seen.Host = req.URL.Host
	if seen.Body == nil {
		seen.Body = http.NoBody
	}
	defer func() { _ = seen.Body.Close() }()
	if req.Header.Get("Accept") == "text/event-stream" {
		return t.stream(seen), nil
	}
	w := &recorder{header: http.Header{}}
	t.handler.ServeHTTP(w, seen)
	return w.response(req), nil
}

// recorder keeps a whole reply.
type recorder struct {
	header http.Header
	sent   http.Header // as it was when the status was written
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status, r.sent = status, r.header.Clone()
	}
}

func (r *recorder) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(p)
}

func (r *recorder) response(req *http.Request) *http.Response {
	r.WriteHeader(http.StatusOK)
	return &http.Response{
		Status:        strconv.Itoa(r.status) + " " + http.StatusText(r.status),
		StatusCode:    r.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        r.sent,
		Body:          io.NopCloser(&r.body),
		ContentLength: int64(r.body.Len()),
		Request:       req,
	}
}
