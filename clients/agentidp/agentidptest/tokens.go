package agentidptest

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// What an endpoint asks for besides the name of a scope.
const (
	open     = ""  // nothing, or what it looks at by itself
	anyToken = "*" // a token, whatever its scopes
)

var scopes = []string{"agents:read", "agents:write", "tokens:read", "audit:read"}

type token struct {
	text, client string
	scopes       []string
	issued       time.Time
	expires      time.Time
	revoked      bool
}

// good is the token of that text, nil if it is none or none any more.
func (s *Server) good(text string) *token {
	t := s.tokens[text]
	if t == nil || t.revoked || !time.Now().Before(t.expires) || s.agents[t.client].Status != "active" {
		return nil
	}
	return t
}

// admit finds out who asks, and whether they may.
func (s *Server) admit(x *exchange, scope string) *refusal {
	if scope == open {
		return nil
	}
	text, ok := strings.CutPrefix(x.r.Header.Get("Authorization"), "Bearer ")
	if x.token = s.good(text); !ok || x.token == nil {
		return &refusal{"UnauthorizedError", "the token is missing, expired or revoked", http.StatusUnauthorized}
	}
	if scope != anyToken && !slices.Contains(x.token.scopes, scope) {
		return &refusal{"InsufficientScopeError", "the token lacks the scope " + scope, http.StatusForbidden}
	}
	return nil
}

// form reads the body, and the client's ID and secret from there or from the header.
func form(x *exchange) (values url.Values, id, secret string, ok bool) {
	media, _, _ := strings.Cut(x.r.Header.Get("Content-Type"), ";")
	values, err := url.ParseQuery(string(x.body))
	if err != nil || strings.TrimSpace(media) != "application/x-www-form-urlencoded" {
		return nil, "", "", false
	}
	if id, secret, ok := x.r.BasicAuth(); ok {
		id, _ = url.QueryUnescape(id)
		secret, _ = url.QueryUnescape(secret)
		return values, id, secret, true
	}
	return values, values.Get("client_id"), values.Get("client_secret"), true
}

func (s *Server) issue(x *exchange) any {
	values, id, secret, ok := form(x)
	switch {
	case !ok:
		return oauthRefusal{"invalid_request", "a form is expected", http.StatusBadRequest}
	case values.Get("grant_type") != "client_credentials":
		return oauthRefusal{"unsupported_grant_type", "only client_credentials is supported", http.StatusBadRequest}
	case !s.proves(id, secret):
		s.note(x, id, "token.issued", "failure", nil)
		return oauthRefusal{"invalid_client", "unknown client or wrong secret", http.StatusUnauthorized}
	}
	asked := strings.Fields(values.Get("scope"))
	if len(asked) == 0 {
		asked = scopes
	}
	for _, scope := range asked {
		if !slices.Contains(scopes, scope) {
			return oauthRefusal{"invalid_scope", "there is no such scope", http.StatusBadRequest}
		}
	}
	now := time.Now()
	t := &token{"tok_" + rand.Text() + rand.Text(), id, asked, now, now.Add(s.lifetime), false}
	s.tokens[t.text] = t
	s.note(x, id, "token.issued", "success", map[string]any{"scope": strings.Join(asked, " ")})
	return map[string]any{"access_token": t.text, "token_type": "Bearer", "expires_in": int(s.lifetime / time.Second), "scope": strings.Join(asked, " ")}
}

// introspect takes a bearer token with tokens:read, as the document says, or a client's ID and secret, as RFC 7662 does.
func (s *Server) introspect(x *exchange) any {
	values, id, secret, ok := form(x)
	if !s.proves(id, secret) {
		if refused := s.admit(x, "tokens:read"); refused != nil {
			return *refused
		}
		id = x.token.client
	}
	if !ok || values.Get("token") == "" {
		return refusal{"ValidationError", "a form with token is expected", http.StatusBadRequest}
	}
	t := s.good(values.Get("token"))
	s.note(x, id, "token.introspected", "success", map[string]any{"active": t != nil})
	if t == nil {
		return map[string]any{"active": false}
	}
	return map[string]any{
		"active": true, "scope": strings.Join(t.scopes, " "), "client_id": t.client, "sub": t.client, "token_type": "Bearer",
		"exp": t.expires.Unix(), "iat": t.issued.Unix(),
	}
}

// revoke takes one's own token, and with tokens:read anybody's.
func (s *Server) revoke(x *exchange) any {
	values, _, _, ok := form(x)
	if !ok || values.Get("token") == "" {
		return refusal{"ValidationError", "a form with token is expected", http.StatusBadRequest}
	}
	t := s.tokens[values.Get("token")]
	switch {
	case t == nil:
		return map[string]any{} // RFC 7009: it is invalid, as was wanted
	case t.client != x.token.client && !slices.Contains(x.token.scopes, "tokens:read"):
		return refusal{"InsufficientScopeError", "the token lacks the scope tokens:read", http.StatusForbidden}
	}
	t.revoked = true
	s.note(x, t.client, "token.revoked", "success", nil)
	return map[string]any{}
}
