package server

import (
	"errors"
	"net/http"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

// createSession begins a session. The server makes its id, but for our SDK, which may say it again: then it acts as an update.
func (s *Server) createSession(r *http.Request, in *hostedRequest) (any, error) {
	t := translate(in)
	id := textOf(t.meta.own(ownSession))
	if id == "" {
		id = newID("sess_", in.now)
	}
	t.sessionStart(id)
	text, err := t.finish()
	if err != nil {
		return nil, err
	}
	if err := s.keepHosted(r.Context(), in, text); err != nil {
		return nil, err
	}
	session, err := s.store.Session(r.Context(), in.project, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, invalid("metadata.event_id: %s is the id of an event of another session", quote(t.id))
	}
	if err != nil {
		return nil, err
	}
	return newHostedSession(&session), nil
}

func (t *translation) sessionStart(id string) {
	t.begin(types.EventSessionStart, id)
	t.lift(ownTrace, t.meta.own)
	t.out.raw("name", t.need("name"))
	t.out.raw("agent_name", t.need("agentName"))
	t.out.raw("user_id", t.need("userId"))
	t.lift(sessionFacts, t.meta.lift)
}
