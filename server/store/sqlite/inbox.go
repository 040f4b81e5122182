package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/sentrial/sentrial-go/server/store"
)

// maxInboxPage bounds, in bytes as they are kept or so, what ReadInbox returns at a time.
const maxInboxPage = 16 << 20

const (
	insertInboxSQL     = `INSERT INTO inbox (project, signal, form, received_at, size, encoding, body) VALUES (?, ?, ?, ?, ?, ?, ?)`
	deleteInboxSQL     = `DELETE FROM inbox WHERE id = ?`
	deleteInboxDoneSQL = `DELETE FROM inbox_done WHERE request = ?`
	insertInboxDoneSQL = `INSERT OR IGNORE INTO inbox_done (request, part) SELECT id, ? FROM inbox WHERE id = ?`

	selectInboxSQL     = `SELECT id, project, signal, form, received_at, size, encoding, body FROM inbox WHERE id > ? ORDER BY id LIMIT ?`
	selectInboxDoneSQL = `SELECT part FROM inbox_done WHERE request = ? ORDER BY part`
)

// KeepInbox implements [store.Inbox].
func (s *Store) KeepInbox(ctx context.Context, r store.InboxRequest) (id int64, err error) {
	if s.writer == nil {
		return 0, store.ErrReadOnly
	}
	b := s.payload.pack(r.Body)
	if b.data == nil {
		b.data = []byte{}
	}
	err = s.writer.transact(ctx, func(ctx context.Context, tx *sql.Tx) error {
		res, err := tx.StmtContext(ctx, s.writer.stmt.insertInbox).ExecContext(ctx, r.Project, r.Signal, r.Form, r.ReceivedAt.UnixNano(), len(r.Body), b.encoding, b.data)
		if err != nil {
			return err
		}
		id, err = res.LastInsertId()
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("keep a request: %w", err)
	}
	return id, nil
}

// SettleInbox implements [store.Inbox].
func (s *Store) SettleInbox(ctx context.Context, done []int64, parts []store.InboxPart) error {
	switch {
	case s.writer == nil:
		return store.ErrReadOnly
	case len(done) == 0 && len(parts) == 0:
		return nil
	}
	err := s.writer.transact(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, id := range done {
			for _, text := range []string{deleteInboxSQL, deleteInboxDoneSQL} {
				if _, err := tx.ExecContext(ctx, text, id); err != nil {
					return err
				}
			}
		}
		for _, p := range parts {
			if _, err := tx.ExecContext(ctx, insertInboxDoneSQL, p.Part, p.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("settle requests: %w", err)
	}
	return nil
}

// ReadInbox implements [store.Inbox].
func (s *Store) ReadInbox(ctx context.Context, after int64, limit int) ([]store.InboxRequest, error) {
	all, err := s.readInbox(ctx, after, limit)
	for i := range all {
		if err == nil {
			all[i].Done, err = s.readInboxDone(ctx, all[i].ID)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("read requests: %w", err)
	}
	return all, nil
}

func (s *Store) readInbox(ctx context.Context, after int64, limit int) ([]store.InboxRequest, error) {
	rows, err := s.read.QueryContext(ctx, selectInboxSQL, after, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []store.InboxRequest
	for bytes := 0; bytes < maxInboxPage && rows.Next(); {
		r, err := s.scanInbox(rows)
		if err != nil {
			return nil, err
		}
		bytes += len(r.Body)
		all = append(all, r)
	}
	return all, rows.Err()
}

func (s *Store) scanInbox(row scanner) (store.InboxRequest, error) {
	var r store.InboxRequest
	var received int64
	var size int
	var b body
	if err := row.Scan(&r.ID, &r.Project, &r.Signal, &r.Form, &received, &size, &b.encoding, &b.data); err != nil {
		return r, err
	}
	r.ReceivedAt = timeOf(received)
	var err error
	if r.Body, err = s.payload.unpack(b); err != nil || len(r.Body) != size {
		r.Form, r.Body = 0, nil // what is damaged must not keep others back
	}
	return r, nil
}

func (s *Store) readInboxDone(ctx context.Context, id int64) ([][]byte, error) {
	rows, err := s.read.QueryContext(ctx, selectInboxDoneSQL, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var parts [][]byte
	for rows.Next() {
		var part []byte
		if err := rows.Scan(&part); err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	return parts, rows.Err()
}
