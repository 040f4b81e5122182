package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
)

const (
	insertKeySQL = `INSERT INTO keys (id, project, name, prefix, hash, scopes, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
	revokeKeySQL = `UPDATE keys SET revoked_at = coalesce(revoked_at, ?) WHERE project = ? AND id = ?`
	touchKeySQL  = `UPDATE keys SET last_used_at = ? WHERE project = ? AND id = ? AND coalesce(last_used_at, 0) < ?`

	selectKey = `SELECT id, project, coalesce(name, ''), prefix, hash, scopes, created_at, coalesce(expires_at, 0), coalesce(revoked_at, 0),
    coalesce(last_used_at, 0) FROM keys`
)

// CreateKey implements [store.Keys].
func (s *Store) CreateKey(ctx context.Context, k store.Key) error {
	n, err := s.writeKey(ctx, func(st *statements) *sql.Stmt { return st.insertKey }, k.ID, k.Project, nullText(k.Name), k.Prefix, k.Hash[:],
		strings.Join(k.Scopes, " "), k.CreatedAt.UnixNano(), nullTime(k.ExpiresAt))
	if err == nil && n == 0 {
		return store.ErrExists
	}
	return err
}

// RevokeKey implements [store.Keys].
func (s *Store) RevokeKey(ctx context.Context, project, id string, at time.Time) error {
	n, err := s.writeKey(ctx, func(st *statements) *sql.Stmt { return st.revokeKey }, at.UnixNano(), project, id)
	if err == nil && n == 0 {
		return store.ErrNotFound
	}
	return err
}

// TouchKey implements [store.Keys].
func (s *Store) TouchKey(ctx context.Context, project, id string, at time.Time) error {
	_, err := s.writeKey(ctx, func(st *statements) *sql.Stmt { return st.touchKey }, at.UnixNano(), project, id, at.UnixNano())
	return err
}

// writeKey runs one statement in a transaction of its own and returns how many keys it was about.
func (s *Store) writeKey(ctx context.Context, which func(*statements) *sql.Stmt, args ...any) (n int64, err error) {
	if s.writer == nil {
		return 0, store.ErrReadOnly
	}
	err = s.writer.transact(ctx, func(ctx context.Context, tx *sql.Tx) error {
		res, err := tx.StmtContext(ctx, which(&s.writer.stmt)).ExecContext(ctx, args...)
		if err != nil {
			return err
		}
		n, err = res.RowsAffected()
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("write a key: %w", err)
	}
	return n, nil
}

// KeyByPrefix implements [store.Keys].
func (s *Store) KeyByPrefix(ctx context.Context, prefix string) (store.Key, error) {
	k, err := readKey(s.read.QueryRowContext(ctx, selectKey+` WHERE prefix = ?`, prefix))
	if errors.Is(err, sql.ErrNoRows) {
		return store.Key{}, store.ErrNotFound
	}
	return k, err
}

// ListKeys implements [store.Keys].
func (s *Store) ListKeys(ctx context.Context, project string) ([]store.Key, error) {
	rows, err := s.read.QueryContext(ctx, selectKey+` WHERE ? = '' OR project = ? ORDER BY created_at, id`, project, project)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var keys []store.Key
	for rows.Next() {
		k, err := readKey(rows)
		if err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	return keys, rows.Err()
}

// HasKeys implements [store.Keys].
func (s *Store) HasKeys(ctx context.Context) (has bool, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM keys)`).Scan(&has)
	return has, err
}

func readKey(row scanner) (store.Key, error) {
	var k store.Key
	var hash []byte
	var scopes string
	var created, expires, revoked, used int64
	if err := row.Scan(&k.ID, &k.Project, &k.Name, &k.Prefix, &hash, &scopes, &created, &expires, &revoked, &used); err != nil {
		return k, err
	}
	if copy(k.Hash[:], hash) != len(k.Hash) {
		return k, fmt.Errorf("key %s: its hash has %d bytes", k.ID, len(hash))
	}
	k.Scopes, k.CreatedAt = strings.Fields(scopes), timeOf(created)
	k.ExpiresAt, k.RevokedAt, k.LastUsedAt = timeOrNone(expires), timeOrNone(revoked), timeOrNone(used)
	return k, nil
}

// timeOrNone is timeOf for columns whose 0 is no time.
func timeOrNone(nanos int64) time.Time {
	if nanos == 0 {
		return time.Time{}
	}
	return timeOf(nanos)
}
