package hiviumtest

import (
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

// exchange is one request, with who sent it.
type exchange struct {
	r      *http.Request
	key    *key
	body   []byte      // of the request
	status int         // of the reply; 0 = 200
	header http.Header // of the reply
	id     string      // of the request
}

// refusal is the error of the API.
type refusal struct {
	status        int
	code, message string
}

func refuse(status int, code, message string) *refusal { return &refusal{status, code, message} }

func wrong(message string) *refusal {
	return refuse(http.StatusBadRequest, "validation_error", message)
}

// open is an endpoint that asks for no scope.
const open = ""

// handler answers under the lock; nil is a reply without a body.
type handler func(*exchange) (any, *refusal)

func (s *Server) route() {
	s.routes = http.NewServeMux()
	for _, e := range []struct {
		operation, pattern, scope string
		answer                    handler
	}{
		{"contacts.create", "POST /v1/contacts", "contacts:write", s.idempotent(s.createContact)},
		{"contacts.get", "GET /v1/contacts/{id}", "contacts:read", s.getContact},
		{"contacts.list", "GET /v1/contacts", "contacts:read", s.listContacts},
		{"contacts.update", "PATCH /v1/contacts/{id}", "contacts:write", s.updateContact},
		{"contacts.delete", "DELETE /v1/contacts/{id}", "contacts:write", s.deleteContact},
		{"conversations.list", "GET /v1/conversations", "conversations:read", s.listConversations},
		{"messages.send", "POST /v1/messages", "messages:write", s.idempotent(s.sendMessage)},
		{"messages.list", "GET /v1/messages", "messages:read", s.listMessages},
		{"agents.runs.list", "GET /v1/agents/runs", "agents:read", s.listRuns},
		{"openapi.get", "GET /v1/openapi.json", open, s.openAPI},
	} {
		s.routes.HandleFunc(e.pattern, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, e.operation, e.scope, e.answer) })
	}
	s.routes.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.serve(w, r, "unknown", open, func(*exchange) (any, *refusal) { return nil, notFound("endpoint") })
	})
}

func notFound(what string) *refusal {
	return refuse(http.StatusNotFound, "not_found", "The workspace has no such "+what+".")
}

const maxBody = 1 << 20

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.routes.ServeHTTP(w, r) }

func (s *Server) serve(w http.ResponseWriter, r *http.Request, operation, scope string, answer handler) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		write(w, http.StatusBadRequest, newRequestID(), wrong("The body cannot be read."))
		return
	}
	next := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.answer(w, &exchange{r: r, body: body, header: w.Header(), id: newRequestID()}, scope, answer)
	})
	if fault := s.faults.Next(operation); fault != nil {
		fault(w, r, next)
		return
	}
	next(w, r)
}

func (s *Server) answer(w http.ResponseWriter, x *exchange, scope string, answer handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	refused := s.admit(x, scope)
	var reply any
	if refused == nil {
		reply, refused = answer(x)
	}
	switch {
	case refused != nil:
		write(w, refused.status, x.id, refused)
	case reply == nil:
		write(w, http.StatusNoContent, x.id, nil)
	default:
		write(w, max(x.status, http.StatusOK), x.id, reply)
	}
}

func newRequestID() string { return "req_" + strings.ToLower(rand.Text()[:16]) }

func write(w http.ResponseWriter, status int, requestID string, v any) {
	w.Header().Set("X-Request-Id", requestID)
	if v == nil {
		w.WriteHeader(status)
		return
	}
	if refused, ok := v.(*refusal); ok {
		v = map[string]any{"error": map[string]string{"code": refused.code, "message": refused.message, "request_id": requestID}}
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a client that went away is nobody's error
}

// openAPI is a description that has no more than its kind.
func (s *Server) openAPI(*exchange) (any, *refusal) {
	return map[string]any{"openapi": "3.1.0", "info": map[string]string{"title": "Sentinel", "version": "1"}, "paths": map[string]any{}}, nil
}
