package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
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

// LimitPages bounds how large the file may get.
func (s *Store) LimitPages(n int) {
	err := s.writer.alone(context.Background(), func(ctx context.Context, db *sql.DB) error {
		_, err := db.ExecContext(ctx, fmt.Sprintf(`PRAGMA max_page_count = %d`, n))
		return err
	})
	if err != nil {
		panic(err)
	}
}

// FillAndDelete stores a payload of so many bytes and removes the sessions with the ten first keys, in one transaction.
func (s *Store) FillAndDelete(ctx context.Context, project string, bytes int) error {
	return s.change(ctx, project, func(in *ingestion) error {
		errs := []error{in.exec(in.stmt.insertPayload, int64(1)<<40, project, encodingPlain, make([]byte, bytes))}
		for key := range 10 {
			errs = append(errs, in.exec(in.stmt.deleteSession, key))
		}
		return errors.Join(errs...)
	})
}
