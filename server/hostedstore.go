package server

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/sentrial/sentrial-go/types"
)

// decodeHosted makes an event of its text the way a batch's are made, and refuses what package types could not read back.
func (s *Server) decodeHosted(text []byte) (*sentBatch, error) {
	sent, err := decodeRequest(slices.Concat([]byte(`{"events":[`), text, []byte(`]}`)), s.limits)
	if err != nil {
		return nil, err
	}
	for _, r := range sent.rejected {
		return nil, s.refused(r)
	}
	var e types.Event
	if err := json.Unmarshal(text, &e); err != nil {
		return nil, invalid("the event made of this request: %v", err)
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
	_, err := s.keep(ctx, in.project, sent)
	return err
}
