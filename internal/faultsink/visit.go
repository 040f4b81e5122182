package faultsink

import (
	"net/http"
	"slices"
	"time"
)

// Visit is a request of whatever path, one that a redirect led to excepted.
type Visit struct {
	At           time.Time
	Method, Path string
}

func (s *Sink) visited(r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.visits = append(s.visits, Visit{time.Now(), r.Method, r.URL.Path})
}

// Asked returns the requests with that method and path: Asked("GET /healthz").
func (r Report) Asked(what string) []Visit {
	return slices.DeleteFunc(slices.Clone(r.Visits), func(v Visit) bool { return v.Method+" "+v.Path != what })
}
