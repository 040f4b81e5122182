package server

import (
	"context"
	"log/slog"
	"net/http"
)

// What is written down of who did it.
const (
	auditKeyCreate     = "key.create"
	auditKeyRevoke     = "key.revoke"
	auditSessionDelete = "session.delete"
	auditUserForget    = "user.forget"
)

// audit writes down that the caller of r did something to subject that cannot be undone or gives something away. It is called after it
// happened, with ids only: never with a secret.
func (s *Server) audit(r *http.Request, action, project, subject string) {
	e := exchangeOf(r)
	s.auditLog.LogAttrs(context.WithoutCancel(r.Context()), slog.LevelInfo, "audit",
		slog.String("action", action), slog.String("project", project), slog.String("subject", unkeyed(r, subject)),
		slog.String("by", e.caller.name()), slog.String("remote", remoteOf(r).String()), slog.String("request_id", e.id))
}
