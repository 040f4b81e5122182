package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrations are the schema's steps: the first makes version 1 from an empty file.
var migrations = loadMigrations()

// completions end a step in the same transaction, by the version that it makes: what SQL alone cannot make of old rows.
var completions = map[int]func(context.Context, *sql.Tx) error{2: rebuildRollups}

// schemaVersion is the version this program writes, kept in the file's user_version.
var schemaVersion = len(migrations)

func loadMigrations() []string {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql") // in order of their names
	if err != nil {
		panic(err)
	}
	var steps []string
	for _, name := range names {
		text, err := migrationFiles.ReadFile(name)
		if err != nil {
			panic(err)
		}
		steps = append(steps, string(text))
	}
	return steps
}

// migrate brings the file behind db from its version to schemaVersion, a transaction a step. An empty file is set up first.
func migrate(ctx context.Context, db *sql.DB) error {
	h, err := schemaOf(ctx, db)
	if err != nil {
		return err
	}
	if err := h.check(); err != nil {
		return err
	}
	if err := setUp(ctx, db, h); err != nil {
		return err
	}
	for done := false; !done; {
		if done, err = step(ctx, db); err != nil {
			return err
		}
	}
	return nil
}

// advance brings the schema to a version from the one before.
func advance(ctx context.Context, tx *sql.Tx, version int) error {
	if _, err := tx.ExecContext(ctx, migrations[version-1]); err != nil {
		return err
	}
	if complete := completions[version]; complete != nil {
		return complete(ctx, tx)
	}
	return nil
}

// schemaOf reads what readHeader does, log included, at one moment: another process may be setting the file up.
func schemaOf(ctx context.Context, db *sql.DB) (header, error) {
	var h header
	const query = `SELECT v.user_version, a.application_id, NOT EXISTS (SELECT 1 FROM sqlite_schema) FROM pragma_user_version v, pragma_application_id a`
	if err := db.QueryRowContext(ctx, query).Scan(&h.version, &h.application, &h.empty); err != nil {
		return h, err
	}
	if h.version == 0 && !h.empty {
		return h, errForeign
	}
	return h, nil
}

// setUp sets what a file keeps for good; auto_vacuum must come before anything is written.
func setUp(ctx context.Context, db *sql.DB, h header) error {
	pragmas := []string{`PRAGMA journal_mode = WAL`}
	if h.empty {
		pragmas = []string{`PRAGMA page_size = 8192`, `PRAGMA auto_vacuum = INCREMENTAL`, `PRAGMA journal_mode = WAL`, fmt.Sprintf(`PRAGMA application_id = %d`, applicationID)}
	}
	for _, p := range pragmas {
		if _, err := db.ExecContext(ctx, p); err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
	}
	return nil
}

// step applies the next migration, if there is one. The version is read inside the transaction: another process may migrate at the same time.
func step(ctx context.Context, db *sql.DB) (done bool, err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer func() { _ = tx.Rollback() }()
	var version int
	if err := tx.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
		return false, err
	}
	if version >= schemaVersion {
		return true, nil
	}
	if err := advance(ctx, tx, version+1); err != nil {
		return false, fmt.Errorf("migration %d: %w", version+1, err)
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf(`PRAGMA user_version = %d`, version+1)); err != nil {
		return false, err
	}
	return false, tx.Commit()
}
