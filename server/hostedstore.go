package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"github.com/sentrial/sentrial-go/server/store"
)

// decodeHosted makes an event of its text the way a batch's are made.
func (s *Server) decodeHosted(text []byte) (*sentBatch, error) {
	sent, err := decodeRequest(slices.Concat([]byte(`{"events":[`), text, []byte(`]}`)), s.limits)
	if err != nil {
		return nil, err
	}
	for _, r := range sent.rejected {
		return nil, s.refused(r)
	}
	return sent, nil
}

// refused is the reply to a request whose event is not stored.
func (s *Server) refused(r rejection) error {
	if r.Code == codeTooLarge {
		return tooLarge(s.limits, "%s", r.Message)
	}
	return &apiError{status: http.StatusBadRequest, code: r.Code, message: r.Message}
}

// storeHosted stores the event of that text.
func (s *Server) storeHosted(ctx context.Context, in *hostedRequest, text []byte) (*sentBatch, error) {
	sent, err := s.decodeHosted(text)
	if err != nil {
		return nil, err
	}
	return sent, s.keepHosted(ctx, in, sent)
}

func (s *Server) keepHosted(ctx context.Context, in *hostedRequest, sent *sentBatch) error {
	sent.client = in.client
	reply, err := s.keep(ctx, in.project, sent)
	switch {
	case err != nil:
		return err
	case len(reply.Rejected) > 0: // its session was deleted
		return s.refused(reply.Rejected[0]) // 404 would tell our SDK that the route is gone
	case reply.Duplicates == 0:
		return nil
	}
	return s.checkOrigin(ctx, in, &sent.events[0])
}

// checkOrigin refuses an event whose id was taken before by one of another session: nothing of it is stored.
func (s *Server) checkOrigin(ctx context.Context, in *hostedRequest, e *store.Event) error {
	stored, err := s.store.Event(ctx, in.project, e.ID)
	if errors.Is(err, store.ErrNotFound) { // gone meanwhile
		return nil
	}
	var first struct {
		SessionID string `json:"session_id"`
	}
	if err == nil {
		err = json.Unmarshal(stored.Raw, &first)
	}
	switch {
	case err != nil:
		return unavailable("the event could not be looked up, send this again", err)
	case first.SessionID != e.SessionID:
		return invalid("metadata.event_id: %s is the id of an event of another session", quote(e.ID))
	}
	return nil
}
