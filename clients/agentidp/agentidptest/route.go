package agentidptest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
)

// exchange is one request, with who sent it.
type exchange struct {
	r      *http.Request
	token  *token // nil where none is asked for
	status int    // of the reply; 0 = 200
	body   []byte // of the request
}

// refusal is the error of the API.
type refusal struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	status  int
}

// oauthRefusal is the error of the endpoints of OAuth 2.0.
type oauthRefusal struct {
	Code        string `json:"error"`
	Description string `json:"error_description"`
	status      int
}

// handler answers under the lock; nil is a reply without a body.
type handler func(*exchange) any

func (s *Server) route() {
	s.routes = http.NewServeMux()
	for _, e := range []struct {
		operation, pattern, scope string
		answer                    handler
	}{
		{"tokens.issue", "POST /api/v1/token", open, s.issue},
		{"tokens.introspect", "POST /api/v1/token/introspect", open, s.introspect},
		{"tokens.revoke", "POST /api/v1/token/revoke", anyToken, s.revoke},
		{"agents.register", "POST /api/v1/agents", "agents:write", s.register},
		{"agents.list", "GET /api/v1/agents", "agents:read", s.listAgents},
		{"agents.get", "GET /api/v1/agents/{agent}", "agents:read", s.getAgent},
		{"agents.update", "PATCH /api/v1/agents/{agent}", "agents:write", s.updateAgent},
		{"agents.decommission", "DELETE /api/v1/agents/{agent}", "agents:write", s.decommission},
		{"credentials.generate", "POST /api/v1/agents/{agent}/credentials", "agents:write", s.generate},
		{"credentials.list", "GET /api/v1/agents/{agent}/credentials", "agents:read", s.listCredentials},
		{"credentials.rotate", "POST /api/v1/agents/{agent}/credentials/{credential}/rotate", "agents:write", s.rotate},
		{"credentials.revoke", "DELETE /api/v1/agents/{agent}/credentials/{credential}", "agents:write", s.revokeCredential},
		{"audit.query", "GET /api/v1/audit", "audit:read", s.queryAudit},
		{"audit.get", "GET /api/v1/audit/{event}", "audit:read", s.getEvent},
	} {
		s.routes.HandleFunc(e.pattern, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, e.operation, e.scope, e.answer) })
	}
	s.routes.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		write(w, http.StatusNotFound, refusal{Code: "NotFoundError", Message: "no such endpoint"})
	})
}

const maxBody = 1 << 20

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.routes.ServeHTTP(w, r) }

func (s *Server) serve(w http.ResponseWriter, r *http.Request, operation, scope string, answer handler) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		write(w, http.StatusBadRequest, refusal{Code: "ValidationError", Message: "the body could not be read"})
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body)) // for a fault that looks at it
	next := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.answer(w, &exchange{r: r, body: body}, scope, answer) })
	if fault := s.faults.Next(operation); fault != nil {
		fault(w, r, next)
		return
	}
	next(w, r)
}

func (s *Server) answer(w http.ResponseWriter, x *exchange, scope string, answer handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var reply any
	if refused := s.admit(x, scope); refused != nil {
		reply = *refused
	} else {
		reply = answer(x)
	}
	switch e := reply.(type) {
	case refusal:
		x.status = e.status
	case oauthRefusal:
		x.status = e.status
	case nil:
		x.status = http.StatusNoContent
	}
	write(w, max(x.status, http.StatusOK), reply)
}

func write(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Cache-Control", "no-store")
	if v == nil {
		w.WriteHeader(status)
		return
	}
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a client that went away is nobody's error
}

// page cuts a part out of a list, as page and limit say.
func page[T any](x *exchange, all []T) any {
	number, limit := whole(x, "page", 1, 1<<20), whole(x, "limit", 20, 100)
	if number < 0 || limit < 0 {
		return refusal{"ValidationError", "page and limit must be positive numbers, limit at most 100", http.StatusBadRequest}
	}
	from := min((number-1)*limit, len(all))
	data := append([]T{}, all[from:min(from+limit, len(all))]...)
	return map[string]any{"data": data, "total": len(all), "page": number, "limit": limit}
}

// whole reads a number; -1 is none.
func whole(x *exchange, name string, otherwise, most int) int {
	text := x.r.URL.Query().Get(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return -1
	}
	return n
}
