package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	driver "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// openReadOnly returns a pool that cannot write. Reading beside a writer needs the writer's shared memory file, which SQLite makes when it
// can; where it cannot and no log is there either, the file is complete by itself and is read as immutable.
func openReadOnly(ctx context.Context, file string) (*sql.DB, error) {
	h, err := readHeader(file)
	if err != nil {
		return nil, err
	}
	if err := h.check(); err != nil {
		return nil, err
	}
	db, err := openChecked(ctx, file, "mode=ro")
	switch {
	case err == nil || !unwritable(err):
		return db, err
	case hasLog(file):
		name := filepath.Base(file)
		return nil, fmt.Errorf("its log %s-wal needs an index and the directory cannot be written: copy %s and %s-wal to where it can: %w", name, name, name, err)
	}
	return openChecked(ctx, file, "immutable=1&mode=ro")
}

func openChecked(ctx context.Context, file, query string) (*sql.DB, error) {
	db, err := openPool(file, query, readerPragmas...)
	if err != nil {
		return nil, err
	}
	if err := checkCurrent(ctx, db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// checkCurrent refuses a schema that would have to be migrated first.
func checkCurrent(ctx context.Context, db *sql.DB) error {
	h, err := schemaOf(ctx, db)
	if err != nil {
		return err
	}
	if err := h.check(); err != nil {
		return err
	}
	if h.version < schemaVersion {
		return fmt.Errorf("its schema is version %d, reading needs %d: open it for writing once", h.version, schemaVersion)
	}
	return nil
}

// unwritable reports whether SQLite failed for want of a file it may not make.
func unwritable(err error) bool {
	var e *driver.Error
	if !errors.As(err, &e) {
		return false
	}
	code := e.Code() & 0xff
	return code == lib.SQLITE_CANTOPEN || code == lib.SQLITE_READONLY
}

func hasLog(file string) bool {
	info, err := os.Stat(file + "-wal")
	return err == nil && info.Size() > 0
}
