package server

import (
	"errors"
	"log/slog"
	"net/http"

	"github.com/sentrial/sentrial-go/server/store"
)

// deleteSession erases a session for good.
func (s *Server) deleteSession(w http.ResponseWriter, r *http.Request) error {
	project, err := projectOf(r)
	if err != nil {
		return err
	}
	if _, err := readParams(r, nil); err != nil {
		return err
	}
	gone, err := s.store.EraseSession(r.Context(), project, r.PathValue("id"), s.now())
	switch {
	case gone.Sessions > 0: // it is gone, whatever else failed
		s.audit(r, auditSessionDelete, project, r.PathValue("id"))
		s.leftBehind(r, err)
		w.WriteHeader(http.StatusNoContent)
		return nil
	case errors.Is(err, store.ErrNotFound):
		return noSession(r)
	}
	return unavailable("the session could not be deleted, send this again", err)
}

// leftBehind logs why what a deleted session leaves behind is still there: the next maintenance removes it.
func (s *Server) leftBehind(r *http.Request, err error) {
	if err != nil {
		s.log.LogAttrs(r.Context(), slog.LevelError, "a session was deleted, the rest of it is left to maintenance",
			slog.String("request_id", requestID(r)), slog.String("error", unkeyed(r, err.Error())))
	}
}

// forgetUser erases every session of a user.
func (s *Server) forgetUser(w http.ResponseWriter, r *http.Request) error {
	project, err := projectOf(r)
	if err != nil {
		return err
	}
	if _, err := readParams(r, nil); err != nil {
		return err
	}
	gone, err := s.store.EraseUser(r.Context(), project, r.PathValue("id"), s.now())
	s.audit(r, auditUserForget, project, r.PathValue("id")) // also when only a part of it is gone
	if err != nil {
		return unavailable("not all could be deleted; the server goes on with what it began, send this again for the rest", err)
	}
	writeJSON(w, http.StatusOK, struct {
		Sessions int64 `json:"sessions"`
		Events   int64 `json:"events"`
	}{gone.Sessions, gone.Events})
	return nil
}
