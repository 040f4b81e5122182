package sentineltest

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// firstToken is valid from the beginning.
const firstToken = "sentinel-test-token"

// grant is what a token may do.
type grant struct {
	expires   time.Time // zero = never
	forbidden bool
	seen      []time.Time // requests within the window of the rate limit
}

// Token is an access token that is valid until Expire.
func (s *Server) Token() string { return firstToken }

// Issue makes another token, valid for so long; 0 means until Expire.
func (s *Server) Issue(valid time.Duration) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ids["token"]++
	token := fmt.Sprintf("%s-%d", firstToken, s.ids["token"])
	g := &grant{}
	if valid > 0 {
		g.expires = time.Now().Add(valid)
	}
	s.tokens[token] = g
	return token
}

// Expire ends a token: what comes with it is refused with 401.
func (s *Server) Expire(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.tokens, token)
}

// Forbid takes a token's permissions: what comes with it is refused with 403.
func (s *Server) Forbid(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.tokens[token]; g != nil {
		g.forbidden = true
	}
}

func bearer(r *http.Request) string {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return token
}

// authorize gives the reply to a request without a valid token, nil to others.
func (s *Server) authorize(r *http.Request) *reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.tokens[bearer(r)]
	switch {
	case bearer(r) == "":
		return unauthorized("Not authenticated")
	case g == nil:
		return unauthorized("Invalid access token")
	case !g.expires.IsZero() && !time.Now().Before(g.expires):
		return unauthorized("Access token expired")
	case g.forbidden:
		return failed(http.StatusForbidden, "Not enough permissions")
	}
	return nil
}

func unauthorized(detail string) *reply {
	r := failed(http.StatusUnauthorized, detail)
	r.header.Set("WWW-Authenticate", "Bearer")
	return r
}
