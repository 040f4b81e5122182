package sqlite

import (
	"context"
	"time"
)

// InterruptErasing does the first part of EraseSession, as if the process had ended then.
func (s *Store) InterruptErasing(ctx context.Context, project, id string) {
	err := s.change(ctx, project, func(in *ingestion) error {
		session, err := in.stored(id)
		if err != nil {
			return err
		}
		return in.erase(session, time.Unix(0, 0))
	})
	if err != nil {
		panic(err)
	}
}
