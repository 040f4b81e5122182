package server

import (
	"errors"
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
	_, err = s.store.EraseSession(r.Context(), project, r.PathValue("id"), s.now())
	if errors.Is(err, store.ErrNotFound) {
		return noSession(r)
	}
	if err != nil {
		return notErased(err)
	}
	s.audit(r, auditSessionDelete, project, r.PathValue("id"))
	w.WriteHeader(http.StatusNoContent)
	return nil
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
		return notErased(err)
	}
	writeJSON(w, http.StatusOK, struct {
		Sessions int64 `json:"sessions"`
		Events   int64 `json:"events"`
	}{gone.Sessions, gone.Events})
	return nil
}

func notErased(err error) error {
	return unavailable("not all could be deleted; the server goes on with what it began, send this again for the rest", err)
}
