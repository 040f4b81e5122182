package server

import (
	"context"
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
		id = newID("sess_")
	}
	t.sessionStart(id)
	text, err := t.finish()
	if err != nil {
		return nil, err
	}
	sent, err := s.storeHosted(r.Context(), in, text)
	if err != nil {
		return nil, err
	}
	session, err := s.started(r.Context(), in, id, &sent.events[0])
	return newHostedSession(&session), err
}

func (t *translation) sessionStart(id string) {
	t.begin(types.EventSessionStart, id)
	t.lift(ownTrace, t.meta.own)
	t.out.raw("name", t.need("name"))
	t.out.raw("agent_name", t.need("agentName"))
	t.out.raw("user_id", t.need("userId"))
	t.lift(sessionFacts, t.meta.lift)
}

// started is the session that e began, as it is. A program that cannot send its request again must not depend on what may fail after the commit.
func (s *Server) started(ctx context.Context, in *hostedRequest, id string, e *store.Event) (store.Session, error) {
	if in.client.ID != "" {
		return s.hostedSession(ctx, in, id)
	}
	session := store.NewSession(in.project, id)
	session.Fold(e)
	return session, nil
}

// hostedSession finds the session of a request.
func (s *Server) hostedSession(ctx context.Context, in *hostedRequest, id string) (store.Session, error) {
	session, err := s.store.Session(ctx, in.project, id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return session, unknownSession(id)
	case err != nil:
		return session, notLookedUp(err)
	}
	return session, nil
}

// mustKnow is hostedSession for who needs no more than that it is there.
func (s *Server) mustKnow(ctx context.Context, in *hostedRequest, id string) error {
	known, err := store.Knows(ctx, s.store, in.project, id)
	switch {
	case err != nil:
		return notLookedUp(err)
	case !known:
		return unknownSession(id)
	}
	return nil
}

func unknownSession(id string) error { return notFound("no session " + quote(id) + " in this project") }

// notLookedUp is of a store that fails: it may succeed when the request comes again.
func notLookedUp(err error) error {
	return unavailable("the session could not be looked up, send this again", err)
}
