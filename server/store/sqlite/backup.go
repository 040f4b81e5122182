package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
)

// Backup writes the store as it is at one moment into a file, without holding anybody up: also while a server writes it, from a store that is
// open for reading only. The file must be missing or empty; nothing but what is in use is copied, and the copy is checked before Backup
// returns. A copy that failed is left behind.
func (s *Store) Backup(ctx context.Context, path string) error {
	file, err := locate(path)
	if err != nil {
		return err
	}
	if err := createPrivate(file); err != nil {
		return err
	}
	if info, err := os.Stat(file); err != nil {
		return err
	} else if info.Size() > 0 {
		return fmt.Errorf("%s is not empty", file)
	}
	if err := s.vacuumInto(ctx, file); err != nil {
		return err
	}
	return check(ctx, file)
}

// vacuumInto copies on a connection of its own kind: those that read may write nothing, not even another file.
func (s *Store) vacuumInto(ctx context.Context, file string) error {
	conn, err := s.read.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.ExecContext(ctx, `PRAGMA query_only = 0`); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, `VACUUM INTO ?`, file)
	_, restored := conn.ExecContext(context.WithoutCancel(ctx), `PRAGMA query_only = 1`)
	return errors.Join(err, restored)
}

// check reads a file and reports what is damaged in it.
func check(ctx context.Context, file string) error {
	db, err := openReadOnly(ctx, file)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	return quickCheck(ctx, db)
}

// Check reads the whole file and reports what is damaged in it.
func (s *Store) Check(ctx context.Context) error { return quickCheck(ctx, s.read) }

// maxDamages is how many findings an error names.
const maxDamages = 10

func quickCheck(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, `PRAGMA quick_check(10)`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var found []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		if text != "ok" && len(found) < maxDamages {
			found = append(found, text)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if len(found) > 0 {
		return fmt.Errorf("the file is damaged: %s", strings.Join(found, "; "))
	}
	return nil
}

// VersionOf is the version of the schema that a file has, without opening it as a store: also of a file that is newer than this program.
func VersionOf(file string) (version, known int, err error) {
	h, err := readHeader(file)
	return h.version, schemaVersion, err
}
