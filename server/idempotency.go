package server

import (
	"context"
	"errors"
	"net/http"

	"github.com/sentrial/sentrial-go/server/store"
)

// maxKey bounds an idempotency key.
const maxKey = 255

// idempotencyKey is the request's Idempotency-Key, "" when it has none.
func idempotencyKey(r *http.Request) (string, error) {
	values := r.Header.Values("Idempotency-Key")
	switch {
	case len(values) == 0:
		return "", nil
	case len(values) == 1 && validKey(values[0]):
		return values[0], nil
	}
	return "", invalid("Idempotency-Key: expected one of 1 to %d printable ASCII characters", maxKey)
}

func validKey(key string) bool {
	for i := range len(key) {
		if key[i] < ' ' || key[i] > '~' {
			return false
		}
	}
	return key != "" && len(key) <= maxKey
}

// keepOnce stores the valid events of a request unless one with its key was answered before, and returns the reply that was given then.
func (s *Server) keepOnce(ctx context.Context, project string, sent *sentBatch, key string) (store.Receipt, error) {
	var reply ingestReply
	batch := s.batchOf(project, sent)
	batch.Idempotency = &store.Idempotency{Key: key, Hash: sent.hash, Reply: func(outcomes []store.Outcome) []byte {
		reply = sent.reply(outcomes)
		return encoded(reply)
	}}
	receipt, err := s.store.Ingest(ctx, batch)
	if !receipt.Replayed {
		s.noteIngest(project, sent, reply, err)
	}
	switch {
	case errors.Is(err, store.ErrConflict):
		return receipt, &apiError{
			status: http.StatusConflict, code: codeConflict, message: "other events came with this Idempotency-Key before: send these with another one",
		}
	case err != nil:
		return receipt, notStored(err)
	}
	return receipt, nil
}
