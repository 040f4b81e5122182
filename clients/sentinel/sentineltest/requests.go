package sentineltest

import (
	"net/http"
	"slices"
)

// Request is one that came.
type Request struct {
	Method, Path string
	Token        string      // its access token
	Header       http.Header // without Authorization
	Length       int64       // of its body, -1 if it came in chunks
	Status       int         // that it was answered with; 0 while it is not, and if it never was
}

// Requests are all that came, the first one first.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

func (s *Server) note(r *http.Request) (at int) {
	header := r.Header.Clone()
	header.Del("Authorization")
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, Request{Method: r.Method, Path: r.URL.Path, Token: bearer(r), Header: header, Length: r.ContentLength})
	return len(s.requests) - 1
}

func (s *Server) answered(at, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests[at].Status = status
}
