package store

import (
	"context"
	"errors"
)

// Knower is a [Store] that can tell whether it has a session without reading it.
type Knower interface {
	Knows(ctx context.Context, project, session string) (bool, error)
}

// Knows reports whether s has a session, as a [Knower] or by reading it.
func Knows(ctx context.Context, s Store, project, session string) (bool, error) {
	if k, ok := s.(Knower); ok {
		return k.Knows(ctx, project, session)
	}
	_, err := s.Session(ctx, project, session)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
