package server

import (
	"errors"
	"net/http"
	"slices"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

const (
	standardSessions = 50
	mostSessions     = 1000
)

var (
	sessionParams   = []string{"limit", "cursor", "status", "agent", "user", "conversation", "model", "tool", "q", "since", "until"}
	sessionStatuses = []types.Status{
		types.StatusActive, types.StatusSuccess, types.StatusError, types.StatusCancelled, types.StatusUnknown, types.StatusAbandoned,
	}
)

func (s *Server) listSessions(w http.ResponseWriter, r *http.Request) error {
	project, err := projectOf(r)
	if err != nil {
		return err
	}
	p, err := readParams(r, sessionParams)
	if err != nil {
		return err
	}
	q, err := s.sessionQuery(p)
	if err != nil {
		return err
	}
	list := p.list("sessions", project, sessionParams)
	after, err := parseCursor(p.text("cursor"), list)
	if err != nil {
		return err
	}
	q.After = after.sessionKey()
	page, err := s.store.Sessions(r.Context(), project, q)
	if err != nil {
		return err
	}
	reply := sessionListBody{Data: make([]sessionBody, 0, len(page.Sessions)), NextCursor: sessionCursor(list, page.Next)}
	for i := range page.Sessions {
		reply.Data = append(reply.Data, s.sessionBody(&page.Sessions[i]))
	}
	writeJSON(w, http.StatusOK, reply)
	return nil
}

func (s *Server) getSession(w http.ResponseWriter, r *http.Request) error {
	project, err := projectOf(r)
	if err != nil {
		return err
	}
	if _, err := readParams(r, nil); err != nil {
		return err
	}
	session, err := s.store.Session(r.Context(), project, r.PathValue("id"))
	if errors.Is(err, store.ErrNotFound) {
		return noSession(r)
	}
	if err != nil {
		return err
	}
	body := s.sessionBody(&session)
	if body.Gaps, err = s.gaps(r.Context(), &session); err != nil && !errors.Is(err, store.ErrNotFound) { // gone meanwhile
		return err
	}
	writeJSON(w, http.StatusOK, body)
	return nil
}

func noSession(r *http.Request) error {
	return notFound("no session " + quote(r.PathValue("id")) + " in this project")
}

func (s *Server) sessionQuery(p params) (store.SessionQuery, error) {
	q := store.SessionQuery{
		Status: types.Status(p.text("status")), IdleBefore: s.idleBefore(), Agent: p.text("agent"), User: p.text("user"), Conversation: p.text("conversation"),
		Model: p.text("model"), Tool: p.text("tool"), Text: p.text("q"),
	}
	if q.Status != "" && !slices.Contains(sessionStatuses, q.Status) {
		return q, invalid("status: expected one of %s, got %s", sessionStatuses, quote(string(q.Status)))
	}
	var err error
	if q.Since, q.Until, err = s.span(p); err != nil {
		return q, err
	}
	q.Limit, err = p.limit(standardSessions, mostSessions)
	return q, err
}
