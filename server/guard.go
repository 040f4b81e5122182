package server

import "net/http"

// guarded lets requests through to next that come from where they may, and not too many of them. What the key must allow is the route's.
func (s *Server) guarded(next http.Handler) http.Handler {
	if s.trusted {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			exchangeOf(r).caller = caller{trusted: true}
			next.ServeHTTP(w, r)
		})
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
		if err := s.admit(w, r); err != nil {
			s.fail(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// admit finds out who calls. A request that a page smuggled in is nobody's: it must not spend what the key's owner may ask.
func (s *Server) admit(w http.ResponseWriter, r *http.Request) error {
	c := &exchangeOf(r).caller
	stranger := s.stranger(r)
	if stranger == nil {
		*c = s.identify(r)
	}
	if err := s.pace(w, r, c); err != nil {
		return err
	}
	return stranger
}
