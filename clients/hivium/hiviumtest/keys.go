package hiviumtest

import (
	"crypto/rand"
	"net/http"
	"slices"
	"strings"
	"time"
)

var scopes = []string{"contacts:write", "contacts:read", "conversations:read", "messages:write", "messages:read", "agents:read"}

// key is an API key with the times of its requests in the window.
type key struct {
	text    string
	scopes  []string
	revoked bool
	log     []time.Time // the oldest first
}

// NewKey makes another key.
func (s *Server) NewKey(scopes ...string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := &key{text: "sk_test_" + rand.Text(), scopes: slices.Clone(scopes)}
	s.keys[k.text] = k
	return k.text
}

// RevokeKey ends a key at once.
func (s *Server) RevokeKey(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if k := s.keys[text]; k != nil {
		k.revoked = true
	}
}

// keyOf is the key that a request shows, nil if it is none or none any more.
func (s *Server) keyOf(r *http.Request) *key {
	text, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if k := s.keys[text]; ok && k != nil && !k.revoked {
		return k
	}
	return nil
}

// admit finds out who asks, whether they may, and whether it is not too often.
func (s *Server) admit(x *exchange, scope string) *refusal {
	if x.key = s.keyOf(x.r); x.key == nil {
		s.limits(x, nil)
		return refuse(http.StatusUnauthorized, "invalid_api_key", "The API key is missing or revoked.")
	}
	if refused := s.meter(x); refused != nil {
		return refused
	}
	if scope != open && !slices.Contains(x.key.scopes, scope) {
		return refuse(http.StatusForbidden, "insufficient_scope", "The API key lacks the scope "+scope+".")
	}
	return nil
}
