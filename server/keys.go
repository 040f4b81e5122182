package server

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
)

// keyBody is the JSON of a key. Its text is there once, in the reply that makes it.
type keyBody struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	Prefix     string     `json:"prefix"`
	Project    string     `json:"project"`
	Scopes     []string   `json:"scopes"`
	CreatedAt  time.Time  `json:"created_at"`
	ExpiresAt  *time.Time `json:"expires_at,omitempty"`
	RevokedAt  *time.Time `json:"revoked_at,omitempty"`
	LastUsedAt *time.Time `json:"last_used_at,omitempty"`
	Key        string     `json:"key,omitempty"`
}

func newKeyBody(k *store.Key) keyBody {
	return keyBody{
		ID: k.ID, Name: k.Name, Prefix: k.Prefix, Project: k.Project, Scopes: k.Scopes, CreatedAt: k.CreatedAt.UTC(),
		ExpiresAt: timeIfAny(k.ExpiresAt), RevokedAt: timeIfAny(k.RevokedAt), LastUsedAt: timeIfAny(k.LastUsedAt),
	}
}

func timeIfAny(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// listKeys shows the keys of the caller's project, the oldest first.
func (s *Server) listKeys(w http.ResponseWriter, r *http.Request) error {
	project, err := projectOf(r)
	if err != nil {
		return err
	}
	if _, err := readParams(r, nil); err != nil {
		return err
	}
	keys, err := s.store.ListKeys(r.Context(), project)
	if err != nil {
		return err
	}
	reply := struct {
		Data []keyBody `json:"data"`
	}{make([]keyBody, 0, len(keys))}
	for i := range keys {
		reply.Data = append(reply.Data, newKeyBody(&keys[i]))
	}
	writeJSON(w, http.StatusOK, reply)
	return nil
}

// createKey makes a key of the caller's project and shows its text, which is kept nowhere.
func (s *Server) createKey(w http.ResponseWriter, r *http.Request) error {
	project, err := projectOf(r)
	if err != nil {
		return err
	}
	if _, err := readParams(r, nil); err != nil {
		return err
	}
	now := s.now()
	key, err := s.readKeyRequest(w, r, now)
	if err != nil {
		return err
	}
	key.Project, key.CreatedAt = project, now.UTC()
	text, err := s.keepKey(r.Context(), &key)
	if err != nil {
		return unavailable("the key could not be stored, ask again", err)
	}
	s.keys.forget()
	s.audit(r, auditKeyCreate, project, key.ID)
	reply := newKeyBody(&key)
	reply.Key = text
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, http.StatusCreated, reply)
	return nil
}

// keepKey stores key under a new text, which it returns. That a prefix is taken happens once in a very long while.
func (s *Server) keepKey(ctx context.Context, key *store.Key) (text string, err error) {
	for range 3 {
		text = newKeyText()
		key.ID, key.Prefix, key.Hash = newID("key_"), text[:prefixLength], sha256.Sum256([]byte(text))
		if err = s.store.CreateKey(ctx, *key); !errors.Is(err, store.ErrExists) {
			return text, err
		}
	}
	return "", err
}

// revokeKey ends a key of the caller's project, at once here and within a second in other servers on the same file.
func (s *Server) revokeKey(w http.ResponseWriter, r *http.Request) error {
	project, err := projectOf(r)
	if err != nil {
		return err
	}
	if _, err := readParams(r, nil); err != nil {
		return err
	}
	id := r.PathValue("id")
	err = s.store.RevokeKey(r.Context(), project, id, s.now())
	switch {
	case errors.Is(err, store.ErrNotFound):
		return notFound("no key " + quote(id) + " in this project")
	case err != nil:
		return unavailable("the key could not be revoked, ask again", err)
	}
	s.keys.forget()
	s.audit(r, auditKeyRevoke, project, id)
	w.WriteHeader(http.StatusNoContent)
	return nil
}
